"""Exposure, contrast and clipping: what the product's histogram tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from packshot.imaging.metrics.view import ProductView

#: Side of the squares that are averaged first, so that noise moves no quantile.
_SQUARE: Final = 8
#: Levels next to the brightest and darkest that count as cut off with them.
_SPIKE: Final = 1
#: Share of pixels that an unclipped picture has there anyway.
_TAIL: Final = 0.01


@dataclass(frozen=True, slots=True)
class Light:
    """Light on a product, in levels of 0-255.

    Attributes:
        level: mean of the median and the highlights (90th percentile).
        span: from the 2nd to the 98th percentile.
        clipped: share of the product that lies at the very end of its histogram, 0-1.
    """

    level: float
    span: float
    clipped: float


def light(view: ProductView) -> Light:
    """Measures a view; a view without product counts as mid grey."""
    luma, mask = view.luma, view.mask
    if not mask.any():
        return Light(level=128.0, span=0.0, clipped=0.0)
    low, median, high, top = np.percentile(_averaged(luma, mask), (2, 50, 90, 98))
    return Light(level=float(median + high) / 2, span=float(top - low), clipped=_clipped(luma, mask))


def _averaged(luma: cv2.typing.MatLike, mask: cv2.typing.MatLike) -> cv2.typing.MatLike:
    size = (max(1, luma.shape[1] // _SQUARE), max(1, luma.shape[0] // _SQUARE))
    small = cv2.resize(np.asarray(luma, np.float32), size, interpolation=cv2.INTER_AREA)
    inside = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    chosen = small[inside > 191]
    return chosen if chosen.size else luma[mask > 0]


def _clipped(luma: cv2.typing.MatLike, mask: cv2.typing.MatLike) -> float:
    """Spikes at both ends of the histogram, wherever the ends are.

    Light that was cut off stays cut off when the photo is darkened afterwards, so the ends are the
    product's own and not 0 and 255.
    """
    counts = cv2.calcHist([luma], [0], mask, [256], [0, 256]).ravel()
    share = counts / counts.sum()
    used = np.flatnonzero(share)
    high = share[max(0, used[-1] - _SPIKE) :].sum()
    low = share[: used[0] + _SPIKE + 1].sum()
    return float(max(0.0, high - _TAIL) + max(0.0, low - _TAIL))
