"""Linings and back hems: cloth of another kind that belongs to the garment and looks out behind its front.

A garment's photo shows them at the neck and below the hem; a network that learnt its garments from masks that
colours agree on takes them for ground.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.sprites import Sprite

Field = NDArray[np.float32]
Rng = np.random.Generator
_LEAST = 24  # pixels of width and height below which no cloth can be told from a seam
_NECK_DEPTH = 0.22  # of the garment's height


def lined(rng: Rng, front: Sprite, cloth: NDArray[np.uint8]) -> Sprite:
    """The garment with its back seen in the neck, below the hem, or both.

    Args:
        rng: decides where the back shows and by how much.
        front: the garment as it was cut out.
        cloth: what the back is made of, (h, w, 3) uint8 of any size.
    """
    height, width = front.alpha.shape
    if min(height, width) < _LEAST:
        return front
    pick, drop = rng.random(), round(rng.uniform(0.02, 0.09) * height)
    canvas = _taller(front, drop)
    back = np.zeros_like(canvas.alpha)
    if pick < 0.7:
        back = np.maximum(back, _neck(rng, canvas.alpha))
    if pick > 0.45:
        back = np.maximum(back, _hem(rng, canvas.alpha, drop))
    return _behind(rng, canvas, back, cv2.resize(cloth, canvas.alpha.shape[::-1]))


def _taller(sprite: Sprite, more: int) -> Sprite:
    """Room below the garment."""

    def grown(field: Field) -> Field:
        return np.asarray(cv2.copyMakeBorder(field, 0, more, 0, 0, cv2.BORDER_CONSTANT), np.float32)

    colours = np.asarray(cv2.copyMakeBorder(sprite.bgr, 0, more, 0, 0, cv2.BORDER_REPLICATE), np.uint8)
    return replace(sprite, bgr=colours, alpha=grown(sprite.alpha), opacity=grown(sprite.opacity))


def _neck(rng: Rng, alpha: Field) -> Field:
    """What the hollow between the shoulders shows of the back: from its front edge up towards the line
    between both shoulders, in its middle third by width.
    """
    height, width = alpha.shape
    cover = alpha > 0.5
    top = np.where(cover.any(0), cover.argmax(0), height).astype(np.float32)
    columns = np.arange(width)
    near = columns[round(0.15 * width) : round(0.85 * width)]
    left, right = near[: len(near) // 2], near[len(near) // 2 :]
    peaks = left[top[left].argmin()], right[top[right].argmin()]
    if peaks[1] - peaks[0] < 6 or top[peaks[0] : peaks[1]].max() > _NECK_DEPTH * height:
        return np.zeros_like(alpha)  # no hollow, or the gap between two shoes
    rise = np.interp(columns, peaks, top[list(peaks)])
    across = np.clip((columns - peaks[0]) / (peaks[1] - peaks[0]), 0, 1)
    sag = np.sin(np.pi * across) * rng.uniform(0.0, 0.7) * max(0.0, float((top - rise)[near].max()))
    between = (columns > peaks[0]) & (columns < peaks[1])
    rows = np.arange(height)[:, None]
    hollow = (rows >= (rise + sag)[None]) & (rows <= top[None]) & between[None]
    return cv2.GaussianBlur(hollow.astype(np.float32), (0, 0), 0.7)


def _hem(rng: Rng, alpha: Field, drop: int) -> Field:
    """The garment's own lower outline, moved down and a little narrower."""
    narrow, shift = rng.uniform(0.9, 1.0), rng.normal(0, 0.01) * alpha.shape[1]
    middle = alpha.shape[1] / 2
    moved = cv2.warpAffine(
        alpha,
        np.array([[narrow, 0, middle * (1 - narrow) + shift], [0, 1, drop * rng.uniform(0.5, 1)]]),
        alpha.shape[::-1],
    )
    moved[: round(0.6 * alpha.shape[0])] = 0
    return np.asarray(moved, np.float32)


def _behind(rng: Rng, front: Sprite, back: Field, cloth: NDArray[np.uint8]) -> Sprite:
    """The front laid on its back, which is darker where the front throws its shadow."""
    near = cv2.GaussianBlur(front.alpha, (0, 0), rng.uniform(1, 4))
    shade = rng.uniform(0.55, 1.1) * (1 - rng.uniform(0.1, 0.5) * near)
    under = np.clip(cloth * shade[..., None], 0, 255)
    own = front.alpha[..., None]
    bgr = (front.bgr * own + under * (1 - own)).astype(np.uint8)
    alpha = np.maximum(front.alpha, back)
    return replace(front, bgr=bgr, alpha=alpha, opacity=np.maximum(front.opacity, back))
