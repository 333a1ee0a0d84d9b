"""Pictures that look enough like product photos for measures to be tried on: form, light, print, noise.

Drawn at twice the size and halved, so that edges are as soft as a lens makes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Values = NDArray[np.float32]
Draw = np.random.Generator

_WORDS = ("FRESH", "Nordic Tea", "No. 7", "250 g", "organic", "SOLO", "Crema", "12 pcs", "Alpine", "forte")


@dataclass(frozen=True, slots=True)
class Photo:
    """A made photo: (H, W, 3) uint8 RGB and its exact alpha (H, W) uint8."""

    picture: Pixels
    alpha: Pixels


def photo_like(seed: int, side: int = 640) -> Photo:
    """A product on a lit ground; the same for the same seed and side."""
    draw = np.random.default_rng(seed)
    big = 2 * side
    y, x = (np.mgrid[0:big, 0:big] / big * 2 - 1).astype(np.float32)
    shape, depth = _FORMS[seed % len(_FORMS)](x, y, draw)
    colour = _print(draw, big) * _weave(draw, big)[..., None]
    lit = colour * _shade(depth, draw)[..., None]
    ground = _ground(x, y, shape, draw)
    cover = shape[..., None]
    light = np.clip(lit * cover + ground * (1 - cover), 0, 1)
    picture = cv2.resize(light, (side, side), interpolation=cv2.INTER_AREA)
    levels = 255 * picture ** (1 / 2.2) + draw.normal(0, 0.7, picture.shape)
    alpha = cv2.resize(shape, (side, side), interpolation=cv2.INTER_AREA)
    return Photo(np.clip(np.rint(levels), 0, 255).astype(np.uint8), np.rint(255 * alpha).astype(np.uint8))


def _box(x: Values, y: Values, draw: Draw) -> tuple[Values, Values]:
    half_x, half_y = draw.uniform(0.4, 0.75), draw.uniform(0.5, 0.85)
    inside = (np.abs(x / half_x) ** 16 + np.abs(y / half_y) ** 16) < 1
    fold = draw.uniform(-0.3, 0.3)
    surface = np.where(x < fold, 0.3 * x, -0.9 * (x - fold))
    return inside.astype(np.float32), np.asarray(surface, np.float32)


def _can(x: Values, y: Values, draw: Draw) -> tuple[Values, Values]:
    half_x, half_y = draw.uniform(0.3, 0.55), draw.uniform(0.6, 0.85)
    bend = 0.08 * np.sqrt(np.clip(1 - (x / half_x) ** 2, 0, 1))
    inside = (np.abs(x) < half_x) & (y < half_y + bend - 0.08) & (y > -half_y - bend + 0.08)
    return inside.astype(np.float32), np.sqrt(np.clip(1 - (x / half_x) ** 2, 0, 1)) * half_x


def _bottle(x: Values, y: Values, draw: Draw) -> tuple[Values, Values]:
    body, neck = draw.uniform(0.28, 0.42), draw.uniform(0.1, 0.16)
    shoulder = 1 / (1 + np.exp(-(y + 0.35) * 18))
    half = neck + (body - neck) * shoulder
    inside = (np.abs(x) < half) & (np.abs(y) < 0.86)
    return inside.astype(np.float32), np.sqrt(np.clip(half**2 - x**2, 0, 1))


def _pebble(x: Values, y: Values, draw: Draw) -> tuple[Values, Values]:
    a, b, turn = draw.uniform(0.55, 0.8), draw.uniform(0.45, 0.7), draw.uniform(-0.6, 0.6)
    u, v = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    power = draw.uniform(2.0, 4.0)
    radius = np.abs(u / a) ** power + np.abs(v / b) ** power
    return (radius < 1).astype(np.float32), np.sqrt(np.clip(1 - radius, 0, 1)) * 0.6


def _ring(x: Values, y: Values, draw: Draw) -> tuple[Values, Values]:
    outer, inner = draw.uniform(0.7, 0.85), draw.uniform(0.35, 0.5)
    radius = np.hypot(x, y)
    middle, half = (outer + inner) / 2, (outer - inner) / 2
    return (np.abs(radius - middle) < half).astype(np.float32), np.sqrt(
        np.clip(half**2 - (radius - middle) ** 2, 0, 1)
    )


_FORMS: tuple[Callable[[Values, Values, Draw], tuple[Values, Values]], ...] = (
    _box, _can, _bottle, _pebble, _ring,
)  # fmt: skip


def _print(draw: Draw, side: int) -> Values:
    """The product's own colours, linear light: a ground, some fields, words and lines."""
    base = draw.uniform(0.04, 0.75) * draw.uniform(0.5, 1.0, 3)
    sheet = np.empty((side, side, 3), np.uint8)
    sheet[:] = _levels(base)
    for _ in range(draw.integers(2, 6)):
        colour = tuple(float(value) for value in _levels(draw.uniform(0.02, 0.9, 3)))
        left, top = (int(value) for value in draw.integers(side // 6, side * 2 // 3, 2))
        size = tuple(int(value) for value in draw.integers(side // 12, side // 3, 2))
        if draw.random() < 0.5:
            cv2.rectangle(sheet, (left, top), (left + size[0], top + size[1]), colour, -1, cv2.LINE_AA)
        else:
            cv2.ellipse(sheet, (left, top), size, 0, 0, 360, colour, -1, cv2.LINE_AA)
    for _ in range(draw.integers(4, 9)):
        place = (int(draw.integers(side // 6, side // 2)), int(draw.integers(side // 5, side * 4 // 5)))
        dark_ink = base.mean() > 0.25
        ink = float(_levels(draw.uniform(0.0, 0.1) if dark_ink else draw.uniform(0.5, 0.9)))
        word, height = str(draw.choice(_WORDS)), float(draw.uniform(0.8, 3.0)) * side / 1280
        thickness = max(1, round(2 * height))
        cv2.putText(sheet, word, place, cv2.FONT_HERSHEY_DUPLEX, height, (ink,) * 3, thickness, cv2.LINE_AA)
    return ((np.arange(256) / 255) ** 2.2).astype(np.float32)[sheet]


def _levels(light: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.rint(255 * np.asarray(light, np.float64) ** (1 / 2.2))


def _weave(draw: Draw, side: int) -> Values:
    """A fine surface structure around 1."""
    grain = draw.standard_normal((side, side), np.float32)
    scale = draw.uniform(1.5, 4.0)
    soft = cv2.GaussianBlur(grain, (0, 0), scale) * scale * 3.5
    return np.asarray(1 + draw.uniform(0.01, 0.07) * soft, np.float32)


def _shade(depth: Values, draw: Draw) -> Values:
    """Light from above and one side on a surface of that depth, with a soft highlight."""
    side = depth.shape[0]
    smooth = cv2.GaussianBlur(depth, (0, 0), side / 200)
    slope_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1, scale=side / 4)
    slope_y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=1, scale=side / 4)
    norm = np.sqrt(1 + slope_x**2 + slope_y**2)
    light = np.array([draw.uniform(-0.5, 0.5), -0.5, 0.8])
    light /= np.linalg.norm(light)
    facing = np.clip((-slope_x * light[0] - slope_y * light[1] + light[2]) / norm, 0, 1)
    return np.asarray(0.35 + 0.75 * facing + draw.uniform(0, 0.25) * facing**30, np.float32)


def _ground(x: Values, y: Values, shape: Values, draw: Draw) -> Values:
    """A light paper with falling light and the product's soft shadow, linear light."""
    paper = draw.uniform(0.6, 0.85) * (1 + 0.12 * draw.uniform(-1, 1) * x - 0.1 * y)
    side = shape.shape[0]
    small = cv2.resize(
        np.roll(shape, side // 50, axis=0), (side // 8, side // 8), interpolation=cv2.INTER_AREA
    )
    soft = cv2.resize(
        cv2.GaussianBlur(small, (0, 0), side / 320), (side, side), interpolation=cv2.INTER_LINEAR
    )
    shadow = 1 - draw.uniform(0.2, 0.5) * soft
    return np.asarray((paper * shadow)[..., None] * np.ones(3), np.float32)
