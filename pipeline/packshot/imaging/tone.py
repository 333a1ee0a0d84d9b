"""Light in and out of sRGB levels, and lookup tables that scale it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Values = NDArray[np.float64]

#: Linear light from which a gain bends into its shoulder, so that nothing is clipped.
_KNEE: Final = 0.8


def to_linear(levels: Values) -> Values:
    """Levels 0-255 of sRGB to linear light 0-1 (IEC 61966-2-1)."""
    share = levels / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def to_levels(linear: Values) -> Values:
    """Linear light 0-1 to levels 0-255 of sRGB, not rounded."""
    linear = np.clip(linear, 0.0, 1.0)
    share = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(share * 255, np.float64)


def gain_table(gains: tuple[float, float, float]) -> Pixels:
    """(256, 3) uint8: each channel's light times its gain, with a soft shoulder.

    Light that would come out above `_KNEE` is bent so that full light stays full: nothing is clipped,
    and levels stay in their order.
    """
    light = to_linear(np.arange(256, dtype=np.float64))
    return np.stack([np.rint(to_levels(_scaled(light, gain))) for gain in gains], axis=1).astype(np.uint8)


def apply_table(picture: Pixels, table: Pixels) -> Pixels:
    """A picture (H, W, 3) through a table (256, 3)."""
    return np.asarray(cv2.LUT(picture, table.reshape(1, 256, 3)), np.uint8)


def _scaled(light: Values, gain: float) -> Values:
    scaled = light * gain
    if gain <= 1:
        return scaled
    # A parabola-like blend from the straight line at the knee to (1, 1); monotone for every gain.
    start = _KNEE / gain
    rest = np.clip((light - start) / (1 - start), 0.0, 1.0)
    slope = gain * (1 - start) / (1 - _KNEE)
    bent = _KNEE + (1 - _KNEE) * slope * rest / (1 + (slope - 1) * rest)
    return np.where(light <= start, scaled, bent)


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Thousandths of a level of (N, 3) uint8 RGB, as (N,) int32, by the weights of ITU-R BT.601.

    In whole numbers: the last bit of a product of floats hangs on where its memory lies, and equal colours
    would not stay equal.
    """
    red, green, blue = (pixels[:, channel].astype(np.int32) for channel in range(3))
    return np.asarray(299 * red + 587 * green + 114 * blue, np.int32)
