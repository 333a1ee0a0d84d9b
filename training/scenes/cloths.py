"""Procedural cloth and prints: woven, striped, dotted, flowered. Each gives sRGB uint8 (size, size, 3)."""

from __future__ import annotations

import cv2
import numpy as np

from . import fields


def weave(rng: fields.Rng, image: fields.Image, strength: float | None = None) -> fields.Image:
    """Threads over a colour: woven cloth or a knit's ribs."""
    size = image.shape[0]
    s = rng.uniform(0.03, 0.16) if strength is None else strength
    n = int(rng.integers(60, max(61, size // 4)))
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size * n * 2 * np.pi
    thread = (
        1
        - s * (0.5 + 0.5 * np.sin(x + np.sin(y * 0.5))) * (0.5 + 0.5 * np.sin(y))
        - s * 0.8 * fields.noise(rng, size, 80, 2)
    )
    return np.clip(image * thread[..., None] * (1 + s * 0.3), 0, 255).astype(np.uint8)


def cloth(rng: fields.Rng, size: int) -> fields.Image:
    """Plain woven cloth."""
    return weave(rng, fields.plain(rng, size))


def stripes(rng: fields.Rng, size: int) -> fields.Image:
    """Woven stripes."""
    a, b = np.array(fields.any_colour(rng)), np.array(fields.any_colour(rng))
    n = rng.integers(3, 28)
    wave = (np.arange(size) / size * n) % 1
    t = (wave < rng.uniform(0.2, 0.8)).astype(np.float32)
    field = np.broadcast_to(t[:, None] if rng.random() < 0.5 else t[None, :], (size, size)).astype(np.float32)
    return weave(
        rng, fields.mix(tuple(a), tuple(b), cv2.GaussianBlur(np.ascontiguousarray(field), (3, 3), 0))
    )


def plaid(rng: fields.Rng, size: int) -> fields.Image:
    """Checked cloth."""
    base = np.ones((size, size, 3), np.float32) * np.array(fields.any_colour(rng), np.float32)
    period = size / rng.integers(3, 12)
    lines = [
        (rng.random(), rng.uniform(0.05, 0.4), np.array(fields.any_colour(rng), np.float32)) for _ in range(3)
    ]
    x = (np.arange(size) / period) % 1
    for at, width, colour in lines:
        on = (((x - at) % 1) < width).astype(np.float32) * 0.5
        for field in (on[:, None], on[None, :]):
            base = base * (1 - field[..., None]) + colour * field[..., None]
    return weave(rng, np.clip(base * 255, 0, 255).astype(np.uint8))


def checker(rng: fields.Rng, size: int) -> fields.Image:
    """A chessboard."""
    n = int(rng.integers(4, 16))
    y, x = np.mgrid[0:size, 0:size] * n // size
    t = cv2.GaussianBlur(((x + y) % 2).astype(np.float32), (3, 3), 0)
    a = fields.any_colour(rng)
    return fields.mix(
        a,
        fields.any_colour(rng) if rng.random() < 0.7 else (0.95, 0.95, 0.93),
        np.clip(t * 0.96 + 0.04 * fields.noise(rng, size, 20), 0, 1),
    )


def dots(rng: fields.Rng, size: int) -> fields.Image:
    """Polka dots."""
    out = fields.plain(rng, size).copy()
    colour = tuple(int(q * 255) for q in fields.any_colour(rng))
    n, r = int(rng.integers(5, 18)), rng.uniform(0.1, 0.4)
    step = size / n
    for i in range(n + 1):
        for j in range(n + 1):
            c = (int((i + 0.5 * (j % 2)) * step), int(j * step))
            cv2.circle(out, c, int(step * r), colour, -1, cv2.LINE_AA)
    return out


def blobs(rng: fields.Rng, size: int) -> fields.Image:
    """Camouflage and abstract prints: level sets of noise in a small palette."""
    field = fields.noise(rng, size, rng.uniform(2, 9), 3, 0.5)
    k = int(rng.integers(3, 6))
    palette = np.array([fields.any_colour(rng) for _ in range(k)]) * 255
    level = np.clip(((field - field.min()) / max(float(np.ptp(field)), 1e-6) * k).astype(int), 0, k - 1)
    return cv2.GaussianBlur(palette[level].astype(np.uint8), (3, 3), 0)


def floral(rng: fields.Rng, size: int) -> fields.Image:
    """Scattered flowers and leaves."""
    out = fields.plain(rng, size).copy()
    leaf = tuple(
        int(q * 255) for q in fields.hsv(rng.uniform(0.2, 0.45), rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.7))
    )
    petals = [tuple(int(q * 255) for q in fields.any_colour(rng)) for _ in range(3)]
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


def carpet(rng: fields.Rng, size: int) -> fields.Image:
    """Short pile."""
    c = np.array(fields.any_colour(rng))
    return fields.mix(
        tuple(c * 0.55),
        tuple(np.minimum(c * 1.1, 1)),
        np.clip(fields.noise(rng, size, size / 4, 2) * 0.8 + 0.2 * fields.noise(rng, size, 6), 0, 1),
    )
