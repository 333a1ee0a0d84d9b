"""Procedural surface textures: wood, stone, tile, cloth, prints. Each gives sRGB uint8 (size, size, 3)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

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


WOODS = (
    (0.76, 0.6, 0.42),
    (0.55, 0.36, 0.22),
    (0.35, 0.22, 0.14),
    (0.85, 0.74, 0.58),
    (0.62, 0.52, 0.44),
    (0.9, 0.87, 0.82),
    (0.45, 0.28, 0.2),
)


def wood(rng: Rng, size: int) -> Image:
    """Planks with grain."""
    base = np.array(WOODS[rng.integers(len(WOODS))]) * rng.uniform(0.85, 1.08)
    planks = int(rng.choice([1, 3, 4, 6, 9]))
    grain = noise(rng, size, (2.5, 60), 5, 0.6)
    rings = np.sin(
        (
            noise(rng, size, (1.2, 5), 2) * rng.uniform(6, 14)
            + np.linspace(0, rng.uniform(4, 20), size, dtype=np.float32)[:, None]
        )
        * 2
        * np.pi
    )
    t = 0.62 * grain + 0.2 * (0.5 + 0.5 * rings) + 0.2 * noise(rng, size, (1, 3), 2)
    out = mix(
        tuple(np.clip(base * 0.55, 0, 1)), tuple(np.clip(base * 1.18, 0, 1)), t.astype(np.float32)
    ).astype(np.float32)
    edge = np.linspace(0, size, planks + 1).astype(int)
    for a, b in pairwise(edge):
        out[a:b] = np.roll(out[a:b], int(rng.integers(size)), axis=1) * rng.uniform(0.84, 1.1)
        if planks > 1:
            out[a : a + max(1, size // 300)] *= rng.uniform(0.25, 0.6)
    return np.clip(out, 0, 255).astype(np.uint8)


def tile(rng: Rng, size: int) -> Image:
    """Tiles with joints, square or long, laid straight or staggered."""
    n = int(rng.integers(3, 12))
    ratio = int(rng.choice([1, 1, 2, 3]))
    colours = [np.array(any_colour(rng)) for _ in range(2)]
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
    grime = 0.9 + 0.14 * noise(rng, size, 6, 5)
    return np.clip(out * grime[..., None], 0, 255).astype(np.uint8)


def stone(rng: Rng, size: int) -> Image:
    """Marble, concrete, slate: veins from noise folded about its middle."""
    base = np.array([rng.uniform(0.2, 0.95)] * 3) * (1, rng.uniform(0.95, 1.02), rng.uniform(0.88, 1.04))
    vein = np.abs(noise(rng, size, rng.uniform(1.5, 5), 6, 0.55) - 0.5) * 2
    t = np.clip(vein ** rng.uniform(0.15, 0.8) * 0.8 + 0.2 * noise(rng, size, 40, 4), 0, 1)
    return mix(
        tuple(np.clip(base * rng.uniform(0.5, 0.9), 0, 1)),
        tuple(np.clip(base * 1.05, 0, 1)),
        t.astype(np.float32),
    )


def terrazzo(rng: Rng, size: int) -> Image:
    """Chips of stone in cement."""
    out = plain(rng, size, hsv(rng.random(), rng.uniform(0, 0.15), rng.uniform(0.4, 0.95))).copy()
    chips = [tuple(int(q * 255) for q in any_colour(rng)) for _ in range(4)]
    for _ in range(int(rng.integers(150, 700))):
        c = rng.integers(0, size, 2)
        k = rng.integers(4, 7)
        r = size * rng.uniform(0.003, 0.02)
        poly = c + r * rng.uniform(0.5, 1.2, (k, 1)) * np.stack(
            [np.cos(np.arange(k) * 2 * np.pi / k), np.sin(np.arange(k) * 2 * np.pi / k)], 1
        )
        cv2.fillPoly(out, [poly.astype(np.int32)], chips[int(rng.integers(4))], cv2.LINE_AA)
    return out


def stripes(rng: Rng, size: int) -> Image:
    """Woven stripes."""
    a, b = np.array(any_colour(rng)), np.array(any_colour(rng))
    n = rng.integers(3, 28)
    wave = (np.arange(size) / size * n) % 1
    t = (wave < rng.uniform(0.2, 0.8)).astype(np.float32)
    field = np.broadcast_to(t[:, None] if rng.random() < 0.5 else t[None, :], (size, size)).astype(np.float32)
    return weave(rng, mix(tuple(a), tuple(b), cv2.GaussianBlur(np.ascontiguousarray(field), (3, 3), 0)))


def plaid(rng: Rng, size: int) -> Image:
    """Checked cloth."""
    base = np.ones((size, size, 3), np.float32) * np.array(any_colour(rng), np.float32)
    period = size / rng.integers(3, 12)
    lines = [(rng.random(), rng.uniform(0.05, 0.4), np.array(any_colour(rng), np.float32)) for _ in range(3)]
    x = (np.arange(size) / period) % 1
    for at, width, colour in lines:
        on = (((x - at) % 1) < width).astype(np.float32) * 0.5
        for field in (on[:, None], on[None, :]):
            base = base * (1 - field[..., None]) + colour * field[..., None]
    return weave(rng, np.clip(base * 255, 0, 255).astype(np.uint8))


def checker(rng: Rng, size: int) -> Image:
    """A chessboard."""
    n = int(rng.integers(4, 16))
    y, x = np.mgrid[0:size, 0:size] * n // size
    t = cv2.GaussianBlur(((x + y) % 2).astype(np.float32), (3, 3), 0)
    a = any_colour(rng)
    return mix(
        a,
        any_colour(rng) if rng.random() < 0.7 else (0.95, 0.95, 0.93),
        np.clip(t * 0.96 + 0.04 * noise(rng, size, 20), 0, 1),
    )


def dots(rng: Rng, size: int) -> Image:
    """Polka dots."""
    out = plain(rng, size).copy()
    colour = tuple(int(q * 255) for q in any_colour(rng))
    n, r = int(rng.integers(5, 18)), rng.uniform(0.1, 0.4)
    step = size / n
    for i in range(n + 1):
        for j in range(n + 1):
            c = (int((i + 0.5 * (j % 2)) * step), int(j * step))
            cv2.circle(out, c, int(step * r), colour, -1, cv2.LINE_AA)
    return out


def blobs(rng: Rng, size: int) -> Image:
    """Camouflage and abstract prints: level sets of noise in a small palette."""
    field = noise(rng, size, rng.uniform(2, 9), 3, 0.5)
    k = int(rng.integers(3, 6))
    palette = np.array([any_colour(rng) for _ in range(k)]) * 255
    level = np.clip(((field - field.min()) / max(float(np.ptp(field)), 1e-6) * k).astype(int), 0, k - 1)
    return cv2.GaussianBlur(palette[level].astype(np.uint8), (3, 3), 0)


def floral(rng: Rng, size: int) -> Image:
    """Scattered flowers and leaves."""
    out = plain(rng, size).copy()
    leaf = tuple(
        int(q * 255) for q in hsv(rng.uniform(0.2, 0.45), rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.7))
    )
    petals = [tuple(int(q * 255) for q in any_colour(rng)) for _ in range(3)]
    for _ in range(int(rng.integers(25, 110))):
        c, r, turn = rng.integers(0, size, 2), size * rng.uniform(0.015, 0.06), rng.uniform(0, 360)
        cv2.ellipse(
            out,
            (int(c[0] + r), int(c[1] + r)),
            (int(r * 1.5), int(r * 0.4)),
            turn,
            0,
            360,
            leaf,
            -1,
            cv2.LINE_AA,
        )
        k, colour = int(rng.integers(4, 8)), petals[int(rng.integers(3))]
        for a in np.arange(k) * 2 * np.pi / k:
            p = c + r * 0.7 * np.array([np.cos(a), np.sin(a)])
            cv2.ellipse(
                out,
                (int(p[0]), int(p[1])),
                (int(r * 0.6), int(r * 0.4)),
                np.degrees(a),
                0,
                360,
                colour,
                -1,
                cv2.LINE_AA,
            )
        cv2.circle(out, (int(c[0]), int(c[1])), int(r * 0.35), (240, 205, 80), -1, cv2.LINE_AA)
    return weave(rng, out)


def weave(rng: Rng, image: Image, strength: float | None = None) -> Image:
    """Threads over a colour: woven cloth or a knit's ribs."""
    size = image.shape[0]
    s = rng.uniform(0.03, 0.16) if strength is None else strength
    n = int(rng.integers(60, max(61, size // 4)))
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size * n * 2 * np.pi
    thread = (
        1
        - s * (0.5 + 0.5 * np.sin(x + np.sin(y * 0.5))) * (0.5 + 0.5 * np.sin(y))
        - s * 0.8 * noise(rng, size, 80, 2)
    )
    return np.clip(image * thread[..., None] * (1 + s * 0.3), 0, 255).astype(np.uint8)


def cloth(rng: Rng, size: int) -> Image:
    """Plain woven cloth."""
    return weave(rng, plain(rng, size))


def carpet(rng: Rng, size: int) -> Image:
    """Short pile."""
    c = np.array(any_colour(rng))
    return mix(
        tuple(c * 0.55),
        tuple(np.minimum(c * 1.1, 1)),
        np.clip(noise(rng, size, size / 4, 2) * 0.8 + 0.2 * noise(rng, size, 6), 0, 1),
    )


def gradient(rng: Rng, size: int) -> Image:
    """A run from one colour to another."""
    t = np.linspace(0, 1, size, dtype=np.float32)
    field = np.broadcast_to(t[:, None], (size, size))
    c = any_colour(rng)
    other = (
        any_colour(rng) if rng.random() < 0.3 else tuple(np.clip(np.array(c) * rng.uniform(0.4, 1.5), 0, 1))
    )
    return mix(c, other, np.ascontiguousarray(field if rng.random() < 0.7 else field.T))


GROUNDS: dict[str, Callable[[Rng, int], Image]] = {
    "wood": wood,
    "tile": tile,
    "stone": stone,
    "terrazzo": terrazzo,
    "stripes": stripes,
    "plaid": plaid,
    "checker": checker,
    "dots": dots,
    "blobs": blobs,
    "floral": floral,
    "cloth": cloth,
    "carpet": carpet,
    "gradient": gradient,
    "plain": plain,
}
PRINTS = ("stripes", "plaid", "dots", "blobs", "floral", "checker", "cloth", "gradient")


def ground(rng: Rng, size: int, name: str | None = None) -> Image:
    """A texture by name, or any of them (wood, tile and stone oftener, as in homes)."""
    names = list(GROUNDS)
    weight = np.array([4, 2.5, 2.5, 1, 1.2, 1, 0.8, 0.4, 0.6, 0.6, 2, 1.5, 0.6, 0.8])
    return GROUNDS[name or str(rng.choice(names, p=weight / weight.sum()))](rng, size)
