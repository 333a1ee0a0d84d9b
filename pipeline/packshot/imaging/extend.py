"""The ground beyond the photo's edge, for pictures that keep their background.

The aligned picture repeats the photo's edge there, which draws streaks. Here these fade into a smooth fill
made of the ground inside: a pyramid of averages, each hole filled from the next coarser level.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

#: Side at which the fill is made; it is smoother than this anyway.
_WORK_SIDE: Final = 256
#: Width of the fade from the repeated edge to the fill, as a share of the picture's longer side.
_FADE: Final = 0.06
#: The fade's course, 0-255 to 0-255: without a kink at either end.
_EASE: Final = np.rint(255 * (t := np.arange(256) / 255) ** 2 * (3 - 2 * t)).astype(np.uint8)


def extend_ground(picture: Pixels, inside: Pixels, alpha: Pixels) -> Pixels:
    """The picture with its outside filled by the ground.

    Args:
        picture: (H, W, 3) uint8, the edge repeated outwards.
        inside: (H, W) uint8, 255 where the picture lies inside the photo.
        alpha: (H, W) uint8, the product's, whose colours must not bleed into the ground.

    Returns:
        (H, W, 3) uint8; exactly the input inside the photo.
    """
    height, width = inside.shape
    outside = cv2.bitwise_not(cv2.inRange(inside, 255, 255))
    if not cv2.countNonZero(outside):
        return picture
    longer = max(height, width)
    scale = min(1.0, _WORK_SIDE / longer)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    usable = cv2.bitwise_and(cv2.bitwise_not(outside), cv2.inRange(alpha, 0, 0))
    if not cv2.countNonZero(usable):
        usable = cv2.bitwise_not(outside)  # the product is all that there is to go by
    share = cv2.resize(usable, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
    hidden = cv2.bitwise_and(picture, cv2.cvtColor(usable, cv2.COLOR_GRAY2RGB))
    colours = cv2.resize(hidden, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    fill = _filled(colours, np.asarray(share, np.float32))
    soft = np.clip(np.rint(cv2.GaussianBlur(fill, (0, 0), 3)), 0, 255).astype(np.uint8)
    smooth = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5)
    steps = cv2.convertScaleAbs(distance, alpha=255 / (_FADE * longer))
    fade = cv2.cvtColor(cv2.LUT(steps, _EASE), cv2.COLOR_GRAY2RGB)  # 0 inside, so that the photo stays
    rest = cv2.multiply(picture, cv2.bitwise_not(fade), scale=1 / 255)
    return cv2.add(cv2.multiply(smooth, fade, scale=1 / 255), rest)  # type: ignore[return-value]


def _filled(weighted: Floats, share: Floats) -> Floats:
    """(h, w, 3) colours everywhere, from colours times share and the share (h, w, 1)."""
    height, width = share.shape[:2]
    known = weighted / np.maximum(share, 1e-6)
    # A cell that is known in part speaks for all of it, so that the fill keeps to the colours next to it.
    trust = np.minimum(share * 4, 1)
    if max(height, width) == 1 or trust.min() >= 1:
        return np.asarray(known, np.float32)
    half = (max(1, (width + 1) // 2), max(1, (height + 1) // 2))
    coarse = _filled(
        np.asarray(cv2.resize(known * trust, half, interpolation=cv2.INTER_AREA), np.float32),
        np.asarray(cv2.resize(trust, half, interpolation=cv2.INTER_AREA), np.float32)[..., None],
    )
    upper = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(known * trust + upper * (1 - trust), np.float32)
