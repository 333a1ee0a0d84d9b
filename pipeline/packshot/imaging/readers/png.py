"""PNG, by libpng through OpenCV; the chunks are walked first."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.errors import ImageError
from packshot.imaging import structure
from packshot.imaging.stored import Stored, check_size, exif_orientation, to_eight_bits


def read_png(data: bytes) -> Stored:
    """Reads a PNG of any colour type and depth; refuses an animated one."""
    check_size(*structure.png_size(data))
    header = structure.read_png(data)
    check_size(header.width, header.height)
    if header.frames > 1:
        raise ImageError("image_animated", frames=header.frames)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise ImageError("image_corrupt", reason="its picture data can't be decoded")
    values = to_eight_bits(decoded) if decoded.dtype == np.uint16 else decoded  # type: ignore[arg-type]
    channels = 1 if values.ndim == 2 else values.shape[2]
    pixels, alpha = values, None
    if channels == 3:
        pixels = cv2.cvtColor(values, cv2.COLOR_BGR2RGB)
    elif channels == 4:
        alpha = cv2.extractChannel(values, 3)
        pixels = cv2.cvtColor(values, cv2.COLOR_BGRA2RGB)
        if header.color_type in {0, 4} and header.icc is not None:
            pixels = cv2.extractChannel(pixels, 0)  # a grey profile fits grey values only
    return Stored(
        pixels=pixels,  # type: ignore[arg-type]
        alpha=alpha,  # type: ignore[arg-type]
        icc=None if header.srgb else header.icc,
        orientation=exif_orientation(header.exif),
        bit_depth=header.bit_depth,
    )
