"""The floor: bare library calls for the same outputs, and nothing else.

One decode, one warp, the network's passes, one encode at the quality that is known to fit.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

CANVAS = 2000
Look = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def process(data: bytes, matrix: NDArray[np.float64], looks: tuple[Look, Look], quality: int) -> bytes:
    """One photo to one JPEG of 2000 x 2000, background and all."""
    photo = simplejpeg.decode_jpeg(data, colorspace="RGB")
    looks[0](photo)
    aligned = cv2.warpAffine(
        photo, matrix, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    looks[1](aligned)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return cv2.imencode(".jpg", cv2.cvtColor(aligned, cv2.COLOR_RGB2BGR), options)[1].tobytes()
