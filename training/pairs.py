"""A picture and its alpha on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    """A picture and its alpha on disk (grey PNG, or the last channel of an RGBA one, which may be the
    picture itself).
    """

    image: Path
    alpha: Path


def read_pair(pair: Pair) -> tuple[Image, NDArray[np.uint8]]:
    """(BGR, alpha) of equal size."""
    image, alpha = (
        cv2.imread(str(pair.image), cv2.IMREAD_COLOR),
        cv2.imread(str(pair.alpha), cv2.IMREAD_UNCHANGED),
    )
    if image is None or alpha is None:
        raise ValueError(f"{pair.image} or {pair.alpha} is not readable")
    if alpha.ndim == 3:
        alpha = alpha[..., -1]
    if alpha.shape != image.shape[:2]:
        image = cv2.resize(image, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_AREA)
    return image, alpha
