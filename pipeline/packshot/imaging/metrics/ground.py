"""The ground around the product in the decoded file."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Pixels around the product in which a lossy file may ring, and how far its levels may be off there.
RING: Final = 16
RING_TOLERANCE: Final = 15


def ground_share(file: Pixels, wanted: Pixels, alpha: Pixels) -> float:
    """Share of ground pixels that are what they should be.

    Farther than `RING` pixels from the product that is exactly, within the ring up to
    `RING_TOLERANCE` levels in each channel: for white, at least 240.

    Args:
        file: (H, W, 3) uint8 RGB, the decoded file.
        wanted: likewise, what was compressed; or (1, 1, 3), one colour everywhere.
        alpha: (H, W) uint8; the ground is where it is 0.

    Returns:
        1 when there is no ground.
    """
    ground = cv2.threshold(alpha, 0, 255, cv2.THRESH_BINARY_INV)[1]
    total = cv2.countNonZero(ground)
    if total == 0:
        return 1.0
    reach = np.ones((2 * RING + 1, 2 * RING + 1), np.uint8)
    far = cv2.erode(ground, reach, borderType=cv2.BORDER_CONSTANT, borderValue=(255.0,))
    target = np.broadcast_to(wanted, file.shape) if wanted.shape != file.shape else wanted
    off = cv2.absdiff(file, np.ascontiguousarray(target))
    worst = cv2.max(cv2.max(off[..., 0], off[..., 1]), off[..., 2])
    allowed = np.where(far > 0, np.uint8(0), np.uint8(RING_TOLERANCE))
    wrong = cv2.bitwise_and(cv2.compare(worst, allowed, cv2.CMP_GT), ground)
    return 1.0 - cv2.countNonZero(wrong) / total
