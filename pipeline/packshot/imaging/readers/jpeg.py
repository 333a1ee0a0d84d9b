"""JPEG, by libjpeg-turbo through simplejpeg: the fastest full decode there is from Python."""

from __future__ import annotations

import cv2
import numpy as np
import simplejpeg

from packshot.errors import ImageError
from packshot.imaging.jpeg_file import JpegHeader, has_end, read_header
from packshot.imaging.stored import Pixels, Stored, check_size, exif_orientation, exif_says_adobe_rgb

_COLORSPACES = {1: "GRAY", 3: "RGB", 4: "CMYK"}


def read_jpeg(data: bytes) -> Stored:
    """Reads a JPEG; of an MPO or motion photo its first picture."""
    header = read_header(data)
    check_size(header.width, header.height)
    if header.components not in _COLORSPACES or header.precision != 8:
        raise ImageError(
            "image_corrupt",
            reason=f"{header.components} components of {header.precision} bits are no JPEG for photos",
        )
    if not has_end(data):
        raise ImageError("image_truncated")
    pixels = _decode(data, header)
    if header.components == 4 and header.adobe:
        pixels = cv2.bitwise_not(pixels)  # type: ignore[assignment]
    return Stored(
        pixels=pixels[..., 0] if header.components == 1 else pixels,
        icc=header.icc,
        orientation=exif_orientation(header.exif),
        adobe_rgb=header.icc is None and header.components == 3 and exif_says_adobe_rgb(header.exif),
    )


def _decode(data: bytes, header: JpegHeader) -> Pixels:
    """Decodes, refusing what libjpeg would only warn of, except for warnings that cost no pixel."""
    colorspace = _COLORSPACES[header.components]
    try:
        pixels = simplejpeg.decode_jpeg(data, colorspace)
    except ValueError as error:
        reason = str(error)
        if "Premature end of JPEG file" in reason:
            raise ImageError("image_truncated") from error
        if "extraneous bytes" not in reason:
            raise ImageError("image_corrupt", reason="its picture data can't be decoded") from error
        pixels = simplejpeg.decode_jpeg(data, colorspace, strict=False)
    decoded: Pixels = np.asarray(pixels)
    return decoded
