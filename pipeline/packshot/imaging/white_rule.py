"""The white ground's rule, measured: what compress keeps and score judges.

White means exactly 255 on the ground of the composite and of lossless files. A JPEG rings around
the product: there it means exactly 255 farther than 16 px from the product and at least 240 nearer.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Distance in pixels up to which a JPEG may ring, and the darkest channel value that it may reach there.
RING_PX: Final = 16
RING_FLOOR: Final = 240


def ground_of(alpha: Pixels) -> Pixels:
    """255 where the ground shows alone (alpha 0), else 0; (H, W) uint8."""
    return cv2.compare(alpha, 0, cv2.CMP_EQ)  # type: ignore[call-overload, no-any-return]


def white_ground_share(decoded: Pixels, alpha: Pixels) -> float:
    """Share (0-1) of the ground's pixels that hold the rule for JPEGs; 1 when there is no ground.

    Args:
        decoded: (H, W, 3) uint8 RGB, as decoded from the final file.
        alpha: (H, W) uint8 of the same size.
    """
    ground = ground_of(alpha)
    total = cv2.countNonZero(ground)
    if total == 0:
        return 1.0
    pure = cv2.bitwise_and(cv2.inRange(decoded, (255, 255, 255), (255, 255, 255)), ground)
    rest = cv2.subtract(ground, pure)  # ground that is not quite white
    if not cv2.countNonZero(rest):
        return 1.0
    near = _near_product(ground, rest)
    bright = cv2.inRange(decoded, (RING_FLOOR,) * 3, (255, 255, 255))
    allowed = cv2.bitwise_and(cv2.bitwise_and(rest, near), bright)
    return (cv2.countNonZero(pure) + cv2.countNonZero(allowed)) / total


def pure_ground_share(decoded: Pixels, alpha: Pixels) -> float:
    """Share (0-1) of the ground's pixels that are exactly 255: the rule for lossless files."""
    ground = ground_of(alpha)
    total = cv2.countNonZero(ground)
    white = cv2.bitwise_and(cv2.inRange(decoded, (255, 255, 255), (255, 255, 255)), ground)
    return cv2.countNonZero(white) / total if total else 1.0


def _near_product(ground: cv2.typing.MatLike, asked: cv2.typing.MatLike) -> cv2.typing.MatLike:
    """255 on ground pixels within the ring; exact where `asked` is not 0."""
    product = cv2.bitwise_not(ground)
    # The square inside the ring's circle is much cheaper, and nearly always all that is needed.
    half = int(RING_PX / np.sqrt(2))
    square = cv2.dilate(product, np.ones((2 * half + 1, 2 * half + 1), np.uint8))
    if not cv2.countNonZero(cv2.subtract(asked, square)):
        return square
    distance = cv2.distanceTransform(ground, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return cv2.inRange(distance, 0, RING_PX)


def too_dark(decoded: Pixels, ground: Pixels) -> Pixels:
    """255 where a ground pixel has a channel below the ring's floor, else 0."""
    bright = cv2.inRange(decoded, (RING_FLOOR,) * 3, (255, 255, 255))
    return cv2.bitwise_and(ground, cv2.bitwise_not(bright))  # type: ignore[return-value]
