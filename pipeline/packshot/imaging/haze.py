"""Takes the faint haze off the ground that a network leaves around a product's shadow."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.white_rule import FAINT

Pixels = NDArray[np.uint8]

#: Half sides of the squares by which the product is widened and then faded, pixels of half the size. Together
#: they reach a corner less than 16 px away, where the white rule begins; and on the product nothing fades.
_WIDENED: Final = 3
_FADED: Final = 1


def drop_haze(alpha: Pixels) -> Pixels:
    """The alpha, faded to 0 where it is faint and away from the product.

    What is covered by a quarter or more is the product and stays as it is; what is fainter fades out
    between 4 and 10 px from it.

    Args:
        alpha: (H, W) uint8.
    """
    height, width = alpha.shape
    product = cv2.threshold(alpha, FAINT - 1, 255, cv2.THRESH_BINARY)[1]
    half = cv2.resize(product, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    touched = cv2.threshold(half, 0, 255, cv2.THRESH_BINARY)[1]
    widened = cv2.dilate(touched, _square(_WIDENED))
    fade = cv2.blur(widened, (2 * _FADED + 1, 2 * _FADED + 1), borderType=cv2.BORDER_REPLICATE)
    # One buffer for all of full size: fresh memory costs more than the work on it.
    full = cv2.resize(fade, (width, height), dst=product, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(alpha, full, dst=full, scale=1 / 255), np.uint8)


def _square(half: int) -> Pixels:
    return np.ones((2 * half + 1, 2 * half + 1), np.uint8)
