"""The finished picture on its ground."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.stored import unpremultiply

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)


def parse_colour(background: str) -> Colour:
    """`white` or `#RRGGBB` to RGB levels."""
    if background == "white":
        return WHITE
    return int(background[1:3], 16), int(background[3:5], 16), int(background[5:7], 16)


def composite(picture: Pixels, alpha: Pixels, ground: Colour) -> Pixels:
    """Picture over ground: ground + (picture - ground) alpha / 255, in whole levels.

    Args:
        picture: (H, W, 3) uint8, not premultiplied.
        alpha: (H, W) uint8.
        ground: RGB levels.

    Returns:
        (H, W, 3) uint8; exactly the ground where alpha is 0 and exactly the picture where it is 255.
    """
    weight = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    product = cv2.multiply(picture, weight, scale=1 / 255)
    if ground == WHITE:
        return cv2.add(product, cv2.bitwise_not(weight))  # type: ignore[return-value]
    rest = 255 - np.arange(256)
    table = np.rint(rest[:, None] * np.array(ground) / 255).astype(np.uint8)[None]
    return cv2.add(product, cv2.LUT(weight, table))  # type: ignore[return-value]


def with_alpha(picture: Pixels, alpha: Pixels) -> Pixels:
    """(H, W, 4) RGBA, with white where alpha is 0: what was behind the product must not travel along."""
    rgba = cv2.merge([*cv2.split(picture), alpha])
    rgba[alpha == 0] = (255, 255, 255, 0)
    return rgba  # type: ignore[return-value]


def resize_rgba(rgba: Pixels, size: tuple[int, int]) -> Pixels:
    """(H, W, 4) RGBA shrunk by area to (width, height), its colours weighted by their alpha."""
    alpha = cv2.extractChannel(rgba, 3)
    weighted = cv2.multiply(rgba, cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)]), scale=1 / 255)
    small = cv2.resize(weighted, size, interpolation=cv2.INTER_AREA)
    covered = cv2.extractChannel(small, 3)
    colours = unpremultiply(cv2.cvtColor(small, cv2.COLOR_RGBA2RGB), covered)  # type: ignore[arg-type]
    return with_alpha(colours, covered)  # type: ignore[arg-type]
