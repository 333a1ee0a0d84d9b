"""Procedural surfaces: every function returns BGR uint8 [h, w, 3] and takes its randomness from `rng`."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Rng = np.random.Generator


def colour(rng: Rng, kind: str = "any") -> NDArray[np.float32]:
    """A BGR colour 0-255: `any`, `neutral` (greys, beiges, browns), `bright` (near white) or `dark`."""
    hue, sat, val = rng.uniform(0, 360), rng.beta(1.2, 1.6), rng.uniform(0.12, 1.0)
    if kind == "neutral":
        hue, sat, val = rng.uniform(10, 60), rng.uniform(0, 0.35), rng.uniform(0.2, 0.97)
    elif kind == "bright":
        sat, val = rng.uniform(0, 0.06), rng.uniform(0.86, 1.0)
    elif kind == "dark":
        sat, val = rng.uniform(0, 0.5), rng.uniform(0.02, 0.25)
    pixel = cv2.cvtColor(np.array([[[hue, sat, val]]], np.float32), cv2.COLOR_HSV2BGR)
    return (pixel[0, 0] * 255).astype(np.float32)


def ramp(field: NDArray[np.float32], a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Blend of two colours by a field in 0-1."""
    return a + (b - a) * field[..., None]


def noise(rng: Rng, h: int, w: int, cell: float, octaves: int = 3) -> NDArray[np.float32]:
    """Value noise in 0-1 whose largest cells are `cell` pixels wide."""
    out = np.zeros((h, w), np.float32)
    weight, total = 1.0, 0.0
    for _ in range(octaves):
        gh, gw = max(2, int(h / cell) + 2), max(2, int(w / cell) + 2)
        out += weight * cv2.resize(
            rng.random((gh, gw), dtype=np.float32), (w, h), interpolation=cv2.INTER_CUBIC
        )
        total, weight, cell = total + weight, weight * 0.5, max(1.0, cell / 2)
    return np.clip(out / total, 0, 1)


