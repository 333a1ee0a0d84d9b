"""What stands in a JPEG's marker segments: size, colour coding, profile and EXIF, without decoding it.

Layout after ITU-T T.81 annex B; the ICC profile's chunks after ICC.1 annex B.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from packshot.errors import ImageError

_ICC = b"ICC_PROFILE\0"
_EXIF = b"Exif\0\0"
#: Start-of-frame markers; 0xC4, 0xC8 and 0xCC are something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers without a length: TEM, restarts and a stray start of image.
_BARE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """A JPEG's header.

    Attributes:
        width, height: pixels as stored.
        components: 1 grey, 3 colour, 4 CMYK or YCCK.
        precision: bits per sample.
        adobe: it has Adobe's APP14 segment, so that CMYK values are stored inverted.
        icc, exif: the embedded profile; the EXIF block from its TIFF header on.
    """

    width: int
    height: int
    components: int
    precision: int
    adobe: bool
    icc: bytes | None
    exif: bytes | None


def read_header(data: bytes) -> JpegHeader:
    """Reads the segments up to the first scan.

    Raises:
        ImageError: `image_truncated` when the file ends before its first scan, `image_corrupt` when
            there is no frame header before it.
    """
    frame: bytes | None = None
    icc: dict[int, bytes] = {}
    exif: bytes | None = None
    adobe = False
    for marker, body in _segments(data):
        if marker in _FRAMES and len(body) >= 6:
            frame = body
        elif marker == 0xE2 and body.startswith(_ICC) and len(body) > 14:
            icc[body[12]] = body[14:]
        elif marker == 0xE1 and body.startswith(_EXIF) and exif is None:
            exif = body[6:]
        elif marker == 0xEE and body.startswith(b"Adobe"):
            adobe = True
    if frame is None:
        raise ImageError("image_corrupt", reason="it has no frame header")
    return JpegHeader(
        width=int.from_bytes(frame[3:5], "big"),
        height=int.from_bytes(frame[1:3], "big"),
        components=frame[5],
        precision=frame[0],
        adobe=adobe,
        icc=b"".join(icc[number] for number in sorted(icc)) or None,
        exif=exif,
    )


def _segments(data: bytes) -> list[tuple[int, bytes]]:
    """Markers with their bodies, up to the first scan."""
    found: list[tuple[int, bytes]] = []
    at = 2
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 2 > len(data):
            raise ImageError("image_truncated")
        marker = data[at + 1]
        if marker in {0x00, 0xFF}:  # stuffing and fill bytes
            at += 1
            continue
        if marker == _START_OF_SCAN:
            return found
        if marker == _END_OF_IMAGE:
            raise ImageError("image_corrupt", reason="it holds no picture data")
        if marker in _BARE:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if at + 2 + length > len(data):
            raise ImageError("image_truncated")
        found.append((marker, data[at + 4 : at + 2 + length]))
        at += 2 + max(length, 2)


def has_end(data: bytes) -> bool:
    """True when an end-of-image marker stands anywhere behind the file's first bytes."""
    return data.rfind(b"\xff\xd9") > 2
