"""Islands of an alpha that are too small to be a product: a seam of the floor, a thread, dust."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: An island with less than this share of the largest one's alpha is a crumb, as in `imaging.segment`.
_CRUMB: Final = 0.01
#: Mean alpha of a pixel of the small size from which it belongs to an island.
_SEEN: Final = 2


def drop_crumbs(alpha: Pixels, size: tuple[int, int]) -> Pixels:
    """The alpha without its crumbs; the very same array when it has none.

    Args:
        alpha: (H, W) uint8.
        size: width and height at which islands are told apart, a few hundred pixels; what lies nearer
            to the product than one of these pixels counts as its edge.
    """
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    count, labels = cv2.connectedComponents((small >= _SEEN).astype(np.uint8), connectivity=8)
    if count <= 2:
        return alpha
    weight = np.bincount(labels.ravel(), small.ravel(), count)
    weight[0] = 0
    crumb = weight < _CRUMB * weight.max()
    crumb[0] = False
    if not crumb.any():
        return alpha
    # What is too faint to belong to an island goes with the crumb that it surrounds.
    around = cv2.dilate(crumb[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    kept = np.where(around & ((labels == 0) | crumb[labels]), np.uint8(0), np.uint8(255))
    mask = cv2.resize(kept, alpha.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(alpha, mask), np.uint8)
