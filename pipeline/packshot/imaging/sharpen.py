"""Sharpening of edges, in luminance, without halo."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Levels that a sharpened edge may pass the lightest and darkest of its surroundings.
_OVERSHOOT: Final = 6
#: Gradient in levels per pixel, over the noise's deviation, at which sharpening sets in, and at
#: which it is whole.
_QUIET: Final = 1.5
_EDGE: Final = 4.0
_LEAST_GRADIENT: Final = 2.0


def sharpen(picture: Pixels, amount: float, radius: float, deviation: float) -> Pixels:
    """Unsharp masking of the luminance where there are edges.

    Args:
        picture: (H, W, 3) uint8 RGB.
        amount: share of the difference to the blurred picture that is added; 0.3 to 1.5.
        radius: standard deviation of that blur, pixels.
        deviation: of the noise in levels; slopes that it could make are left alone.

    Returns:
        A picture whose edges pass their surroundings by at most `_OVERSHOOT` levels. All channels
        of a pixel change by the same, so that no colour fringes arise.
    """
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    blurred = cv2.GaussianBlur(luma, (0, 0), radius)
    detail = cv2.subtract(luma, blurred, dtype=cv2.CV_16S)
    added = cv2.multiply(np.asarray(detail, np.float32), _edges(blurred, deviation), scale=amount)
    reach = 2 * max(1, round(radius)) + 1
    window = np.ones((reach, reach), np.uint8)
    ceiling = cv2.add(cv2.dilate(luma, window), np.array([_OVERSHOOT], np.float64))
    floor = cv2.subtract(cv2.erode(luma, window), np.array([_OVERSHOOT], np.float64))
    wanted = cv2.add(luma, added, dtype=cv2.CV_8U)
    limited = cv2.max(cv2.min(wanted, ceiling), floor)
    change = cv2.subtract(limited, luma, dtype=cv2.CV_16S)
    return np.asarray(cv2.add(picture, cv2.merge([change] * 3), dtype=cv2.CV_8U), np.uint8)


def _edges(blurred: cv2.typing.MatLike, deviation: float) -> cv2.typing.MatLike:
    """0-1: how surely there is an edge."""
    across = np.asarray(cv2.Sobel(blurred, cv2.CV_32F, 1, 0, ksize=3, scale=0.125), np.float32)
    down = np.asarray(cv2.Sobel(blurred, cv2.CV_32F, 0, 1, ksize=3, scale=0.125), np.float32)
    # Not cv2.magnitude, whose last bit hangs on where its memory lies: the same photo, the same bytes.
    gradient = np.sqrt(across * across + down * down)
    quiet = max(_LEAST_GRADIENT, _QUIET * deviation) / 2
    whole = max(2 * _LEAST_GRADIENT, _EDGE * deviation) / 2
    ramp = cv2.multiply(cv2.subtract(gradient, np.array([quiet])), np.array([1 / (whole - quiet)]))
    return cv2.min(cv2.max(ramp, np.array([0.0])), np.array([1.0]))
