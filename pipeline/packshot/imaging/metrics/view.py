"""The product as the measures see it: its box, shrunk to a standard size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import BoxTuple

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

#: Longer side of the product's box in a view, pixels. About what a shop's product page shows.
STANDARD: Final = 1024
#: Pixels next to the outline that are left out: they hold the ground, and the cut.
_RIM: Final = 6


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product, its longer side at most `STANDARD` pixels.

    Attributes:
        luma: (h, w) uint8, Rec. 601.
        mask: (h, w) uint8, 255 on the product without its rim, 0 elsewhere.
        zoom: standard pixels per pixel of the view; above 1 when the product has fewer than `STANDARD`.
    """

    luma: Pixels
    mask: Pixels
    zoom: float

    @property
    def area(self) -> int:
        """Pixels of the product."""
        return int(np.count_nonzero(self.mask))


def view(picture: Pixels, alpha: Pixels, box: BoxTuple) -> ProductView:
    """The view of a product.

    Args:
        picture: (H, W, 3) uint8 RGB.
        alpha: (H, W) uint8.
        box: of the product in both, pixels.

    Returns:
        The box alone. A product so thin that nothing is left within its rim keeps the rim.
    """
    rows, columns = box_slices(box, alpha.shape[0], alpha.shape[1])
    luma = cv2.cvtColor(picture[rows, columns], cv2.COLOR_RGB2GRAY)
    mask: cv2.typing.MatLike = alpha[rows, columns]
    longer = max(luma.shape)
    if longer > STANDARD:
        size = tuple(max(1, round(side * STANDARD / longer)) for side in reversed(luma.shape))
        luma = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
        # Its rim is left out anyway, so it need not be averaged.
        mask = cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR)
    return ProductView(np.asarray(luma, np.uint8), _interior(mask), STANDARD / max(luma.shape))


def box_slices(box: BoxTuple, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns of a box, within a picture of that size and never empty."""
    x, y, w, h = box
    left, top = max(0, round(x + 0.5)), max(0, round(y + 0.5))
    right, bottom = min(width, round(x + w + 0.5)), min(height, round(y + h + 0.5))
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def _interior(alpha: cv2.typing.MatLike) -> Pixels:
    solid = cv2.threshold(alpha, 249, 255, cv2.THRESH_BINARY)[1]
    kernel = np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)
    # The frame's edge is no outline of the product: it may go on there.
    inner = cv2.erode(solid, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=(255.0,))
    chosen = inner if 20 * cv2.countNonZero(inner) > cv2.countNonZero(solid) else solid
    return np.asarray(chosen, np.uint8)
