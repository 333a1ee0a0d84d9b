"""WebP, GIF and BMP, by Pillow."""

from __future__ import annotations

import io

from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.WebPImagePlugin import WebPImageFile

from packshot.errors import ImageError
from packshot.imaging import structure
from packshot.imaging.readers.pillow import stored_from, translated
from packshot.imaging.stored import Stored, check_size, exif_orientation


def read_webp(data: bytes) -> Stored:
    """Reads a WebP; refuses an animated one."""
    check_size(*structure.webp_size(data))
    with translated():
        image = WebPImageFile(io.BytesIO(data))
        check_size(*image.size)  # the canvas as the library sees it, should it differ
        if image.n_frames > 1:
            raise ImageError("image_animated", frames=image.n_frames)
        exif = image.info.get("exif")
        if isinstance(exif, bytes):
            exif = exif.removeprefix(b"Exif\0\0")
        return stored_from(image, orientation=exif_orientation(exif))


def read_gif(data: bytes) -> Stored:
    """Reads a GIF's first picture; `frames` tells of the others."""
    check_size(int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))
    frames = structure.count_gif_frames(data)
    with translated():
        image = GifImageFile(io.BytesIO(data))
        check_size(*image.size)
        return stored_from(image, frames=frames)


def read_bmp(data: bytes) -> Stored:
    """Reads a BMP."""
    with translated():
        image = BmpImageFile(io.BytesIO(data))
        check_size(*image.size)
        return stored_from(image)
