"""Walks over the containers of PNG, WebP, GIF and ISO media files: are they whole, do they move?

The decoders fill what is missing with grey or black, some without a word; these walks refuse it first.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from packshot.errors import ImageError

_TRUNCATED = "image_truncated"


@dataclass(frozen=True, slots=True)
class PngHeader:
    """What stands in a PNG's chunks.

    Attributes:
        color_type: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.
        transparent: the tRNS chunk: alpha of the palette's entries, or the one value that is transparent.
        frames: of an APNG, else 1.
    """

    width: int
    height: int
    bit_depth: int
    color_type: int
    transparent: bytes | None
    srgb: bool
    frames: int
    icc: bytes | None
    exif: bytes | None


def read_png(data: bytes) -> PngHeader:
    """Walks all chunks of a PNG and verifies their checksums.

    Raises:
        ImageError: `image_truncated` without a whole IEND, `image_corrupt` on a wrong checksum.
    """
    chunks: dict[bytes, bytes] = {}
    view = memoryview(data)
    at = 8
    while b"IEND" not in chunks:
        if at + 12 > len(data):
            raise ImageError(_TRUNCATED)
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            # A damaged length looks the same as a missing end; the latter is by far the commoner.
            raise ImageError(_TRUNCATED)
        kind = data[at + 4 : at + 8]
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise ImageError(
                "image_corrupt", reason=f"its {kind.decode('latin-1')!a} part has a wrong checksum"
            )
        if kind != b"IDAT":
            chunks.setdefault(kind, data[at + 8 : end - 4])
        at = end
    header = chunks.get(b"IHDR", b"")
    if len(header) != 13:
        raise ImageError("image_corrupt", reason="its header is missing")
    return PngHeader(
        width=int.from_bytes(header[:4], "big"),
        height=int.from_bytes(header[4:8], "big"),
        bit_depth=header[8],
        color_type=header[9],
        transparent=chunks.get(b"tRNS"),
        srgb=b"sRGB" in chunks,
        frames=int.from_bytes(chunks.get(b"acTL", b"\0\0\0\1")[:4], "big"),
        icc=_inflate_profile(chunks.get(b"iCCP")),
        exif=chunks.get(b"eXIf"),
    )


#: Chunks that libpng needs for the pixels; of a picture with a palette, that and its transparency as well.
_PIXELS = frozenset({b"IHDR", b"IDAT", b"IEND"})
_PALETTE = 3


def png_pixels(data: bytes, header: PngHeader) -> bytes:
    """A PNG that `read_png` has walked, with the chunks of its pixels only.

    Of each other chunk libpng may write a line to the terminal, and of a palette's transparency out of place.
    """
    parts = [data[:8]]
    at = 8
    while parts[-1][4:8] != b"IEND":
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        chunk = data[at:end]
        of_palette = header.color_type == _PALETTE and _is_of_palette(chunk, parts[-1], header.bit_depth)
        if chunk[4:8] in _PIXELS or of_palette:
            parts.append(chunk)
        at = end
    return b"".join(parts)


def _is_of_palette(chunk: bytes, before: bytes, bit_depth: int) -> bool:
    """True for the first palette, and for alphas of no more entries than it has (PNG, 11.3.1.1)."""
    if chunk[4:8] == b"PLTE":
        return before[4:8] == b"IHDR"
    entries = min((len(before) - 12) // 3, 1 << bit_depth)
    return chunk[4:8] == b"tRNS" and before[4:8] == b"PLTE" and 0 < len(chunk) - 12 <= entries


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height, before anything else is read."""
    if len(data) < 24:
        raise ImageError(_TRUNCATED)
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


#: A profile above this is no profile but a bomb; the largest printer profiles have about 4 MB.
_PROFILE_LIMIT = 16_000_000


def _inflate_profile(chunk: bytes | None) -> bytes | None:
    """The profile of an iCCP chunk; an unreadable one is given on as empty bytes, to be noted."""
    if chunk is None:
        return None
    name_end = chunk.find(b"\0")
    try:
        return zlib.decompressobj().decompress(chunk[name_end + 2 :], _PROFILE_LIMIT)
    except zlib.error:
        return b""


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas (RFC 9649, sections 2.5-2.7 and 3.4).

    The library allocates the whole canvas as soon as it opens a file, so this has to be known before.

    Raises:
        ImageError: `image_truncated` when the RIFF container ends too early, `image_corrupt`.
    """
    if len(data) < 30 or int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise ImageError(_TRUNCATED)
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise ImageError("image_corrupt", reason="it holds no picture data")


def count_gif_frames(data: bytes) -> int:
    """Walks a GIF's blocks and counts its pictures, decoding none.

    Raises:
        ImageError: `image_truncated` when the file ends inside a block (a missing trailer alone is
            forgiven: nothing of the picture is lost), `image_corrupt` on an unknown block.
    """
    at = 13 + _palette_bytes(data, 10)
    frames = 0
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            break
        if kind == 0x21:
            at = _skip_sub_blocks(data, at + 2)
        elif kind == 0x2C:
            at = _skip_sub_blocks(data, at + 11 + _palette_bytes(data, at + 9))
            frames += 1
        else:
            raise ImageError("image_corrupt", reason="it holds an unknown block")
    if frames == 0:
        raise ImageError(_TRUNCATED)
    return frames


def _palette_bytes(data: bytes, at: int) -> int:
    if at >= len(data):
        raise ImageError(_TRUNCATED)
    packed = data[at]
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _skip_sub_blocks(data: bytes, at: int) -> int:
    while True:
        if at >= len(data):
            raise ImageError(_TRUNCATED)
        size = data[at]
        at += 1 + size
        if size == 0:
            return at


def check_iso_media(data: bytes) -> None:
    """Refuses a HEIC or AVIF whose top-level boxes reach beyond the file's end.

    Files end in `mdat` as a rule, so that this finds what was cut off; some decoders read
    such a file as far as it goes.
    """
    at = 0
    kinds = set()
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kinds.add(data[at + 4 : at + 8])
        if size == 1 and at + 16 <= len(data):
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # reaches to the end of the file
            break
        if size < 8:
            raise ImageError("image_corrupt", reason="its box structure is damaged")
        at += size
    if at > len(data) or not kinds & {b"meta", b"moov"}:
        raise ImageError(_TRUNCATED)
