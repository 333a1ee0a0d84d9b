"""Which picture format some bytes are, told by their first bytes and never by a file name."""

from __future__ import annotations

from enum import StrEnum


class SourceFormat(StrEnum):
    """Formats that are read."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    AVIF = "avif"
    HEIC = "heic"
    TIFF = "tiff"
    GIF = "gif"
    BMP = "bmp"


#: ISO base media brands of HEVC-coded stills and sequences (ISO/IEC 23008-12, annex B and its amendments).
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_MAGIC: tuple[tuple[bytes, SourceFormat], ...] = (
    (b"\xff\xd8\xff", SourceFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", SourceFormat.PNG),
    (b"RIFF", SourceFormat.WEBP),
    (b"GIF87a", SourceFormat.GIF),
    (b"GIF89a", SourceFormat.GIF),
    (b"II*\0", SourceFormat.TIFF),
    (b"MM\0*", SourceFormat.TIFF),
    (b"II+\0", SourceFormat.TIFF),
    (b"MM\0+", SourceFormat.TIFF),
    (b"BM", SourceFormat.BMP),
)
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def sniff(data: bytes) -> SourceFormat | None:
    """The format of a picture's bytes, or None when they are no picture that we read."""
    head = data[:32]
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if found is SourceFormat.WEBP and head[8:12] != b"WEBP":
        return None
    if found is SourceFormat.TIFF and head[8:10] == b"CR":
        return None  # Canon's raw files are TIFF up to the eighth byte
    if found is SourceFormat.BMP and int.from_bytes(head[14:18], "little") not in _BMP_HEADER_SIZES:
        return None
    if found is None and head[4:8] == b"ftyp":
        return _iso_media(data)
    return found


def _iso_media(data: bytes) -> SourceFormat | None:
    """HEIC or AVIF by the major brand, else by the compatible ones (`mif1` may be either)."""
    size = min(int.from_bytes(data[:4], "big"), 4096)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size, 4))]
    for brand in brands:
        if brand in _AVIF_BRANDS:
            return SourceFormat.AVIF
        if brand in _HEIC_BRANDS:
            return SourceFormat.HEIC
    return None


def is_sequence(data: bytes) -> bool:
    """True when a HEIC or AVIF file says that its main content is an image sequence."""
    return data[8:12] in {b"avis", b"hevc", b"hevx", b"msf1"}
