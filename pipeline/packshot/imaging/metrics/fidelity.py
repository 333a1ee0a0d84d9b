"""What compression took from the product: structural similarity of the file and what it was made from."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import BoxTuple
from packshot.imaging.metrics.view import box_slices

Pixels = NDArray[np.uint8]
Values = NDArray[np.float32]

_WINDOW: Final = 8
#: Longer side above which the pictures are halved: SSIM is meant for the size at which one looks.
_LARGEST: Final = 1200
#: Wang's constants for 8-bit levels.
_C1: Final = (0.01 * 255) ** 2
_C2: Final = (0.03 * 255) ** 2


def fidelity(file: Pixels, original: Pixels, alpha: Pixels, box: BoxTuple) -> float:
    """Mean SSIM of the luminance on the product, 0-1.

    Wang et al. (Image quality assessment, IEEE TIP 13, 2004) over non-overlapping windows of 8 x 8,
    each weighted by how much of the product it holds.

    Args:
        file: (H, W, 3) uint8 RGB, the decoded file.
        original: (H, W, 3) uint8 RGB, what was compressed.
        alpha: (H, W) uint8.
        box: of the product, pixels.
    """
    window = box_slices(box, alpha.shape[0], alpha.shape[1])
    x, y = (_luma(picture[window]) for picture in (file, original))
    weight = _means(np.asarray(_halved(alpha[window]), np.float32))
    mean_x, mean_y = _means(x), _means(y)
    product = mean_x * mean_y
    squares = mean_x**2 + mean_y**2
    variances = _means(x * x) + _means(y * y) - squares
    covariance = _means(x * y) - product
    similarity = (2 * product + _C1) * (2 * covariance + _C2) / ((squares + _C1) * (variances + _C2))
    total = float(weight.sum())
    return float((similarity * weight).sum()) / total if total > 0 else 1.0


def _luma(picture: Pixels) -> Values:
    return np.asarray(_halved(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)), np.float32)


def _halved(values: cv2.typing.MatLike) -> cv2.typing.MatLike:
    while max(values.shape) > _LARGEST:
        size = (max(1, values.shape[1] // 2), max(1, values.shape[0] // 2))
        even = values[: 2 * size[1], : 2 * size[0]]
        values = cv2.resize(even, size, interpolation=cv2.INTER_AREA)
    return values


def _means(values: Values) -> Values:
    rows, columns = max(1, values.shape[0] // _WINDOW), max(1, values.shape[1] // _WINDOW)
    whole = values[: rows * _WINDOW, : columns * _WINDOW]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
