"""A soft shadow under the product, made from its outline alone.

Two parts, as light from a large overhead source leaves them on a white table: a narrow dark one where the
product touches the ground, and a wide faint one around its foot. What does not stand on anything (a
shirt lying flat, a hanging lamp) has hardly a foot, and gets hardly a shadow.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

#: Darkness (0-1) of the two parts at their darkest.
_CONTACT: Final = 0.42
_AMBIENT: Final = 0.20
#: Heights over the product's lowest point, as shares of its height, below which a column counts as foot:
#: fully up to the first, not at all from the second on.
_TOUCHES: Final = (0.015, 0.15)
#: Softness and offset of the two parts, as shares of the product's longer side.
_CONTACT_BLUR: Final = (0.012, 0.004)
_AMBIENT_BLUR: Final = (0.05, 0.014)
#: Side, in pixels, at which the shadow is made; it has no detail that would need more.
_WORK_SIDE: Final = 512
_SOLID: Final = 128
#: Peak of the blurred foot below which the shadow is not brought up to full darkness.
_FAINT: Final = 0.25


def contact_shadow(alpha: Pixels) -> Pixels:
    """Darkness of the ground's shadow.

    Args:
        alpha: (H, W) uint8, the product's.

    Returns:
        (H, W) uint8, 0 no shadow, 255 black; the product itself is not cut out of it.
    """
    height, width = alpha.shape
    scale = min(1.0, _WORK_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    rows = np.flatnonzero((small >= _SOLID).any(axis=1))
    columns = np.flatnonzero((small >= _SOLID).any(axis=0))
    if not len(rows):
        return np.zeros_like(alpha)
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    longer = float(max(tall, wide))
    foot = _foot(small, rows[-1], tall)
    contact = _blurred(foot, longer, _CONTACT_BLUR)
    ambient = _blurred(foot, longer, _AMBIENT_BLUR)
    light = (1 - _CONTACT * contact) * (1 - _AMBIENT * ambient)
    shadow = np.rint(255 * (1 - light)).astype(np.uint8)
    return np.asarray(cv2.resize(shadow, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _foot(alpha: cv2.typing.MatLike, lowest: int, tall: int) -> Floats:
    """(h, w) 0-1: a thin band along the outline's lower edge, where that is near the ground."""
    solid = alpha >= _SOLID
    height = alpha.shape[0]
    bottom = height - 1 - np.argmax(solid[::-1], axis=0)
    above = (lowest - bottom) / tall
    touching = np.clip((_TOUCHES[1] - above) / (_TOUCHES[1] - _TOUCHES[0]), 0, 1) * solid.any(axis=0)
    y = np.arange(height)[:, None]
    thickness = max(2.0, 0.02 * tall)
    band = np.clip(1 - np.abs(y - (bottom - thickness / 2)[None]) / thickness, 0, 1)
    return np.asarray(np.minimum(band * 2, 1) * touching[None], np.float32)


def _blurred(foot: Floats, longer: float, blur: tuple[float, float]) -> Floats:
    """(h, w) 0-1: spread sideways more than upwards, and moved down from under the product."""
    across, down = blur[0] * longer, blur[1] * longer
    moved = cv2.warpAffine(foot, np.array([[1, 0, 0], [0, 1, down]], np.float64), foot.shape[1::-1])
    soft = cv2.GaussianBlur(moved, (0, 0), sigmaX=max(across, 0.5), sigmaY=max(across * 0.45, 0.5))
    # A wide foot is darkest at 1 whatever the blur; a small one stays lighter than that.
    return np.asarray(soft / max(float(soft.max()), _FAINT), np.float32)
