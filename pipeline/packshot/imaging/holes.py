"""Which holes of an alpha are holes: those through which the ground is seen.

A network that is unsure of a print opens the product there. A real hole (a ring, a handle) shows the
ground's colours; a print seldom does, and then it is closed.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

#: Below this alpha a pixel inside the product belongs to an opening, with its soft rim.
_OPEN: Final = 0.9
#: Share of an opening's pixels that must have a colour of the ground.
_GROUND_SHARE: Final = 0.6
#: Fewer pixels of ground tell nothing.
_LEAST_GROUND: Final = 200
#: Levels per bin of the colour table; neighbouring bins count as equal.
_BIN: Final = 16


def close_false_holes(alpha: Floats, picture: Pixels) -> Floats:
    """The alpha with every opening closed that does not show the ground.

    Args:
        alpha: (h, w) float32, 0-1.
        picture: (h, w, 3) uint8 RGB, of the same size.
    """
    count, labels = cv2.connectedComponents((alpha < _OPEN).astype(np.uint8), connectivity=4)
    around = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    inner = np.setdiff1d(np.arange(1, count), around)
    ground = (alpha < 0.05) & np.isin(labels, around[around > 0])
    if inner.size == 0 or int(np.count_nonzero(ground)) < _LEAST_GROUND:
        return alpha
    like_ground = _colours_of(picture[ground])[_bins(picture)]
    # An opening is judged by what is surely in it; its rim mixes both sides.
    core = alpha < np.float32(0.5)
    size = np.bincount(labels.ravel(), core.ravel(), count)
    alike = np.bincount(labels.ravel(), (core & like_ground).ravel(), count)
    false = np.zeros(count, bool)
    false[inner] = alike[inner] < _GROUND_SHARE * np.maximum(size[inner], 1)
    return np.where(false[labels], np.float32(1.0), alpha)


def _bins(pixels: Pixels) -> NDArray[np.intp]:
    """The bin of each colour, 0-4095."""
    r, g, b = (pixels[..., channel].astype(np.intp) // _BIN for channel in range(3))
    return r * 256 + g * 16 + b


def _colours_of(pixels: Pixels) -> NDArray[np.bool_]:
    """(4096,) True for the bins that hold the colours of (n, 3) pixels, and for their neighbours."""
    filled = np.zeros((18, 18, 18), bool)
    counts = np.bincount(_bins(pixels), minlength=4096).reshape(16, 16, 16)
    filled[1:-1, 1:-1, 1:-1] = counts > 0
    for axis in range(3):
        filled = filled | np.roll(filled, 1, axis) | np.roll(filled, -1, axis)
    return filled[1:-1, 1:-1, 1:-1].reshape(-1)
