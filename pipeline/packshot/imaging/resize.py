"""Pixels at another size."""

from __future__ import annotations

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

P = TypeVar("P", NDArray[np.uint8], NDArray[np.float32])


def resized(pixels: P, size: tuple[int, int]) -> P:
    """Pixels or probabilities at another size (width, height): by area down, bilinear up."""
    shrinking = size[0] < pixels.shape[1] or size[1] < pixels.shape[0]
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return cast("P", cv2.resize(pixels, size, interpolation=method))
