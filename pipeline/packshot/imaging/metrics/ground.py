"""How far the ground of the decoded file is from what it should be."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


#: Every n-th row and column of a large file tells its mean well enough.
_STEP: Final = 2
_LARGE: Final = 1000


def ground_deviation(file: Pixels, wanted: Pixels, alpha: Pixels) -> float:
    """Mean deviation of the ground in levels, of each pixel's worst channel.

    Args:
        file: (H, W, 3) uint8 RGB, the decoded file.
        wanted: likewise, what was compressed.
        alpha: (H, W) uint8; the ground is where it is 0.

    Returns:
        0 when there is no ground.
    """
    ground = cv2.threshold(_some(alpha), 0, 255, cv2.THRESH_BINARY_INV)[1]
    red, green, blue = cv2.split(cv2.absdiff(_some(file), _some(wanted)))
    return float(cv2.mean(cv2.max(cv2.max(red, green), blue), mask=ground)[0])


def _some(pixels: Pixels) -> Pixels:
    if max(pixels.shape[:2]) <= _LARGE:
        return pixels
    # Much faster than a slice with steps; without a size OpenCV takes exactly every n-th.
    step = 1.0 / _STEP
    return np.asarray(cv2.resize(pixels, None, fx=step, fy=step, interpolation=cv2.INTER_NEAREST), np.uint8)
