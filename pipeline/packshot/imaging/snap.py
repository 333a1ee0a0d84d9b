"""Draws a coarse mask's edge to where the picture has it, so that a box is good to a pixel of the canvas.

A network's mask is some 320 pixels wide and its edge a pixel of it off here and there: one or two per
cent of a product, where a marketplace measures its fill. A guided filter on a finer copy of the picture,
around the product only, moves the edge onto the picture's own; averaged back to the coarse mask it is
there as soft pixels, which `segment` reads below a pixel.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import Array, compose, invert, resampling
from packshot.imaging.guided import apply, guided_coefficients
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.segment import INSIDE
from packshot.imaging.warp import warp

Mask = NDArray[np.uint8]

#: Longer side of the finer copy, pixels, at most.
_FINE_SIDE: Final = 480
_MOST_TIMES: Final = 6
#: How far an edge may move, and the room around the product, coarse pixels.
_REACH: Final = 5
_ROOM: Final = 2 * _REACH
#: Variance of the guide below which there is no edge to move to (0-1 squared).
_EPSILON: Final = 1e-4


def snap(picture: Pyramid, mask: Mask, mask_to_picture: Array) -> Mask:
    """The mask with its edge on the picture's.

    Args:
        picture: as stored.
        mask: (h, w) uint8, soft, over the whole upright picture.
        mask_to_picture: mask pixels to stored pixels of the picture.

    Returns:
        A mask of the same shape; the one given where there is nothing to gain.
    """
    x, y, width, height = cv2.boundingRect((mask >= INSIDE).astype(np.uint8))
    left, top = max(0, x - _ROOM), max(0, y - _ROOM)
    right, bottom = min(mask.shape[1], x + width + _ROOM), min(mask.shape[0], y + height + _ROOM)
    coarse = mask[top:bottom, left:right]
    times = min(_MOST_TIMES, _FINE_SIDE // max(coarse.shape), int(1 / _scale(mask_to_picture)))
    if times < 2:
        return mask
    size = (coarse.shape[1] * times, coarse.shape[0] * times)
    to_mask = np.array([[1.0, 0, left], [0, 1.0, top]])
    from_fine = compose(mask_to_picture, compose(to_mask, resampling(1 / times)))
    guide = warp(picture, invert(from_fine), size).astype(np.float32) * np.float32(1 / 255)
    start = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR).astype(np.float32) * np.float32(1 / 255)
    fine = apply(guided_coefficients(guide, start, _REACH * times, _EPSILON), guide)
    back = cv2.resize(fine, (coarse.shape[1], coarse.shape[0]), interpolation=cv2.INTER_AREA)
    snapped = mask.copy()
    band = _band(coarse)
    snapped[top:bottom, left:right][band] = np.rint(back[band] * 255).astype(np.uint8)
    return snapped


def _scale(mask_to_picture: Array) -> float:
    """Mask pixels per picture pixel."""
    return 1 / float(np.sqrt(abs(np.linalg.det(mask_to_picture[:, :2]))))


def _band(coarse: Mask) -> NDArray[np.bool_]:
    """Within reach of the mask's edge; elsewhere the network's word stands."""
    inside = (coarse >= INSIDE).astype(np.uint8)
    kernel = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    return np.asarray(cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, kernel) > 0)
