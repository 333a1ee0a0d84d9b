"""Exposure, contrast and clipping: what the product's histogram tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.metrics.view import ProductView

#: Side of the squares that are averaged first, so that noise moves no quantile.
_SQUARE: Final = 8
#: Likewise for clipping, which is an area and not the ink of a word.
_PATCH: Final = 4
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
    if not view.mask.any():
        return Light(level=128.0, span=0.0, clipped=0.0)
    squares = _averaged(view, _SQUARE)
    low, median, high, top = np.percentile(squares, (2, 50, 90, 98))
    return Light(
        level=float(median + high) / 2,
        span=float(top - low),
        clipped=_clipped(np.rint(_averaged(view, _PATCH)).astype(np.intp)),
    )


def _averaged(view: ProductView, side: int) -> NDArray[np.float32]:
    """Means over the squares that lie on the product; its pixels when none does."""
    size = (max(1, view.luma.shape[1] // side), max(1, view.luma.shape[0] // side))
    small = cv2.resize(np.asarray(view.luma, np.float32), size, interpolation=cv2.INTER_AREA)
    inside = cv2.resize(view.mask, size, interpolation=cv2.INTER_AREA)
    chosen = small[inside > 191]
    return np.asarray(chosen if chosen.size else view.luma[view.mask > 0], np.float32)


def _clipped(levels: NDArray[np.intp]) -> float:
    """Spikes at both ends of the histogram, wherever the ends are.

    Light that was cut off stays cut off when the photo is darkened afterwards, so the ends are the
    product's own and not 0 and 255.
    """
    share = np.bincount(levels) / levels.size
    used = np.flatnonzero(share)
    high = share[max(0, used[-1] - _SPIKE) :].sum()
    low = share[: used[0] + _SPIKE + 1].sum()
    return float(max(0.0, high - _TAIL) + max(0.0, low - _TAIL))
