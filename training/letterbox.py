"""Letterboxing as the shipped network expects it: centred, never squeezed, padded with mid grey (0.5)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PAD = 0.5


@dataclass(frozen=True)
class Letterbox:
    """Where a picture of [height, width] lies on the square of `side`: content [h, w] at (top, left)."""

    side: int
    height: int
    width: int
    top: int
    left: int
    h: int
    w: int


def fit(height: int, width: int, side: int) -> Letterbox:
    """The largest centred placement that keeps the aspect."""
    scale = side / max(height, width)
    h, w = min(side, max(1, round(height * scale))), min(side, max(1, round(width * scale)))
    return Letterbox(side, height, width, (side - h) // 2, (side - w) // 2, h, w)


def apply(image: NDArray[np.uint8], side: int) -> tuple[NDArray[np.float32], Letterbox]:
    """RGB uint8 [h, w, 3] -> float32 [side, side, 3] in 0-1 and its placement."""
    box = fit(*image.shape[:2], side)
    shrink = box.h < image.shape[0]
    scaled = cv2.resize(image, (box.w, box.h), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    out = np.full((side, side, 3), PAD, np.float32)
    out[box.top : box.top + box.h, box.left : box.left + box.w] = scaled.astype(np.float32) / 255.0
    return out, box


def undo(alpha: NDArray[np.float32], box: Letterbox) -> NDArray[np.float32]:
    """Alpha [side, side] -> alpha [height, width] of the picture."""
    content = np.ascontiguousarray(alpha[box.top : box.top + box.h, box.left : box.left + box.w])
    return cv2.resize(content, (box.width, box.height), interpolation=cv2.INTER_LINEAR)
