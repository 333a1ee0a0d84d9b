"""Surfaces of the places: boards and wall tiles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from . import fields


def planks(seed: int, repeat: float, base: tuple[float, float, float]) -> np.ndarray:
    """Boards of one wood: long grain, dark joints, each board its own tone."""
    rng = np.random.default_rng(seed)
    size, boards = 2048, 6
    grain = fields.noise(rng, size, (3, 150), 5, 0.65)
    cloud = fields.noise(rng, size, (2, 9), 3)
    tone = np.asarray(base)
    out = fields.mix(
        tuple(tone * 0.62), tuple(np.minimum(tone * 1.12, 1)), (0.6 * grain + 0.4 * cloud).astype(np.float32)
    ).astype(np.float32)
    edge = np.linspace(0, size, boards + 1).astype(int)
    for a, b in pairwise(edge):
        out[a:b] = np.roll(out[a:b], int(rng.integers(size)), axis=1) * rng.uniform(0.88, 1.08)
        out[a : a + 4] *= 0.45
        cut = int(rng.integers(size))
        out[a:b, cut : cut + 4] *= 0.5
    return np.clip(out, 0, 255).astype(np.uint8)


def tiles(seed: int, colour: tuple[float, float, float], rows: int = 10) -> np.ndarray:
    """Glazed wall tiles laid like bricks."""
    rng = np.random.default_rng(seed)
    size = 1600
    out = np.empty((size, size, 3), np.float32)
    out[:] = np.array([188, 184, 178])
    h = size // rows
    for r in range(rows):
        for c in range(-1, rows // 2 + 1):
            x0, x1 = c * 2 * h + (h if r % 2 else 0) + 5, (c + 1) * 2 * h + (h if r % 2 else 0)
            if x1 > 0:
                out[r * h + 5 : (r + 1) * h, max(0, x0) : x1] = (
                    np.array(colour) * 255 * rng.uniform(0.94, 1.03)
                )
    return np.clip(out, 0, 255).astype(np.uint8)
