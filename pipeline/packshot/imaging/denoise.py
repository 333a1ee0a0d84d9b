"""Denoising that keeps edges and print."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Window of the bilateral filter: 5 pixels take 45 ms on a full canvas, 9 take 267.
_WINDOW: Final = 5
_REACH: Final = 1.6
#: Levels between two pixels that are averaged, over the noise's deviation.
_RANGE: Final = 2.5
_STRONGEST: Final = 50.0


def denoise(picture: Pixels, deviation: float) -> Pixels:
    """A picture with its noise smoothed: bilateral (Tomasi and Manduchi, ICCV 1998).

    Args:
        picture: (H, W, 3) uint8 RGB.
        deviation: of the noise in levels; steps well above it stay.
    """
    strength = min(_STRONGEST, _RANGE * deviation * np.sqrt(3))  # the filter adds up three channels
    return np.asarray(cv2.bilateralFilter(picture, _WINDOW, float(strength), _REACH), np.uint8)
