"""A JPEG whose ground holds the white rule, within the same byte budget."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from packshot.contracts.preset import Format
from packshot.imaging.budget import Fit
from packshot.imaging.dering import dering
from packshot.imaging.encode import encoder
from packshot.imaging.jpeg_tables import tables
from packshot.imaging.white_rule import RING_FLOOR, too_dark

Pixels = NDArray[np.uint8]


def hold_white(
    pixels: Pixels,
    ground: Pixels,
    fit: Fit,
    budget: int | None,
    lowest: int,
    name: str,
    *,
    at_any_price: bool,
) -> Fit:
    """Takes the ripples that are too dark out of a JPEG that was fitted to its budget.

    Blocks that hold no product decode to 255 by themselves at 4:4:4, so that only the ring's floor has to
    be looked after; most files of quality 90 and above come back as they are.

    Args:
        pixels: (H, W, 3) uint8 RGB composite, exactly 255 on the ground.
        ground: (H, W) uint8, 255 on the ground, else 0.
        fit: the file made of these pixels.
        budget: bytes that the file may have at most, or None.
        lowest: quality below which it does not go.
        name: of the rendition, for errors.
        at_any_price: rather lightens the product's edge visibly than gives no file.

    Returns:
        A file that holds the rule; without data when that needs a higher quality than the budget
        allows, so that the picture has to be made smaller.
    """
    encodes = fit.encodes
    for quality in range(fit.quality, lowest - 1, -1):
        data = fit.data if quality == fit.quality else encoder(pixels, Format.JPEG, name)(quality)
        assert data is not None  # noqa: S101 - only fits with a file are handed in
        seen: Pixels = simplejpeg.decode_jpeg(data)
        decoded: Pixels | None = seen
        dark = too_dark(seen, ground)
        if cv2.countNonZero(dark):
            changed = dering(pixels, ground, dark, _codec(quality), RING_FLOOR, _step(quality), at_any_price)
            if changed is None:
                break  # a lower quality would ring more
            data = encoder(changed, Format.JPEG, name)(quality)
            decoded = None
            encodes += 1
        if budget is None or len(data) <= budget:
            return Fit(data, quality, len(data), encodes, decoded)
    return Fit(None, lowest, fit.smallest, encodes)


def _codec(quality: int) -> Callable[[Pixels], Pixels]:
    def roundtrip(pixels: Pixels) -> Pixels:
        decoded: Pixels = simplejpeg.decode_jpeg(encoder(pixels, Format.JPEG)(quality))
        return decoded

    return roundtrip


def _step(quality: int) -> float:
    return float(np.median(tables(quality)[0]))
