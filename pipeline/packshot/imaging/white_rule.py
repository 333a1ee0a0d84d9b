"""The white ground's rule, measured: what compress keeps and score judges.

White means exactly 255 on the ground of the composite and of lossless files. A JPEG rings around
the product: there it means exactly 255 farther than 16 px from the product and at least 240 nearer.

Soft edges are product. But a haze that the cut-out left on the ground is none, though its alpha is not 0:
what is covered by less than a quarter, farther than 16 px from all that is covered more, is ground.
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
#: Alpha of a quarter: with less, and off the ring of more, it is haze.
FAINT: Final = 64


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
    haze = haze_of(alpha)
    total = cv2.countNonZero(ground) + cv2.countNonZero(haze)
    if total == 0:
        return 1.0
    white = cv2.inRange(decoded, (255, 255, 255), (255, 255, 255))
    pure = cv2.bitwise_and(white, ground)
    rest = cv2.subtract(ground, pure)  # ground that is not quite white
    held = cv2.countNonZero(pure) + cv2.countNonZero(cv2.bitwise_and(white, haze))
    if not cv2.countNonZero(rest):
        return held / total
    near = _near_product(ground, rest)
    bright = cv2.inRange(decoded, (RING_FLOOR,) * 3, (255, 255, 255))
    allowed = cv2.bitwise_and(cv2.bitwise_and(rest, near), bright)
    return (held + cv2.countNonZero(allowed)) / total


def pure_ground_share(decoded: Pixels, alpha: Pixels) -> float:
    """Share (0-1) of the ground's pixels that are exactly 255: the rule for lossless files."""
    ground = cv2.bitwise_or(ground_of(alpha), haze_of(alpha))
    total = cv2.countNonZero(ground)
    white = cv2.bitwise_and(cv2.inRange(decoded, (255, 255, 255), (255, 255, 255)), ground)
    return cv2.countNonZero(white) / total if total else 1.0


def haze_of(alpha: Pixels) -> Pixels:
    """255 where the alpha is faint, but not 0, and off the ring of the product; (H, W) uint8."""
    product = cv2.threshold(alpha, FAINT - 1, 255, cv2.THRESH_BINARY)[1]
    faint = cv2.inRange(alpha, 1, FAINT - 1)
    # The square inside the ring's circle nearly always holds all soft edges.
    off = cv2.subtract(faint, cv2.dilate(product, _square()), dst=faint)
    if cv2.countNonZero(off):
        distance = cv2.distanceTransform(cv2.bitwise_not(product), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        off = cv2.bitwise_and(off, cv2.bitwise_not(cv2.inRange(distance, 0, RING_PX)))
    return np.asarray(off, np.uint8)


def _square() -> Pixels:
    """The square inside the ring's circle, as a kernel."""
    half = int(RING_PX / np.sqrt(2))
    return np.ones((2 * half + 1, 2 * half + 1), np.uint8)


def _near_product(ground: cv2.typing.MatLike, asked: cv2.typing.MatLike) -> cv2.typing.MatLike:
    """255 on ground pixels within the ring; exact where `asked` is not 0."""
    product = cv2.bitwise_not(ground)
    # The square inside the ring's circle is much cheaper, and nearly always all that is needed.
    square = cv2.dilate(product, _square())
    if not cv2.countNonZero(cv2.subtract(asked, square)):
        return square
    distance = cv2.distanceTransform(ground, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return cv2.inRange(distance, 0, RING_PX)


def too_dark(decoded: Pixels, ground: Pixels) -> Pixels:
    """255 where a ground pixel has a channel below the ring's floor, else 0."""
    bright = cv2.inRange(decoded, (RING_FLOOR,) * 3, (255, 255, 255))
    return cv2.bitwise_and(ground, cv2.bitwise_not(bright))  # type: ignore[return-value]
