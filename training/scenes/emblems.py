"""Marks on packs: sprig, sun, drops, rings, fruit, peak. Sizes in fractions of the canvas's width."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .artwork import Brand, Canvas, Rgb

Rng = np.random.Generator
Point = tuple[float, float]


def _stretch(c: Canvas) -> np.ndarray:
    """From steps in widths to fractions of width and height."""
    return np.array([1, c.w / c.h])


def leaf(c: Canvas, at: Point, length: float, angle: float, colour: Rgb, vein: Rgb) -> None:
    """A pointed leaf that grows from a point; angle in degrees, clockwise from the right."""
    t = np.linspace(0, np.pi, 24)
    upper = np.stack([1 - np.cos(t), 0.5 * np.sin(t) ** 1.3], 1)
    lower = np.stack([1 + np.cos(t), -0.5 * np.sin(t) ** 1.3], 1)
    a = np.radians(angle)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    edge = np.concatenate([upper, lower]) * length / 2
    c.poly(np.array(at) + (edge @ turn.T) * _stretch(c), colour)
    tip = np.array(at) + (turn @ np.array([length * 0.92, 0])) * _stretch(c)
    ends = [(at[0] * c.w, at[1] * c.h), (tip[0] * c.w, tip[1] * c.h)]
    c.draw.line(ends, fill=vein, width=max(1, c.w // 200))


def sprig(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """A fan of leaves, the middle ones longest."""
    n = int(rng.integers(5, 9)) | 1
    foot = (at[0], at[1] + 0.6 * r * c.w / c.h)
    for k in sorted(range(n), key=lambda k: -abs(k - n // 2)):
        off = k - n // 2
        length = r * (1.5 - 0.13 * abs(off))
        leaf(c, foot, length, -90 + off * 150 / n, b.accent if k % 2 else b.second, b.ground)


def sun(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """A disc with rays."""
    for a in np.linspace(0, 2 * np.pi, 17)[:-1]:
        d = np.array([np.cos(a), np.sin(a)])
        n = np.array([-d[1], d[0]]) * 0.06 * r
        ray = np.stack([d * 0.68 * r + n, d * r, d * 0.68 * r - n])
        c.poly(np.array(at) + ray * _stretch(c), b.accent)
    c.disc(at, 0.58 * r, b.accent)


def drops(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """Three drops side by side."""
    for k in range(3):
        x = at[0] + (k - 1) * r * 0.75
        colour = b.accent if k % 2 else b.second
        cone = np.array([[-0.3, 0], [0, -0.8], [0.3, 0]]) * r
        c.poly(np.array([x, at[1]]) + cone * _stretch(c), colour)
        c.disc((x, at[1] + 0.04 * r), 0.31 * r, colour)


def rings(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """Circles in circles."""
    for k, q in enumerate(np.linspace(1, 0.25, int(rng.integers(3, 6)))):
        c.disc(at, r * q, b.accent if k % 2 == 0 else b.ground)


def fruit(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """A heap of berries with a light on each."""
    for _ in range(int(rng.integers(5, 12))):
        p = np.array(at) + rng.normal(0, 0.4 * r, 2) * _stretch(c)
        q = rng.uniform(0.2, 0.36) * r
        shade = b.accent if rng.random() < 0.6 else b.second
        c.disc((p[0], p[1]), q, shade)
        light = (min(255, shade[0] + 70), min(255, shade[1] + 70), min(255, shade[2] + 70))
        c.disc((p[0] - 0.3 * q, p[1] - 0.3 * q * c.w / c.h), 0.25 * q, light)


def peak(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """Two hills."""
    for k, colour in enumerate((b.second, b.accent)):
        hill = np.array([[-1 + 0.3 * k, 0.6], [-0.2 + 0.4 * k, -0.8 + 0.5 * k], [0.8 + 0.2 * k, 0.6]]) * r
        c.poly(np.array(at) + hill * _stretch(c), colour)


EMBLEMS: tuple[Callable[[Canvas, Rng, Point, float, Brand], None], ...] = (
    sprig,
    sun,
    drops,
    rings,
    fruit,
    peak,
)


def emblem(c: Canvas, rng: Rng, at: Point, r: float, b: Brand) -> None:
    """The brand's mark, or any of them where it has none."""
    EMBLEMS[int(rng.integers(len(EMBLEMS))) if b.mark is None else b.mark](c, rng, at, r, b)
