"""PNG, by libpng through OpenCV; the chunks are walked first."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.errors import ImageError
from packshot.imaging import structure
from packshot.imaging.readers.opencv import decode_unchanged
from packshot.imaging.stored import Stored, check_size, exif_orientation, to_eight_bits

_PALETTE: Final = 3
_GREY_ALPHA: Final = 4


def read_png(data: bytes) -> Stored:
    """Reads a PNG of any colour type and depth; refuses an animated one."""
    check_size(*structure.png_size(data))
    header = structure.read_png(data)
    check_size(header.width, header.height)
    if header.frames > 1:
        raise ImageError("image_animated", frames=header.frames)
    pixels, alpha = _split(decode_unchanged(structure.png_pixels(data, header)), header)
    return Stored(
        pixels=to_eight_bits(pixels) if pixels.dtype == np.uint16 else pixels,
        alpha=to_eight_bits(alpha) if alpha is not None and alpha.dtype == np.uint16 else alpha,
        icc=None if header.srgb else header.icc,
        orientation=exif_orientation(header.exif),
        bit_depth=header.bit_depth,
    )


def _split(
    decoded: cv2.typing.MatLike, header: structure.PngHeader
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Grey or RGB samples and the alpha, in the file's depth."""
    channels = 1 if decoded.ndim == 2 else decoded.shape[2]
    if channels == 4:
        alpha = cv2.extractChannel(decoded, 3)
        if header.color_type == _GREY_ALPHA:  # a grey profile fits grey values only
            return cv2.extractChannel(decoded, 0), alpha
        return cv2.cvtColor(decoded, cv2.COLOR_BGRA2RGB), alpha
    pixels = decoded if channels == 1 else cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    # A chunk of another size says nothing, as libpng has it.
    if header.color_type == _PALETTE or len(header.transparent or b"") != 2 * channels:
        return pixels, None
    return pixels, _keyed_alpha(pixels, header)


def _keyed_alpha(pixels: NDArray[Any], header: structure.PngHeader) -> NDArray[np.uint8]:
    """Alpha of the one transparent grey or colour in tRNS, which OpenCV passes over."""
    assert header.transparent is not None  # noqa: S101 - the caller has looked; this tells the type checker
    # Of the two bytes only as many bits count as a sample has (PNG, third edition, 11.3.1.1).
    most = (1 << header.bit_depth) - 1
    levels = [
        int.from_bytes(header.transparent[at : at + 2], "big") & most
        for at in range(0, len(header.transparent), 2)
    ]
    if header.bit_depth < 8:
        levels = [level * 255 // most for level in levels]
    same = pixels == np.array(levels, pixels.dtype)[: 1 if pixels.ndim == 2 else 3]
    hidden = same if pixels.ndim == 2 else same.all(axis=2)
    return np.where(hidden, 0, 255).astype(np.uint8)
