"""Colours as goods have them, and smooth fields to blend them by. Pictures are sRGB uint8 (size, size, 3)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Image = NDArray[np.uint8]
Field = NDArray[np.float32]
Colour = tuple[float, float, float]


def noise(
    rng: Rng, size: int, cells: tuple[float, float] | float, octaves: int = 4, gain: float = 0.5
) -> Field:
    """Smooth fractal noise, about 0-1, with `cells` blobs across (x, y)."""
    cx, cy = (cells, cells) if np.isscalar(cells) else cells  # type: ignore[misc]
    total, weight = np.zeros((size, size), np.float32), 0.0
    for o in range(octaves):
        w, h = (int(min(size, max(2, round(c * 2**o) + 1))) for c in (cx, cy))
        layer = cv2.resize(rng.random((h, w), dtype=np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
        total += layer * gain**o
        weight += gain**o
    return np.clip((total / weight - 0.5) * 1.6 + 0.5, 0, 1).astype(np.float32)


def mix(low: Colour, high: Colour, t: Field) -> Image:
    """Blend two sRGB colours (0-1) by a field."""
    a, b = np.asarray(low, np.float32), np.asarray(high, np.float32)
    return np.clip((a + (b - a) * t[..., None]) * 255 + 0.5, 0, 255).astype(np.uint8)


def hsv(h: float, s: float, v: float) -> Colour:
    """An sRGB colour (0-1) from hue in turns, saturation and value."""
    k = (np.array([5.0, 3.0, 1.0]) + h * 6) % 6
    r, g, b = v - v * s * np.maximum(0, np.minimum(np.minimum(k, 4 - k), 1))
    return float(r), float(g), float(b)


def any_colour(rng: Rng) -> Colour:
    """A colour as goods have them: many whites, greys and blacks, some pastel, some strong."""
    kind = rng.random()
    if kind < 0.16:
        v = rng.uniform(0.82, 0.97)
        return v, v * rng.uniform(0.95, 1), v * rng.uniform(0.88, 1)
    if kind < 0.26:
        v = rng.uniform(0.03, 0.2)
        return v, v, v * rng.uniform(0.9, 1.2)
    if kind < 0.36:
        return hsv(rng.random(), rng.uniform(0, 0.12), rng.uniform(0.3, 0.75))
    if kind < 0.55:
        return hsv(rng.random(), rng.uniform(0.15, 0.4), rng.uniform(0.7, 0.95))
    return hsv(rng.random(), rng.uniform(0.45, 0.95), rng.uniform(0.25, 0.95))


def plain(rng: Rng, size: int, colour: Colour | None = None) -> Image:
    """One colour, almost even."""
    c = np.asarray(colour or any_colour(rng))
    return mix(tuple(c * 0.96), tuple(np.minimum(c * 1.03, 1)), noise(rng, size, 3))
