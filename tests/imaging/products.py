"""Synthetic products on nothing: colours and an alpha with soft edges, of very different kinds."""

from __future__ import annotations

import cv2
import numpy as np

COLOURS = (
    (0, 0, 0),
    (0, 0, 160),
    (200, 0, 20),
    (0, 110, 40),
    (250, 220, 0),
    (90, 60, 40),
    (0, 160, 220),
    (250, 250, 250),
)
TEXTURES = (0, 3, 8, 15)
COUNT = 25


def product(number, side=400):
    """Picture (side, side, 3) and alpha (side, side), uint8; the same for the same number."""
    rng = np.random.default_rng(number)
    alpha = _outline(number, side, rng)
    base = np.array(COLOURS[number % len(COLOURS)], np.float32)
    coarse = cv2.resize(rng.normal(0, 1, (side // 2, side // 2, 3)).astype(np.float32), (side, side))
    light = np.linspace(1.1, 0.8, side, dtype=np.float32)[:, None, None]
    picture = base * light + coarse * TEXTURES[number % len(TEXTURES)]
    return np.clip(picture, 0, 255).astype(np.uint8), alpha


def _outline(number, side, rng):
    big = 2 * side
    mask = np.zeros((big, big), np.uint8)
    kind = number % 5
    if kind == 0:
        cv2.ellipse(
            mask, (big // 2, big // 2), (int(big * 0.4), int(big * 0.25)), 30, 0, 360, 255, -1, cv2.LINE_AA
        )
    elif kind == 1:
        turn = np.linspace(0, 2 * np.pi, 30, endpoint=False)
        radius = big * 0.42 * (1 - 0.3 * rng.random(30))
        points = big / 2 + np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
        cv2.fillPoly(mask, [points.astype(np.int32)], 255, cv2.LINE_AA)
    elif kind == 2:
        cv2.rectangle(mask, (int(big * 0.2), int(big * 0.1)), (int(big * 0.8), int(big * 0.9)), 255, -1)
        cv2.circle(mask, (big // 2, big // 2), big // 6, 0, -1, cv2.LINE_AA)
    elif kind == 3:
        for _ in range(12):
            start, end = (tuple(int(v) for v in rng.integers(big * 0.1, big * 0.9, 2)) for _ in range(2))
            cv2.line(mask, start, end, 255, int(rng.integers(4, 30)), cv2.LINE_AA)
    else:
        cv2.putText(
            mask,
            f"P{number}",
            (int(big * 0.1), int(big * 0.7)),
            cv2.FONT_HERSHEY_TRIPLEX,
            big / 130,
            255,
            big // 40,
        )
    return cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA)
