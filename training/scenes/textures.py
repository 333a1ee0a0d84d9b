"""Procedural grounds: wood, stone, tile, and by name any cloth. Each gives sRGB uint8 (size, size, 3)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np

from . import cloths, fields

WOODS = (
    (0.76, 0.6, 0.42),
    (0.55, 0.36, 0.22),
    (0.35, 0.22, 0.14),
    (0.85, 0.74, 0.58),
    (0.62, 0.52, 0.44),
    (0.9, 0.87, 0.82),
    (0.45, 0.28, 0.2),
)


def wood(rng: fields.Rng, size: int) -> fields.Image:
    """Planks with grain."""
    base = np.array(WOODS[rng.integers(len(WOODS))]) * rng.uniform(0.85, 1.08)
    planks = int(rng.choice([1, 3, 4, 6, 9]))
    grain = fields.noise(rng, size, (2.5, 60), 5, 0.6)
    rings = np.sin(
        (
            fields.noise(rng, size, (1.2, 5), 2) * rng.uniform(6, 14)
            + np.linspace(0, rng.uniform(4, 20), size, dtype=np.float32)[:, None]
        )
        * 2
        * np.pi
    )
    t = 0.62 * grain + 0.2 * (0.5 + 0.5 * rings) + 0.2 * fields.noise(rng, size, (1, 3), 2)
    out = fields.mix(
        tuple(np.clip(base * 0.55, 0, 1)), tuple(np.clip(base * 1.18, 0, 1)), t.astype(np.float32)
    ).astype(np.float32)
    edge = np.linspace(0, size, planks + 1).astype(int)
    for a, b in pairwise(edge):
        out[a:b] = np.roll(out[a:b], int(rng.integers(size)), axis=1) * rng.uniform(0.84, 1.1)
        if planks > 1:
            out[a : a + max(1, size // 300)] *= rng.uniform(0.25, 0.6)
    return np.clip(out, 0, 255).astype(np.uint8)


def tile(rng: fields.Rng, size: int) -> fields.Image:
    """Tiles with joints, square or long, laid straight or staggered."""
    n = int(rng.integers(3, 12))
    ratio = int(rng.choice([1, 1, 2, 3]))
    colours = [np.array(fields.any_colour(rng)) for _ in range(2)]
    if rng.random() < 0.6:
        colours[1] = colours[0] * rng.uniform(0.9, 1.0)
    joint = np.array([rng.uniform(0.2, 0.9)] * 3) * (1, 0.98, 0.94)
    out = np.empty((size, size, 3), np.float32)
    out[:] = joint * 255
    h = size // n
    w = h * ratio
    gap = max(1, int(h * rng.uniform(0.02, 0.07)))
    stagger = rng.random() < 0.5
    for r in range(n + 1):
        for c in range(-1, n // ratio + 2):
            x = c * w + (w // 2 if stagger and r % 2 else 0)
            y0, y1, x0, x1 = r * h + gap, (r + 1) * h, max(0, x + gap), max(0, x + w)
            out[y0:y1, x0:x1] = colours[(r + c) % 2] * 255 * rng.uniform(0.93, 1.05)
    grime = 0.9 + 0.14 * fields.noise(rng, size, 6, 5)
    return np.clip(out * grime[..., None], 0, 255).astype(np.uint8)


def stone(rng: fields.Rng, size: int) -> fields.Image:
    """Marble, concrete, slate: veins from noise folded about its middle."""
    base = np.array([rng.uniform(0.2, 0.95)] * 3) * (1, rng.uniform(0.95, 1.02), rng.uniform(0.88, 1.04))
    vein = np.abs(fields.noise(rng, size, rng.uniform(1.5, 5), 6, 0.55) - 0.5) * 2
    t = np.clip(vein ** rng.uniform(0.15, 0.8) * 0.8 + 0.2 * fields.noise(rng, size, 40, 4), 0, 1)
    return fields.mix(
        tuple(np.clip(base * rng.uniform(0.5, 0.9), 0, 1)),
        tuple(np.clip(base * 1.05, 0, 1)),
        t.astype(np.float32),
    )


def terrazzo(rng: fields.Rng, size: int) -> fields.Image:
    """Chips of stone in cement."""
    out = fields.plain(
        rng, size, fields.hsv(rng.random(), rng.uniform(0, 0.15), rng.uniform(0.4, 0.95))
    ).copy()
    chips = [tuple(int(q * 255) for q in fields.any_colour(rng)) for _ in range(4)]
    for _ in range(int(rng.integers(150, 700))):
        c = rng.integers(0, size, 2)
        k = rng.integers(4, 7)
        r = size * rng.uniform(0.003, 0.02)
        poly = c + r * rng.uniform(0.5, 1.2, (k, 1)) * np.stack(
            [np.cos(np.arange(k) * 2 * np.pi / k), np.sin(np.arange(k) * 2 * np.pi / k)], 1
        )
        cv2.fillPoly(out, [poly.astype(np.int32)], chips[int(rng.integers(4))], cv2.LINE_AA)
    return out


def gradient(rng: fields.Rng, size: int) -> fields.Image:
    """A run from one colour to another."""
    t = np.linspace(0, 1, size, dtype=np.float32)
    field = np.broadcast_to(t[:, None], (size, size))
    c = fields.any_colour(rng)
    other = (
        fields.any_colour(rng)
        if rng.random() < 0.3
        else tuple(np.clip(np.array(c) * rng.uniform(0.4, 1.5), 0, 1))
    )
    return fields.mix(c, other, np.ascontiguousarray(field if rng.random() < 0.7 else field.T))


GROUNDS: dict[str, Callable[[fields.Rng, int], fields.Image]] = {
    "wood": wood,
    "tile": tile,
    "stone": stone,
    "terrazzo": terrazzo,
    "stripes": cloths.stripes,
    "plaid": cloths.plaid,
    "checker": cloths.checker,
    "dots": cloths.dots,
    "blobs": cloths.blobs,
    "floral": cloths.floral,
    "cloth": cloths.cloth,
    "carpet": cloths.carpet,
    "gradient": gradient,
    "plain": fields.plain,
}
PRINTS = ("stripes", "plaid", "dots", "blobs", "floral", "checker", "cloth", "gradient")


def ground(rng: fields.Rng, size: int, name: str | None = None) -> fields.Image:
    """A texture by name, or any of them (wood, tile and stone oftener, as in homes)."""
    names = list(GROUNDS)
    weight = np.array([4, 2.5, 2.5, 1, 1.2, 1, 0.8, 0.4, 0.6, 0.6, 2, 1.5, 0.6, 0.8])
    return GROUNDS[name or str(rng.choice(names, p=weight / weight.sum()))](rng, size)
