"""The eight EXIF orientations, as matrices and as turns of small arrays.

Only thumbnails are ever turned; for full pictures the orientation is folded into the one warp.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import Array

Scalar = TypeVar("Scalar", bound=np.generic)

#: Orientations whose upright picture swaps width and height.
_SWAPPED = frozenset({5, 6, 7, 8})


def upright_size(orientation: int, width: int, height: int) -> tuple[int, int]:
    """Width and height of the upright picture of a stored one, in pixels."""
    return (height, width) if orientation in _SWAPPED else (width, height)


def upright_matrix(orientation: int, width: int, height: int) -> Array:
    """The 2x3 matrix from stored to upright pixels (TIFF 6.0 / EXIF 2.32, tag 0x0112).

    Args:
        orientation: 1-8.
        width: of the picture as stored, in pixels.
        height: likewise.

    Raises:
        ValueError: the orientation is not one of 1-8.
    """
    right, bottom = float(width - 1), float(height - 1)
    rows: dict[int, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
        1: ((1, 0, 0), (0, 1, 0)),
        2: ((-1, 0, right), (0, 1, 0)),
        3: ((-1, 0, right), (0, -1, bottom)),
        4: ((1, 0, 0), (0, -1, bottom)),
        5: ((0, 1, 0), (1, 0, 0)),
        6: ((0, -1, bottom), (1, 0, 0)),
        7: ((0, -1, bottom), (-1, 0, right)),
        8: ((0, 1, 0), (-1, 0, right)),
    }
    if orientation not in rows:
        raise ValueError(f"an EXIF orientation is 1-8, not {orientation}")
    return np.array(rows[orientation], dtype=np.float64)


def upright(pixels: NDArray[Scalar], orientation: int) -> NDArray[Scalar]:
    """A picture (H, W, ...) turned upright; a contiguous copy unless the orientation is 1.

    Raises:
        ValueError: the orientation is not one of 1-8.
    """
    if not 1 <= orientation <= 8:
        raise ValueError(f"an EXIF orientation is 1-8, not {orientation}")
    if orientation == 1:
        return pixels
    if orientation in _SWAPPED:
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
