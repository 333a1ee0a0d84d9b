"""A picture halved again and again, each level made once and only when asked for.

Halving is the 2 x 2 mean. A pixel x of level n lies at 2**n * x + (2**n - 1) / 2 of the picture.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import Array, resampling

Pixels = NDArray[np.uint8]

#: After halving, the last step shrinks to at most this and to more than half of it.
_LARGEST_STEP: Final = 0.8


class Pyramid:
    """Halved copies of one picture (H, W) or (H, W, 3), which must not change meanwhile.

    The first halving of a 12-megapixel photo takes 8 ms, so detect and align share it in a worker.
    """

    def __init__(self, pixels: Pixels) -> None:
        self._levels = [pixels]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture itself."""
        height, width = self._levels[0].shape[:2]
        return (width, height)

    def level(self, number: int) -> Pixels:
        """The picture halved `number` times, or as often as both sides allow (see `deepest`)."""
        number = min(number, self.deepest)
        while len(self._levels) <= number:
            self._levels.append(_halved(self._levels[-1]))
        return self._levels[number]

    @property
    def deepest(self) -> int:
        """The last level on which both sides have at least one pixel."""
        return min(self.size).bit_length() - 1

    def matrix(self, number: int) -> Array:
        """The map from a level's pixels to the picture's."""
        return resampling(float(2 ** min(number, self.deepest)))

    def level_for(self, scale: float) -> int:
        """The level from which to shrink to `scale` in one bilinear step.

        Halving and a bilinear step of nearly one each blur; a bilinear step far below one half skips
        pixels. On sharp text the two errors are equal at a step of 0.38 to 0.4 (docs/decisions/0013).
        """
        number = 0
        while number < self.deepest and scale * 2 ** (number + 1) <= _LARGEST_STEP:
            number += 1
        return number


def _halved(pixels: Pixels) -> Pixels:
    # An odd last row or column is left out, so that the halves' pixels stay where they belong.
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    even = pixels[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
