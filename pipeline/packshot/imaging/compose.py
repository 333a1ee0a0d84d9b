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


def composite(picture: Pixels, alpha: Pixels, ground: Colour, shadow: Pixels | None = None) -> Pixels:
    """Picture over ground: picture alpha + ground (1 - alpha) (1 - shadow), in whole levels.

    Args:
        picture: (H, W, 3) uint8, not premultiplied.
        alpha: (H, W) uint8.
        ground: RGB levels.
        shadow: (H, W) uint8 darkness of the ground, or None for none.

    Returns:
        (H, W, 3) uint8; exactly the ground where alpha and shadow are 0, exactly the picture where alpha
        is 255.
    """
    weight = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    product = cv2.multiply(picture, weight, scale=1 / 255)
    rest = cv2.bitwise_not(weight)
    if shadow is not None:
        rest = cv2.multiply(rest, cv2.cvtColor(cv2.bitwise_not(shadow), cv2.COLOR_GRAY2RGB), scale=1 / 255)
    if ground != WHITE:
        rest = cv2.LUT(rest, np.rint(np.arange(256)[:, None] * np.array(ground) / 255).astype(np.uint8)[None])
    return cv2.add(product, rest)  # type: ignore[return-value]


def with_alpha(picture: Pixels, alpha: Pixels, shadow: Pixels | None = None) -> Pixels:
    """(H, W, 4) RGBA; a shadow joins it as translucent black.

    White stands where nothing is seen: what was behind the product must not travel along.
    """
    if shadow is not None:
        # Alpha of two layers, and the upper one's colour weighted by its part in it (Porter and Duff, over).
        below = cv2.multiply(shadow, cv2.bitwise_not(alpha), scale=1 / 255)
        both = cv2.add(alpha, below)
        part = np.divide(alpha, both, out=np.zeros(alpha.shape, np.float32), where=both > 0)
        picture = np.rint(picture * part[..., None]).astype(np.uint8)
        alpha = both  # type: ignore[assignment]
    unseen = cv2.cvtColor(cv2.compare(alpha, 0, cv2.CMP_EQ), cv2.COLOR_GRAY2RGB)  # type: ignore[call-overload]
    rgba = cv2.cvtColor(cv2.bitwise_or(picture, unseen), cv2.COLOR_RGB2RGBA)
    return cv2.insertChannel(alpha, rgba, 3)  # type: ignore[return-value]


def resize_rgba(rgba: Pixels, size: tuple[int, int]) -> Pixels:
    """(H, W, 4) RGBA shrunk by area to (width, height), its colours weighted by their alpha."""
    alpha = cv2.extractChannel(rgba, 3)
    weighted = cv2.multiply(rgba, cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGBA), scale=1 / 255)
    weighted = cv2.insertChannel(alpha, weighted, 3)
    small = cv2.resize(weighted, size, interpolation=cv2.INTER_AREA)
    covered = cv2.extractChannel(small, 3)
    colours = unpremultiply(cv2.cvtColor(small, cv2.COLOR_RGBA2RGB), covered)  # type: ignore[arg-type]
    return with_alpha(colours, covered)  # type: ignore[arg-type]
