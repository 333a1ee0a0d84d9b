"""Silhouettes of the kinds of products that there are, and their soft masks at any pose."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.imaging.geometry import similarity

_SIDE = 960


def _polygon(*points: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.fillPoly(mask, [np.array(points, np.int32)], 255)
    return mask


def _rectangles(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = 255
    return mask


def _ellipse(width: int, height: int, hole: int = 0) -> np.ndarray:
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.ellipse(mask, (480, 480), (width, height), 0, 0, 360, 255, -1)
    cv2.circle(mask, (480, 480), hole, 0, -1) if hole else None
    return mask


def _mug() -> np.ndarray:
    mask = _rectangles((300, 280, 580, 680))
    cv2.ellipse(mask, (590, 470), (90, 110), 0, -90, 90, 255, 36)
    return mask


SHAPES = {
    "carton": _rectangles((330, 200, 630, 760)),
    "nearly square carton": _rectangles((230, 280, 730, 680)),
    "square": _rectangles((250, 250, 710, 710)),
    "bottle": _rectangles((400, 400, 560, 800), (450, 200, 510, 400)),
    "pen": _rectangles((468, 120, 492, 840)),
    "t-shirt": _polygon(
        (300, 250),
        (420, 220),
        (540, 220),
        (660, 250),
        (780, 400),
        (690, 460),
        (640, 400),
        (640, 740),
        (320, 740),
        (320, 400),
        (270, 460),
        (180, 400),
    ),
    "carton in perspective": _polygon((300, 200), (660, 200), (620, 760), (340, 760)),
    "long soap": _ellipse(250, 150),
    "ball": _ellipse(250, 250),
    "plate": _ellipse(250, 235),
    "ring": _ellipse(250, 250, hole=150),
    "shoe": _polygon(
        (200, 600), (200, 400), (330, 420), (500, 520), (700, 560), (760, 640), (740, 680), (200, 680)
    ),
    "mug": _mug(),
}


def posed(name: str, angle: float, seed: int = 0, side: int = 320) -> np.ndarray:
    """A shape's soft mask (side, side), turned, a little scaled and moved, its edge uneven as a network's."""
    generator = np.random.default_rng(seed)
    scale = 0.3 * generator.uniform(0.6, 1.0) * side / 320
    middle = (side / 2 + generator.uniform(-2, 2), side / 2 + generator.uniform(-2, 2))
    matrix = similarity(scale, angle, (480, 480), middle)
    mask = cv2.warpAffine(cv2.GaussianBlur(SHAPES[name], (0, 0), 3), matrix, (side, side))
    bumps = cv2.GaussianBlur(generator.normal(0, 1, mask.shape), (0, 0), 4)
    edge = (mask > 3) & (mask < 252)
    return np.clip(mask + edge * 25 * bumps / bumps.std(), 0, 255).astype(np.uint8)
