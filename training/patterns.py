"""Grounds with large patterns, on which floors, rugs and bed linen hide what lies on them: patchwork, and
motifs repeated by mirroring.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.textures import colour, noise, rotated_grid

Image = NDArray[np.uint8]
Rng = np.random.Generator


def patchwork(rng: Rng, h: int, w: int) -> Image:
    """Rectangles of a few colours with joints, some with a frame or a second rectangle inside."""
    u, v = rotated_grid(rng, h, w, rng.choice([0.0, np.pi / 4, rng.uniform(-0.3, 0.3)]))
    wide = rng.uniform(24, 150)
    high = wide * rng.choice([1.0, rng.uniform(0.4, 1.6)])
    row = np.floor(v / high)
    across = u / wide + row * rng.choice([0.0, 0.0, 0.5])
    column = np.floor(across)
    inner_u, inner_v = across - column, v / high - row
    palette = np.stack([colour(rng, str(rng.choice(["any", "neutral", "dark"]))) for _ in range(5)])
    pick = np.modf(np.abs(np.sin(row * 12.9898 + column * 78.233) * 43758.5453))[0]
    field = palette[(pick * len(palette)).astype(int)]
    rim = np.minimum(np.minimum(inner_u, 1 - inner_u) * wide, np.minimum(inner_v, 1 - inner_v) * high)
    if rng.random() < 0.5:
        field[rim > rng.uniform(0.15, 0.35) * min(wide, high)] = palette[0]
    field[rim < rng.uniform(0.5, 3)] = colour(rng, "neutral")
    field = field + (noise(rng, h, w, rng.uniform(2, 12)) - 0.5)[..., None] * rng.uniform(0, 50)
    return np.clip(field, 0, 255).astype(np.uint8)


def repeated(rng: Rng, motif: Image, h: int, w: int) -> Image:
    """A motif [mh, mw, 3] mirrored at its sides again and again: the ornament of a rug or a print."""
    u, v = rotated_grid(rng, h, w, rng.choice([0.0, np.pi / 4, rng.uniform(0, np.pi)]))
    cell = rng.uniform(24, 160)
    mh, mw = motif.shape[:2]
    x = (1 - np.abs((u / cell) % 2 - 1)) * (mw - 1)
    y = (1 - np.abs((v / cell) % 2 - 1)) * (mh - 1)
    shrunk = cv2.GaussianBlur(motif, (0, 0), max(0.3, 0.35 * mw / cell))
    return cv2.remap(shrunk, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)


def folded(rng: Rng, image: Image) -> Image:
    """The same cloth in folds: bent, and lit from one side."""
    h, w = image.shape[:2]
    height = noise(rng, h, w, rng.uniform(40, 200), 4)
    height = cv2.GaussianBlur(height, (0, 0), rng.uniform(1.5, 6))
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0), cv2.Sobel(height, cv2.CV_32F, 0, 1)
    spread = float(np.hypot(gx, gy).std()) + 1e-6
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    bend = rng.uniform(0, 6) / spread
    bent = cv2.remap(image, x + gx * bend, y + gy * bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    turn = rng.uniform(0, 2 * np.pi)
    light = 1 + (gx * np.cos(turn) + gy * np.sin(turn)) / spread * rng.uniform(0.02, 0.16)
    return np.clip(bent * light[..., None], 0, 255).astype(np.uint8)
