"""Outlines of procedural products: each function draws one on a square canvas, float32 coverage 0-1."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.float32]
Points = NDArray[np.float64]
Rng = np.random.Generator
_OVER = 2  # drawn larger and averaged: soft edges


def _canvas(side: int) -> NDArray[np.uint8]:
    return np.zeros((side * _OVER, side * _OVER), np.uint8)


def _done(canvas: NDArray[np.uint8]) -> Coverage:
    side = canvas.shape[0] // _OVER
    return cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0


def _fill(canvas: NDArray[np.uint8], points: Points, value: int = 255) -> None:
    cv2.fillPoly(canvas, [np.round(points * _OVER * 16).astype(np.int32)], value, cv2.LINE_AA, 4)


def smooth_closed(points: Points, steps: int = 160) -> Points:
    """A closed Catmull-Rom curve through `points` [n, 2]."""
    n = len(points)
    t = np.linspace(0, n, steps, endpoint=False)
    i, f = np.floor(t).astype(int), (t % 1)[:, None]
    p0, p1, p2, p3 = (points[(i + k) % n] for k in (-1, 0, 1, 2))
    out: Points = 0.5 * (
        2 * p1 + (p2 - p0) * f + (2 * p0 - 5 * p1 + 4 * p2 - p3) * f**2 + (3 * p1 - p0 - 3 * p2 + p3) * f**3
    )
    return out


def blob(rng: Rng, side: int) -> Coverage:
    """Fruit-like to irregular: a noisy radius around the middle."""
    n = int(rng.integers(5, 14))
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = side * 0.42 * (1 - rng.uniform(0, 0.6) * rng.random(n))
    stretch = rng.uniform(0.45, 1)
    points = np.stack([side / 2 + radius * np.cos(turn), side / 2 + stretch * radius * np.sin(turn)], 1)
    canvas = _canvas(side)
    _fill(canvas, smooth_closed(points) if rng.random() < 0.75 else points)
    return _done(canvas)


def lathe_profile(rng: Rng, side: int) -> Points:
    """Half widths along the height of a bottle, jar, can, vase or glass: [n, 2] of (y, radius)."""
    kind = rng.choice(["bottle", "jar", "can", "vase", "tube"])
    tall = {
        "bottle": 0.92,
        "jar": rng.uniform(0.5, 0.8),
        "can": rng.uniform(0.5, 0.85),
        "vase": 0.85,
        "tube": 0.9,
    }[str(kind)]
    wide = {
        "bottle": rng.uniform(0.11, 0.22),
        "jar": rng.uniform(0.2, 0.36),
        "can": rng.uniform(0.16, 0.3),
        "vase": 0.3,
        "tube": 0.09,
    }[str(kind)]
    y = np.linspace(0, 1, 80)
    if kind == "bottle":
        neck, shoulder = rng.uniform(0.25, 0.6), rng.uniform(0.2, 0.45)
        blend = np.clip((y - shoulder) / rng.uniform(0.05, 0.3), 0, 1)
        r = neck + (1 - neck) * blend * blend * (3 - 2 * blend)
        r[y < rng.uniform(0.06, 0.13)] = neck * rng.uniform(1.0, 1.35)
    elif kind in ("jar", "can"):
        lid = rng.uniform(0.05, 0.2)
        r = np.where(y < lid, rng.uniform(0.8, 1.05), 1.0)
        r = r * (1 - rng.uniform(0, 0.25) * np.clip((y - 0.9) / 0.1, 0, 1) ** 2)
    else:
        knots = rng.uniform(0.25, 1, 5) if kind == "vase" else rng.uniform(0.8, 1, 5)
        r = np.interp(y, np.linspace(0, 1, 5), knots)
        r = np.convolve(np.pad(r, 6, mode="edge"), np.ones(13) / 13, "valid")
    return np.stack([side * (0.5 + tall * (y - 0.5)), side * wide * r], 1)


def lathed(rng: Rng, side: int) -> Coverage:
    """The outline of a turned body with elliptic ends, sometimes with a handle."""
    profile = lathe_profile(rng, side)
    mid, tilt = side / 2, rng.uniform(0.04, 0.32)
    canvas = _canvas(side)
    body = np.concatenate(
        [
            np.stack([mid + profile[:, 1], profile[:, 0]], 1),
            np.stack([mid - profile[::-1, 1], profile[::-1, 0]], 1),
        ]
    )
    _fill(canvas, body)
    for y, r in (profile[0], profile[-1]):
        cv2.ellipse(
            canvas,
            (round(mid * _OVER), round(y * _OVER)),
            (max(1, round(r * _OVER)), max(1, round(r * tilt * _OVER))),
            0,
            0,
            360,
            255,
            -1,
            cv2.LINE_AA,
        )
    if rng.random() < 0.3:
        row = profile[int(len(profile) * rng.uniform(0.35, 0.6))]
        axes = (round(side * rng.uniform(0.07, 0.16) * _OVER), round(side * rng.uniform(0.1, 0.2) * _OVER))
        cv2.ellipse(
            canvas,
            (round((mid + row[1]) * _OVER), round(row[0] * _OVER)),
            axes,
            0,
            0,
            360,
            255,
            round(side * rng.uniform(0.015, 0.05) * _OVER),
            cv2.LINE_AA,
        )
    return _done(canvas)


def rounded_box(rng: Rng, side: int) -> Coverage:
    """Front of a pack, phone, book, cushion or pouch: a rectangle with soft or wavy sides."""
    w, h = side * rng.uniform(0.25, 0.46), side * rng.uniform(0.3, 0.46)
    power = rng.choice([3, 5, 9, 20])
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    r = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    wave = 1 + rng.uniform(0, 0.03) * np.sin(turn * rng.integers(3, 30) + rng.uniform(0, 6))
    taper = 1 + rng.uniform(-0.25, 0.25) * s * r
    canvas = _canvas(side)
    _fill(canvas, np.stack([side / 2 + w * r * c * wave * taper, side / 2 + h * r * s * wave], 1))
    return _done(canvas)


def ring(rng: Rng, side: int) -> Coverage:
    """Rings, bangles, belts, wreaths, watches: an open ellipse, sometimes with a stone or a face."""
    canvas = _canvas(side)
    axes = (round(side * rng.uniform(0.2, 0.4) * _OVER), round(side * rng.uniform(0.2, 0.4) * _OVER))
    thick = max(2, round(side * rng.choice([0.012, 0.03, 0.08, 0.12]) * rng.uniform(0.7, 1.3) * _OVER))
    mid = (side * _OVER // 2, side * _OVER // 2)
    cv2.ellipse(canvas, mid, axes, float(rng.uniform(0, 180)), 0, 360, 255, thick, cv2.LINE_AA)
    if rng.random() < 0.4:
        radius = round(side * rng.uniform(0.04, 0.13) * _OVER)
        cv2.circle(canvas, (mid[0], mid[1] - axes[1]), radius, 255, -1, cv2.LINE_AA)
    return _done(canvas)


def bag(rng: Rng, side: int) -> Coverage:
    """A body with one or two straps that leave open holes."""
    canvas = _canvas(side)
    top, bottom = side * rng.uniform(0.38, 0.55), side * rng.uniform(0.85, 0.95)
    half, flare = side * rng.uniform(0.22, 0.4), rng.uniform(0.8, 1.2)
    mid = side / 2
    corners = np.array(
        [
            [mid - half * flare, top],
            [mid, top - side * rng.uniform(-0.03, 0.03)],
            [mid + half * flare, top],
            [mid + half, bottom],
            [mid, bottom + side * 0.02],
            [mid - half, bottom],
        ]
    )
    _fill(canvas, smooth_closed(corners) if rng.random() < 0.3 else corners)
    thick = max(2, round(side * rng.uniform(0.008, 0.045) * _OVER))
    for _ in range(int(rng.integers(1, 3))):
        axes = (
            round(half * rng.uniform(0.4, 0.95) * _OVER),
            round((top - side * rng.uniform(0.04, 0.2)) * _OVER),
        )
        centre = (round((mid + rng.uniform(-0.02, 0.02) * side) * _OVER), round(top * _OVER))
        cv2.ellipse(canvas, centre, axes, 0, 175, 365, 255, thick, cv2.LINE_AA)
    return _done(canvas)


def strokes(rng: Rng, side: int) -> Coverage:
    """Thin things: glasses, cutlery, cables, scissors, hangers - curves of changing width."""
    canvas = _canvas(side)
    for _ in range(int(rng.integers(1, 4))):
        points = rng.uniform(0.1, 0.9, (int(rng.integers(2, 6)), 2)) * side
        t = np.linspace(0, 1, 60)
        knots = np.linspace(0, 1, len(points))
        xs, ys = np.interp(t, knots, points[:, 0]), np.interp(t, knots, points[:, 1])
        kernel = np.ones(9) / 9
        xs, ys = (np.convolve(np.pad(v, 4, mode="edge"), kernel, "valid") for v in (xs, ys))
        width = side * np.interp(t, [0, rng.random(), 1], rng.uniform(0.01, 0.06, 3))
        for i in range(len(t) - 1):
            a, b = (
                (round(xs[i] * _OVER), round(ys[i] * _OVER)),
                (round(xs[i + 1] * _OVER), round(ys[i + 1] * _OVER)),
            )
            cv2.line(canvas, a, b, 255, max(2, round(width[i] * _OVER)), cv2.LINE_AA)
    if rng.random() < 0.4:
        for _ in range(2):
            centre = tuple(int(v) for v in rng.uniform(0.25, 0.75, 2) * side * _OVER)
            radius = round(side * rng.uniform(0.06, 0.16) * _OVER)
            cv2.circle(canvas, centre, radius, 255, max(2, round(side * 0.02 * _OVER)), cv2.LINE_AA)
    return _done(canvas)


def shoe(rng: Rng, side: int) -> Coverage:
    """A shoe or boot from the side, sometimes with a heel."""
    high = rng.uniform(0.15, 0.55)
    heel = rng.uniform(0, 0.16) if rng.random() < 0.4 else 0.0
    base = 0.72
    upper = np.array(
        [
            [0.06, base],
            [0.1, base - 0.16],
            [0.3, base - 0.2],
            [0.5, base - 0.26],
            [0.6, base - 0.28 - high * 0.6],
            [0.75, base - 0.3 - high],
            [0.9, base - 0.3 - high],
            [0.93, base - 0.2],
            [0.94, base],
        ]
    )
    upper[1:-1] += rng.normal(0, 0.015, (7, 2))
    sole = np.array(
        [
            [0.94, base + 0.02 + heel],
            [0.78, base + 0.02 + heel],
            [0.72, base + 0.03],
            [0.4, base + 0.06],
            [0.1, base + 0.05],
        ]
    )
    points = np.concatenate([upper, sole])[:, ::1] * side
    if rng.random() < 0.5:
        points[:, 0] = side - points[:, 0]
    canvas = _canvas(side)
    _fill(canvas, smooth_closed(points))
    return _done(canvas)


def compound(rng: Rng, side: int) -> Coverage:
    """Two to four simple parts joined: toys, tools, lamps, plants."""
    out = np.zeros((side, side), np.float32)
    for _ in range(int(rng.integers(2, 5))):
        part = SIMPLE[str(rng.choice(list(SIMPLE)))](rng, side)
        scale, turn = rng.uniform(0.3, 0.75), rng.uniform(0, 360)
        m = cv2.getRotationMatrix2D((side / 2, side / 2), turn, scale)
        m[:, 2] += rng.uniform(-0.16, 0.16, 2) * side
        out = np.maximum(out, cv2.warpAffine(part, m, (side, side), flags=cv2.INTER_LINEAR))
    return out


SIMPLE: dict[str, Callable[[Rng, int], Coverage]] = {
    "blob": blob, "lathed": lathed, "rounded_box": rounded_box, "ring": ring, "strokes": strokes, "shoe":
    shoe,
}  # fmt: skip
ALL: dict[str, tuple[Callable[[Rng, int], Coverage], float]] = {
    "blob": (blob, 0.14), "lathed": (lathed, 0.28), "rounded_box": (rounded_box, 0.2), "ring": (ring, 0.06),
    "bag": (bag, 0.08), "strokes": (strokes, 0.07), "shoe": (shoe, 0.08), "compound": (compound, 0.09),
}  # fmt: skip