def rotated_grid(
    rng: Rng, h: int, w: int, angle: float | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pixel coordinates turned by an angle (radians), sometimes seen in perspective."""
    turn = rng.uniform(0, np.pi) if angle is None else angle
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    if rng.random() < 0.3:
        depth = 1.0 + rng.uniform(0.3, 1.5) * (h - y) / h
        x, y = (x - w / 2) * depth, y * depth
    return x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)


def _finish(field: NDArray[np.float32]) -> Image:
    return np.clip(field, 0, 255).astype(np.uint8)


def plain(rng: Rng, h: int, w: int) -> Image:
    """One colour, with a faint gradient or blotches."""
    kind = rng.choice(["any", "neutral", "bright", "bright", "dark"], p=[0.3, 0.25, 0.2, 0.15, 0.1])
    base = colour(rng, str(kind))
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    turn = rng.uniform(0, 2 * np.pi)
    slope = (x / w - 0.5) * np.cos(turn) + (y / h - 0.5) * np.sin(turn)
    field = base * (1 + rng.uniform(0, 0.5) * rng.choice([0, 0.3, 1.0]) * slope[..., None])
    if rng.random() < 0.5:
        field = field + (noise(rng, h, w, rng.uniform(30, 200)) - 0.5)[..., None] * rng.uniform(0, 30)
    if rng.random() < 0.3:
        r2 = ((x / w - rng.uniform(0.2, 0.8)) ** 2 + (y / h - rng.uniform(0.2, 0.8)) ** 2)[..., None]
        field = field * (1 - rng.uniform(0.1, 0.8) * r2)
    return _finish(field)


def stripes(rng: Rng, h: int, w: int) -> Image:
    """Stripes of two to five colours, sharp or soft, sometimes crossed (plaid)."""
    u, v = rotated_grid(rng, h, w, rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)]))
    palette = np.stack([colour(rng, str(rng.choice(["any", "neutral"]))) for _ in range(rng.integers(2, 6))])
    period = rng.uniform(8, 90)
    edges = np.sort(rng.random(len(palette) - 1))
    warp = (noise(rng, h, w, 80) - 0.5) * rng.uniform(0, 20)
    field = palette[np.searchsorted(edges, ((u + warp) / period) % 1)]
    if rng.random() < 0.4:
        field = 0.5 * field + 0.5 * palette[np.searchsorted(edges, ((v + warp) / period) % 1)]
    return _finish(field)


def tiles(rng: Rng, h: int, w: int) -> Image:
    """Tiles, bricks or parquet with joints; each tile a little different."""
    u, v = rotated_grid(rng, h, w, rng.choice([0.0, np.pi / 4, rng.uniform(-0.2, 0.2)]))
    tw = rng.uniform(18, 160)
    th = tw * rng.choice([1.0, 1.0, rng.uniform(0.12, 0.6)])
    row = np.floor(v / th)
    shift = rng.choice([0.0, 0.5, 0.37])
    col = np.floor(u / tw + shift * row)
    fu, fv = u / tw + shift * row - col, v / th - row
    hashed = np.modf(np.abs(np.sin(row * 12.9898 + col * 78.233) * 43758.5453))[0]
    base = colour(rng, str(rng.choice(["neutral", "any", "bright"])))
    field = base * (1 + (hashed - 0.5) * rng.uniform(0, 0.35))[..., None]
    field = field + (noise(rng, h, w, rng.uniform(4, 40)) - 0.5)[..., None] * rng.uniform(0, 45)
    gap = rng.uniform(1, 4)
    joint = (np.minimum(fu, 1 - fu) * tw < gap) | (np.minimum(fv, 1 - fv) * th < gap)
    field[joint] = field[joint] * rng.uniform(0.3, 0.85) if rng.random() < 0.7 else colour(rng, "neutral")
    return _finish(field)


def wood(rng: Rng, h: int, w: int) -> Image:
    """Planks with grain."""
    turn = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)])
    u, v = rotated_grid(rng, h, w, turn)
    plank = rng.uniform(20, 140)
    row = np.floor(v / plank)
    seed = np.modf(np.abs(np.sin(row * 91.7) * 4375.85))[0]
    grain_map = noise(rng, 64, 512, 12, 4)
    gx = np.mod(u * rng.uniform(0.1, 0.4) + seed * 511, 511).astype(np.float32)
    gy = np.mod(v * rng.uniform(0.8, 2.5) + seed * 63, 63).astype(np.float32)
    grain = cv2.remap(grain_map, gx, gy, cv2.INTER_LINEAR)
    hue = rng.uniform(12, 40)
    pixel = np.array([[[hue, rng.uniform(0.1, 0.65), rng.uniform(0.25, 0.95)]]], np.float32)
    base = cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0] * 255
    field = base * (1 + (seed - 0.5) * rng.uniform(0, 0.4) + (grain - 0.5) * rng.uniform(0.1, 0.7))[..., None]
    joint = np.abs(v / plank - np.round(v / plank)) * plank < rng.uniform(0.5, 2)
    field[joint] *= rng.uniform(0.35, 0.8)
    return _finish(field)


def speckle(rng: Rng, h: int, w: int) -> Image:
    """Carpet, stone, terrazzo: noise at one or two scales between colours."""
    a, b = colour(rng, str(rng.choice(["neutral", "any"]))), colour(rng, str(rng.choice(["neutral", "any"])))
    field = noise(rng, h, w, rng.uniform(2, 60), int(rng.integers(1, 5)))
    gain = rng.uniform(1, 6)
    out = ramp(np.clip((field - 0.5) * gain + 0.5, 0, 1), a, a + (b - a) * rng.uniform(0.1, 1.0))
    return _finish(out + rng.normal(0, rng.uniform(0, 18), (h, w, 1)))


def cloth(rng: Rng, h: int, w: int) -> Image:
    """A sheet with folds, plain or over another texture."""
    under = (
        plain(rng, h, w)
        if rng.random() < 0.6
        else stripes(rng, h, w)
        if rng.random() < 0.5
        else dots(rng, h, w)
    )
    folds = np.zeros((h, w), np.float32)
    for _ in range(rng.integers(1, 5)):
        u, _ = rotated_grid(rng, h, w)
        warp = (noise(rng, h, w, rng.uniform(60, 250)) - 0.5) * rng.uniform(50, 300)
        folds += np.sin((u + warp) / rng.uniform(8, 60)).astype(np.float32) * rng.random()
    folds += (noise(rng, h, w, rng.uniform(20, 120), 4) - 0.5) * 3
    return _finish(under * (1 + folds[..., None] * rng.uniform(0.03, 0.14)))


def dots(rng: Rng, h: int, w: int) -> Image:
    """Printed motifs: circles, flowers or polygons, regular or scattered."""
    out = np.empty((h, w, 3), np.uint8)
    out[:] = colour(rng)
    size = int(rng.integers(3, 34))
    for _ in range(int(rng.integers(20, 160))):
        centre = (int(rng.integers(0, w)), int(rng.integers(0, h)))
        tint = colour(rng).tolist()
        if rng.random() < 0.5:
            cv2.circle(out, centre, max(1, int(size * rng.uniform(0.4, 1))), tint, -1, cv2.LINE_AA)
        else:
            turns = np.linspace(0, 2 * np.pi, int(rng.integers(3, 11)), endpoint=False)
            radii = size * rng.uniform(0.4, 1.2, len(turns))
            points = np.stack([centre[0] + radii * np.cos(turns), centre[1] + radii * np.sin(turns)], 1)
            cv2.fillPoly(out, [points.astype(np.int32)], tint, cv2.LINE_AA)
    return out


def label(rng: Rng, h: int, w: int) -> Image:
    """Printed packaging: blocks, bars, text, a round emblem."""
    out = plain(rng, h, w) if rng.random() < 0.7 else stripes(rng, h, w)
    for _ in range(int(rng.integers(1, 6))):
        x, y = int(rng.integers(-w // 4, w)), int(rng.integers(-h // 4, h))
        size = (int(rng.integers(w // 8, w)), int(rng.integers(h // 12, max(2, h // 2))))
        if rng.random() < 0.6:
            cv2.rectangle(out, (x, y), (x + size[0], y + size[1]), colour(rng).tolist(), -1)
        else:
            cv2.ellipse(
                out, (x, y), size, float(rng.uniform(0, 180)), 0, 360, colour(rng).tolist(), -1, cv2.LINE_AA
            )
    for _ in range(int(rng.integers(1, 7))):
        text = "".join(
            rng.choice(list("ABCDEFGHIKLMNOPRSTUVWXaeioumnrst0123456789 "), int(rng.integers(2, 11)))
        )
        place = (int(rng.integers(0, max(1, w // 2))), int(rng.integers(10, max(11, h))))
        font = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX]))
        scale = float(rng.uniform(0.25, 1.6)) * w / 150
        cv2.putText(out, text, place, font, scale, colour(rng).tolist(), int(rng.integers(1, 4)), cv2.LINE_AA)
    return out


SURFACES: dict[str, tuple[Callable[[Rng, int, int], Image], float]] = {
    "plain": (plain, 0.30), "stripes": (stripes, 0.12), "tiles": (tiles, 0.14), "wood": (wood, 0.14),
    "speckle": (speckle, 0.12), "cloth": (cloth, 0.12), "dots": (dots, 0.06),
}  # fmt: skip


def any_surface(rng: Rng, h: int, w: int) -> Image:
    """One of the surfaces, by weight."""
    names = list(SURFACES)
    weights = np.array([SURFACES[n][1] for n in names])
    return SURFACES[str(rng.choice(names, p=weights / weights.sum()))][0](rng, h, w)
