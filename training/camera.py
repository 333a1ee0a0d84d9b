"""What light and camera do to a picture: shadows, cast, defocus, noise, JPEG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Field = NDArray[np.float32]
Rng = np.random.Generator


def contact_shadow(rng: Rng, cover: Field) -> Field:
    """How much light is lost on the ground, 0-1: a tight dark rim and a wide soft cast in one direction."""
    h, w = cover.shape
    size = max(4.0, float(np.sqrt(cover.sum())))
    turn = rng.uniform(0, 2 * np.pi)
    total = np.zeros_like(cover)
    for reach, blur, dark in (
        (rng.uniform(0, 0.03), rng.uniform(0.006, 0.025), rng.uniform(0.1, 0.6)),
        (rng.uniform(0.02, 0.16), rng.uniform(0.02, 0.1), rng.uniform(0.0, 0.5)),
    ):
        m = np.float32([[1, 0, np.cos(turn) * reach * size], [0, 1, np.sin(turn) * reach * size]])
        moved = cv2.warpAffine(cover, m, (w, h))
        total = np.maximum(total, dark * cv2.GaussianBlur(moved, (0, 0), max(0.6, blur * size)))
    return total


def cast_shadow(rng: Rng, cover: Field) -> Field:
    """The outline once more, moved a little and almost sharp: what a lamp at one side draws on a wall or a
    bed, and what fills the gap between two trouser legs.
    """
    h, w = cover.shape
    size = max(4.0, float(np.sqrt(cover.sum())))
    turn, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.015, 0.08) * size
    moved = cv2.warpAffine(
        cover, np.float32([[1, 0, np.cos(turn) * reach], [0, 1, np.sin(turn) * reach]]), (w, h)
    )
    return rng.uniform(0.3, 0.8) * cv2.GaussianBlur(moved, (0, 0), max(0.6, rng.uniform(0.002, 0.014) * size))


def standing_shadow(rng: Rng, cover: Field) -> Field:
    """The product's outline laid flat on the ground behind or before it, sheared by the light's direction."""
    h, w = cover.shape
    ys = np.nonzero(cover.max(1) > 0.3)[0]
    if len(ys) == 0:
        return np.zeros_like(cover)
    foot = float(ys[-1])
    squash, shear = rng.uniform(0.12, 0.5) * rng.choice([-1, 1]), rng.uniform(-1.2, 1.2)
    m = np.float32([[1, shear * squash, -shear * squash * foot], [0, squash, foot * (1 - squash)]])
    flat = cv2.warpAffine(cover, m, (w, h))
    return rng.uniform(0.15, 0.6) * cv2.GaussianBlur(flat, (0, 0), rng.uniform(0.8, 9))


def reflection(rng: Rng, bgr: Image, cover: Field, ground: Image) -> Image:
    """The product mirrored below its foot on a glossy ground, fading downwards."""
    h = cover.shape[0]
    ys = np.nonzero(cover.max(1) > 0.3)[0]
    if len(ys) == 0:
        return ground
    foot = int(ys[-1])
    rows = 2 * foot - np.arange(h)
    valid = (rows >= 0) & (rows <= foot)
    rows = np.clip(rows, 0, h - 1)
    fade = np.where(valid, np.exp(-(np.arange(h) - foot) / (h * rng.uniform(0.05, 0.3))), 0) * rng.uniform(
        0.1, 0.5
    )
    strength = (cover[rows] * fade[:, None])[..., None].astype(np.float32)
    return (ground * (1 - strength) + bgr[rows] * strength).astype(np.uint8)


def photographed(rng: Rng, bgr: Image) -> Image:
    """Exposure, cast, contrast, vignette, defocus or shake, sensor noise, sharpening, JPEG."""
    out = bgr.astype(np.float32)
    out *= rng.normal(1, 0.07, 3).clip(0.75, 1.3)
    out = 255 * np.clip(out / 255, 0, None) ** rng.uniform(0.75, 1.35) * rng.uniform(0.75, 1.12)
    if rng.random() < 0.3:
        y, x = np.mgrid[-1 : 1 : complex(out.shape[0]), -1 : 1 : complex(out.shape[1])]
        out *= (1 - rng.uniform(0, 0.4) * (x * x + y * y) / 2)[..., None].astype(np.float32)
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.6:
        sigma = rng.gamma(1.5, 2.5)
        grain = rng.normal(0, sigma, (*out.shape[:2], 3 if rng.random() < 0.5 else 1)).astype(np.float32)
        out += cv2.GaussianBlur(grain, (0, 0), 0.7).reshape(grain.shape) if rng.random() < 0.4 else grain
    if rng.random() < 0.2:
        out += (out - cv2.GaussianBlur(out, (0, 0), 1.2)) * rng.uniform(0.3, 1.2)
    done = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        ok, coded = cv2.imencode(".jpg", done, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))])
        if not ok:
            raise RuntimeError("JPEG encoding failed")
        done = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return done


def framed(rng: Rng, bgr: Image) -> Image:
    """The picture's own frame: flat bars on all sides, or above and below, a thin line at times. Drawn over
    the rim.
    """
    h, w = bgr.shape[:2]
    out = bgr.copy()
    tint = (
        rng.choice([0, 255, int(rng.integers(0, 256))]) * np.ones(3)
        if rng.random() < 0.7
        else rng.uniform(0, 255, 3)
    )
    t = int(max(1, rng.uniform(0.005, 0.05) * max(h, w)))
    sides = rng.choice(["all", "rows", "columns"])
    if sides in ("all", "rows"):
        out[:t], out[h - t :] = tint, tint
    if sides in ("all", "columns"):
        out[:, :t], out[:, w - t :] = tint, tint
    return out
