"""Hangers behind garments: what a garment hangs on is no part of it, and its masks cannot teach that where
colours took the hanger in.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Field = NDArray[np.float32]
Rng = np.random.Generator
_OVER = 4  # drawn at this multiple, then shrunk: lines of one or two pixels keep their width
#: BGR of plastic, wire and wood.
_COLOURS = (
    (25, 25, 28),
    (60, 60, 62),
    (240, 240, 240),
    (185, 188, 190),
    (70, 110, 160),
    (110, 60, 30),
    (170, 120, 230),
)


def hung(rng: Rng, ground: Image, cover: Field) -> Image:
    """The ground with a hanger on it, as it shows where a garment that hangs on it is put on top.

    Args:
        rng: decides on shape and colour.
        ground: (h, w, 3) uint8.
        cover: (h, w) float32 in 0-1, where the garment will lie.
    """
    columns = np.flatnonzero(cover.max(0) > 0.5)
    if len(columns) < 12:
        return ground
    top = np.argmax(cover > 0.5, axis=0)
    top[cover.max(0) <= 0.5] = top[columns].max()  # a gap between sleeve and body
    left, right = int(columns[0]), int(columns[-1])
    width, middle = right - left, _neck(cover, left, right)
    draw = _with_clips if rng.random() < 0.2 else _with_arms
    mask = draw(rng, cover.shape, top, width, middle)
    colour = np.array(_COLOURS[int(rng.integers(len(_COLOURS)))], np.float32) + rng.normal(0, 12, 3)
    light = np.linspace(rng.uniform(0.8, 1.2), rng.uniform(0.8, 1.2), cover.shape[1])[None, :, None]
    painted = np.clip(colour * light, 0, 255)
    shadow = cv2.GaussianBlur(np.roll(mask, tuple(rng.integers(-4, 5, 2)), (0, 1)), (0, 0), 2.5)
    shaded = ground * (1 - rng.uniform(0, 0.35) * shadow[..., None])
    return np.asarray(shaded + (painted - shaded) * mask[..., None], np.uint8)


def _neck(cover: Field, left: int, right: int) -> int:
    """The column about which the garment's upper third lies."""
    rows = np.flatnonzero(cover.max(1) > 0.5)
    upper = cover[rows[0] : rows[0] + max(4, len(rows) // 3)].sum(0)
    return int(np.clip(np.average(np.arange(cover.shape[1]), weights=upper + 1e-6), left, right))


def _with_arms(rng: Rng, shape: tuple[int, ...], top: NDArray[np.intp], width: int, middle: int) -> Field:
    """Arms that slope from above the neckline to the shoulders, and the hook."""
    canvas = np.zeros((shape[0] * _OVER, shape[1] * _OVER), np.uint8)
    reach = rng.uniform(0.2, 0.42) * width
    ends = [int(np.clip(middle + side * reach, 0, shape[1] - 1)) for side in (-1, 1)]
    shoulder = float(max(top[end] for end in ends))
    peak = min(float(top[middle]), shoulder) - rng.uniform(-0.02, 0.1) * width
    thick = max(1.0, rng.uniform(0.008, 0.05) * width)
    for end in ends:
        _line(canvas, (middle, peak), (end, float(top[end]) + rng.uniform(0, 0.04) * width), thick)
    if rng.random() < 0.4:  # the bar below, seen through a wide neck
        _line(canvas, (ends[0], shoulder + 0.03 * width), (ends[1], shoulder + 0.03 * width), thick)
    _hook(rng, canvas, middle, peak, width)
    return _shrunk(canvas, shape)


def _with_clips(rng: Rng, shape: tuple[int, ...], top: NDArray[np.intp], width: int, middle: int) -> Field:
    """A bar with two clips above a waist, and the hook."""
    canvas = np.zeros((shape[0] * _OVER, shape[1] * _OVER), np.uint8)
    ends = [int(np.clip(middle + side * rng.uniform(0.2, 0.4) * width, 0, shape[1] - 1)) for side in (-1, 1)]
    bar = float(min(top[ends[0]], top[ends[1]])) - rng.uniform(0.01, 0.08) * width
    thick = max(1.0, rng.uniform(0.01, 0.04) * width)
    _line(canvas, (ends[0], bar), (ends[1], bar), thick)
    for end in ends:
        _line(canvas, (end, bar), (end, float(top[end]) + 2), 2 * thick)
    _hook(rng, canvas, middle, bar, width)
    return _shrunk(canvas, shape)


def _hook(rng: Rng, canvas: NDArray[np.uint8], x: float, y: float, width: int) -> None:
    """A stem upwards from (x, y) that ends in three quarters of a circle."""
    stem, radius = rng.uniform(0.03, 0.1) * width, rng.uniform(0.03, 0.07) * width
    thick = max(1.0, rng.uniform(0.006, 0.02) * width)
    _line(canvas, (x, y), (x, y - stem), thick)
    centre = (round(x * _OVER), round((y - stem - radius) * _OVER))
    start = 90 if rng.random() < 0.5 else -180
    axes = (max(1, round(radius * _OVER)),) * 2
    cv2.ellipse(canvas, centre, axes, 0, start, start + 270, 255, max(1, round(thick * _OVER)), cv2.LINE_AA)


def _line(
    canvas: NDArray[np.uint8], start: tuple[float, float], end: tuple[float, float], thick: float
) -> None:
    ends = [(round(x * _OVER), round(y * _OVER)) for x, y in (start, end)]
    cv2.line(canvas, *ends, 255, max(1, round(thick * _OVER)), cv2.LINE_AA)


def _shrunk(canvas: NDArray[np.uint8], shape: tuple[int, ...]) -> Field:
    small = cv2.resize(canvas, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / 255
