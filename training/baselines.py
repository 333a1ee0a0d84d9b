"""What anyone can do without a network: the two methods that the shipped weights are measured against.

RGB uint8 [h, w, 3] in, alpha float32 [h, w] in {0, 1} out. Both work at 320 px, as the network does.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.pseudomasks import border_colour_mask, grabcut, resize_longest

Image = NDArray[np.uint8]
Alpha = NDArray[np.float32]
SIDE = 320


def _full_size(mask: NDArray[np.bool_], image: Image) -> Alpha:
    scaled = cv2.resize(
        mask.astype(np.float32), (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    return (scaled >= 0.5).astype(np.float32)


def border_colour_otsu(image: Image) -> Alpha:
    """Distance to the border's colours, cut by Otsu."""
    small = resize_longest(np.ascontiguousarray(image[..., ::-1]), SIDE)
    return _full_size(border_colour_mask(small), image)


def grabcut_rectangle(image: Image) -> Alpha:
    """GrabCut from a rectangle 4 % inside the frame, five rounds."""
    small = resize_longest(np.ascontiguousarray(image[..., ::-1]), SIDE)
    h, w = small.shape[:2]
    x, y = round(0.04 * w), round(0.04 * h)
    return _full_size(grabcut(small, (x, y, w - 2 * x, h - 2 * y), rounds=5), image)
