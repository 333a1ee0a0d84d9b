"""A frame or line drawn around the picture."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Values = NDArray[np.float64]

#: How deep a frame reaches at most, as a share of the side.
_DEPTH: Final = 0.05
#: Levels by which a line stands out from the ground within it, and that it may vary along itself.
_STEP: Final = 12.0
_EVEN: Final = 10.0


def has_border(picture: Pixels) -> bool:
    """True when at least two sides carry a line of one colour along their whole length.

    A side carries one when some row within the outer 5 % is even from end to end and differs from
    the row beyond that depth, which is even too; a product that touches the side is neither.

    Args:
        picture: (H, W, 3) uint8 RGB.
    """
    turned = (picture, picture[::-1], picture.transpose(1, 0, 2), picture.transpose(1, 0, 2)[::-1])
    return sum(_has_line(side) for side in turned) >= 2


def _has_line(picture: Pixels) -> bool:
    height, width = picture.shape[:2]
    depth = max(2, round(height * _DEPTH))
    # The other sides' lines stand in the corners.
    corner = round(width * _DEPTH) + 1
    band = np.ascontiguousarray(picture[: depth + 2, corner : width - corner])
    if band.shape[0] < depth + 2 or band.shape[1] < 8:
        return False
    means, spreads = _rows(band)
    within = means[-1]
    if spreads[-1] > _EVEN:
        return False
    stands_out = np.abs(means[:-1] - within).max(axis=1) > _STEP
    return bool((stands_out & (spreads[:-1] < _EVEN)).any())


def _rows(band: Pixels) -> tuple[Values, Values]:
    """Mean colour (n, 3) and largest standard deviation (n,) of each row."""
    values = np.asarray(band, np.float32)
    means = cv2.reduce(values, 1, cv2.REDUCE_AVG).reshape(-1, 3).astype(np.float64)
    squares = cv2.reduce(values * values, 1, cv2.REDUCE_AVG).reshape(-1, 3).astype(np.float64)
    return means, np.sqrt(np.maximum(squares - means**2, 0.0)).max(axis=1)
