"""Pixels to file bytes: JPEG, WebP, AVIF and PNG, without any metadata.

A file without a profile is read as sRGB everywhere, so nothing is spent on saying it (AVIF says it in
its mandatory colour box). The same pixels and quality give the same bytes: no threads, no dates.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.contracts.preset import Format
from packshot.errors import RenditionError
from packshot.imaging.jpeg_tables import tables

Pixels = NDArray[np.uint8]
#: Quality (1-100, ignored by lossless formats) to file bytes.
Encoder = Callable[[int], bytes]

#: Method and speed where the next step costs several times as much for a few percent of bytes.
_WEBP_METHOD: Final = 4
_AVIF_SPEED: Final = 9


def encoder(pixels: Pixels, file_format: Format, name: str = "the picture") -> Encoder:
    """Prepares a picture once for encoding at several qualities.

    Args:
        pixels: (H, W, 3) RGB or (H, W, 4) RGBA uint8 in sRGB; a JPEG takes only RGB.
        file_format: what to write.
        name: of the rendition, for the error.

    Returns:
        A function of the quality; it raises `RenditionError("rendition_failed")` when the format can't
        hold the picture.
    """
    if file_format is Format.JPEG and pixels.shape[2] != 3:
        raise RenditionError(
            "rendition_failed", rendition=name, format="JPEG", reason="a JPEG can't be transparent"
        )
    encode = _ENCODERS[file_format](pixels)

    def checked(quality: int) -> bytes:
        try:
            return encode(quality)
        except (cv2.error, OSError, ValueError) as error:
            raise RenditionError(
                "rendition_failed", rendition=name, format=file_format.value.upper(), reason=str(error)
            ) from error

    return checked


def _jpeg(pixels: Pixels) -> Encoder:
    """4:4:4, since halved colour bleeds 16 pixels into the white; optimised codes, no progressive scans."""
    image = Image.fromarray(pixels)

    def written(quality: int, optimize: bool) -> bytes:
        target = io.BytesIO()
        image.save(target, "JPEG", qtables=tables(quality), subsampling=0, optimize=optimize)
        return target.getvalue()

    def encode(quality: int) -> bytes:
        try:
            return written(quality, optimize=True)
        except OSError:
            # For optimised codes Pillow has room for two bytes a pixel; much noise takes more.
            return written(quality, optimize=False)

    return encode


def _png(pixels: Pixels) -> Encoder:
    swapped = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    return lambda _quality: _cv2_bytes(".png", swapped, ())


def _cv2_bytes(extension: str, pixels: cv2.typing.MatLike, options: tuple[int, ...]) -> bytes:
    written, data = cv2.imencode(extension, pixels, options)
    if not written:
        raise ValueError("the encoder refused it")
    return data.tobytes()


def _webp(pixels: Pixels) -> Encoder:
    image = Image.fromarray(pixels)

    def encode(quality: int) -> bytes:
        target = io.BytesIO()
        image.save(target, "WEBP", quality=quality, method=_WEBP_METHOD)
        return target.getvalue()

    return encode


def _avif(pixels: Pixels) -> Encoder:
    image = Image.fromarray(pixels)

    def encode(quality: int) -> bytes:
        target = io.BytesIO()
        image.save(target, "AVIF", quality=quality, speed=_AVIF_SPEED, max_threads=1)
        return target.getvalue()

    return encode


_ENCODERS: Final[dict[Format, Callable[[Pixels], Encoder]]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.WEBP: _webp,
    Format.AVIF: _avif,
}
