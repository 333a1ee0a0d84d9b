"""The gate beside the speed: is the picture that came out as good?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CANVAS = 2000


@dataclass(frozen=True)
class Quality:
    """Of one finished JPEG, against the photo it was made of.

    Attributes:
        kilobytes: of the file.
        psnr: dB of the product's inside in luma, mean brightness aligned, against an area-exact warp.
        white: share of the pixels well off the product that are exactly 255.
    """

    kilobytes: float
    psnr: float
    white: float


def judge(
    data: bytes, photo: NDArray[np.uint8], alpha: NDArray[np.float32], matrix: NDArray[np.float64]
) -> Quality:
    """Measures a finished JPEG.

    Args:
        data: the JPEG, 2000 x 2000.
        photo: (H, W, 3) uint8 RGB, before its own JPEG compression.
        alpha: (H, W) float32, exact.
        matrix: photo pixels to canvas pixels, as the arm placed it.
    """
    made = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    truth = _exact_warp(photo, matrix)
    cover = _exact_warp(alpha, matrix)
    inside = cv2.erode((cover > 0.999).astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    outside = cv2.dilate((cover > 0.001).astype(np.uint8), np.ones((61, 61), np.uint8)) == 0
    difference = _luma(made)[inside] - _luma(truth)[inside]
    # A change of brightness is a matter of taste; lost or ringing detail is not.
    difference -= difference.mean()
    psnr = 10 * np.log10(255**2 / max(float((difference**2).mean()), 1e-9))
    return Quality(len(data) / 1000, float(psnr), float((made[outside].min(axis=1) == 255).mean()))


def _exact_warp(pixels: NDArray, matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    """Three times as fine as the canvas, then averaged: what a perfect warp would give."""
    fine = matrix.copy() * 3
    fine[:, 2] += 1
    size = (CANVAS * 3, CANVAS * 3)
    warped = cv2.warpAffine(pixels, fine, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(warped, (CANVAS, CANVAS), interpolation=cv2.INTER_AREA).astype(np.float32)


def _luma(rgb: NDArray) -> NDArray[np.float32]:
    return rgb.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
