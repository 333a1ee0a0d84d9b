"""One reader per format family: bytes to `Stored`, with size, wholeness and animation checked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from packshot.imaging.formats import SourceFormat
from packshot.imaging.readers.heif import read_avif, read_heic
from packshot.imaging.readers.jpeg import read_jpeg
from packshot.imaging.readers.png import read_png
from packshot.imaging.readers.simple import read_bmp, read_gif, read_webp
from packshot.imaging.readers.tiff import read_tiff
from packshot.imaging.stored import Stored

READERS: Final[dict[SourceFormat, Callable[[bytes], Stored]]] = {
    SourceFormat.JPEG: read_jpeg,
    SourceFormat.PNG: read_png,
    SourceFormat.WEBP: read_webp,
    SourceFormat.AVIF: read_avif,
    SourceFormat.HEIC: read_heic,
    SourceFormat.TIFF: read_tiff,
    SourceFormat.GIF: read_gif,
    SourceFormat.BMP: read_bmp,
}
