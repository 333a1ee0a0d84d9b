"""The cut: how narrow and smooth the alpha's edge is, and whether it follows the picture's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Squared gradient, levels^2 / pixel^2, below which a picture's edge tells no direction.
_FAINT: Final = 16.0
_MEDIAN: Final = 5


@dataclass(frozen=True, slots=True)
class Edges:
    """The alpha's edge.

    Attributes:
        width: of the soft band, pixels of the given size.
        ragged: pixels that a median filter would change, over the pixels of the outline. Specks,
            pin-holes and steps count; a smooth outline has almost none.
        agreement: 0-1, how well the alpha's gradient lies along the picture's; 0.5 is chance, and what
            is said where the picture shows no edge (white on white).
    """

    width: float
    ragged: float
    agreement: float


def edges(alpha: Pixels, picture: Pixels) -> Edges:
    """Measures the cut of a product.

    Args:
        alpha: (h, w) uint8.
        picture: (h, w, 3) uint8 RGB on its own ground, before it was cut out.

    Returns:
        A perfect edge when there is none: the product is everywhere.
    """
    solid = cv2.threshold(alpha, 127, 255, cv2.THRESH_BINARY)[1]
    smooth = cv2.medianBlur(solid, _MEDIAN)
    # Specks have an outline, too, which must not dilute them; but a thin product is all outline.
    outline = _outline(smooth) or _outline(solid)
    if outline == 0:
        return Edges(width=0.0, ragged=0.0, agreement=1.0)
    soft = cv2.countNonZero(cv2.inRange(alpha, np.array(13), np.array(242)))
    changed = cv2.countNonZero(cv2.absdiff(solid, smooth))
    return Edges(soft / outline, changed / outline, _agreement(alpha, picture))


def _outline(solid: cv2.typing.MatLike) -> int:
    """Pixels of a mask (0 or 255) that touch its outside."""
    inner = cv2.erode(solid, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE)
    return cv2.countNonZero(solid) - cv2.countNonZero(inner)


def _agreement(alpha: Pixels, picture: Pixels) -> float:
    """Mean cos^2 between both gradients on the edge, weighted by the alpha's."""
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    ax, ay = _gradient(alpha)
    strength = ax * ax + ay * ay
    edge = strength > 64
    if not edge.any():
        return 0.5
    gx, gy = _gradient(gray)
    weight = strength[edge]
    along = (ax[edge] * gx[edge] + ay[edge] * gy[edge]) ** 2 / weight
    total = (gx[edge] ** 2 + gy[edge] ** 2) + _FAINT
    # `_FAINT` counts as an edge in no direction: half along, half across.
    return float(np.average((along + _FAINT / 2) / total, weights=weight))


def _gradient(values: cv2.typing.MatLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    soft = cv2.GaussianBlur(values, (0, 0), 1.0)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
    return np.asarray(across, np.float32), np.asarray(down, np.float32)
