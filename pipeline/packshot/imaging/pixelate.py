"""Pixelated previews: a few big blocks in the picture's colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.compose import resize_rgba

Pixels = NDArray[np.uint8]


def pixelate(picture: Pixels, blocks: int, longest_side: int) -> Pixels:
    """Shrinks by area to `blocks` along the longer side and blows up by nearest neighbour.

    Args:
        picture: (H, W, 3) RGB or (H, W, 4) RGBA uint8; colours count by their alpha.
        blocks: blocks along the longer side; never more than the picture has pixels.
        longest_side: pixels of the longer side of the result.

    Returns:
        (h, w, C) uint8 with hard block edges, of the picture's aspect.
    """
    height, width = picture.shape[:2]
    longer = max(width, height)
    columns, rows = (max(1, round(side * min(blocks, longer) / longer)) for side in (width, height))
    size = tuple(max(1, round(side * longest_side / longer)) for side in (width, height))
    if picture.shape[2] == 4:
        small = resize_rgba(picture, (columns, rows))
    else:
        small = np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    return cv2.resize(small, size, interpolation=cv2.INTER_NEAREST_EXACT)  # type: ignore[return-value]
