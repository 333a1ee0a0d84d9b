"""TIFF: 16-bit samples by OpenCV, which keeps them; everything else by Pillow."""

from __future__ import annotations

import io
from typing import Any, Literal

import cv2
import numpy as np
from PIL.TiffImagePlugin import TiffImageFile

from packshot.errors import ImageError
from packshot.imaging.readers.opencv import decode_unchanged
from packshot.imaging.readers.pillow import stored_from, translated
from packshot.imaging.stored import Stored, check_size, to_eight_bits, unpremultiply

_SUBFILE, _BITS, _STRIPS, _ORIENTATION, _STRIP_BYTES, _TILES, _TILE_BYTES = 254, 258, 273, 274, 279, 324, 325
_EXTRA_SAMPLES, _PHOTOMETRIC, _PLANAR, _DNG = 338, 262, 284, 50706
_UNSPECIFIED, _ASSOCIATED_ALPHA = 0, 1
_WHITE_IS_ZERO, _CMYK = 0, 5
_APART = 2
_ADVICE = "save it as RGB with 8 or 16 bits"


def read_tiff(data: bytes) -> Stored:
    """Reads a TIFF; refuses one of several pages (thumbnails don't count)."""
    with translated():
        image = _opened(data)
        check_size(*image.size)
        tags = dict(image.tag_v2)
        if _DNG in tags:
            raise ImageError("image_not_a_picture")
        _check_whole(tags, len(data))
        _check_interleaved(tags)
        pages = _full_pages(image)
        if pages > 1:
            raise ImageError("image_animated", frames=pages)
        image.seek(0)
        depth = max(np.atleast_1d(tags.get(_BITS, 1)).tolist())
        # OpenCV knows no ink of 16 bits; Pillow takes the upper eight.
        if depth == 16 and tags.get(_PHOTOMETRIC) != _CMYK:
            return _read_deep(data, tags, image.info.get("icc_profile"))
        # Pillow applies a TIFF's orientation while it loads.
        return stored_from(image, bit_depth=depth)


def _check_whole(tags: dict[int, Any], size: int) -> None:
    for offsets_tag, bytes_tag in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
        offsets = np.atleast_1d(np.array(tags.get(offsets_tag, ()), np.int64))
        counts = np.atleast_1d(np.array(tags.get(bytes_tag, ()), np.int64))
        used = min(len(offsets), len(counts))
        if used and int((offsets[:used] + counts[:used]).max()) > size:
            raise ImageError("image_truncated")


def _opened(data: bytes) -> TiffImageFile:
    try:
        return TiffImageFile(io.BytesIO(data))
    except SyntaxError as error:
        if "unknown pixel mode" not in str(error):
            raise
        raise ImageError(
            "image_unsupported", reason=f"its way to keep pixels is unknown; {_ADVICE}"
        ) from error


def _check_interleaved(tags: dict[int, Any]) -> None:
    """Refuses 16-bit channels that are stored one after the other: both libraries read them as noise."""
    depths = np.atleast_1d(tags.get(_BITS, 1))
    if tags.get(_PLANAR) == _APART and len(depths) > 1 and depths.max() == 16:
        raise ImageError(
            "image_unsupported",
            reason="its 16-bit channels are stored one by one; save it with interleaved ones",
        )


def _full_pages(image: TiffImageFile) -> int:
    pages = 0
    for number in range(image.n_frames):
        image.seek(number)
        pages += not int(image.tag_v2.get(_SUBFILE, 0)) & 1
    return max(pages, 1)


def _read_deep(data: bytes, tags: dict[int, Any], icc: bytes | None) -> Stored:
    # OpenCV applies half of the orientations by itself; it is told that there is none.
    upright = _without_orientation(data)
    decoded = decode_unchanged(upright)
    if decoded.dtype != np.uint16:
        raise ImageError("image_unsupported", reason=f"its values are no whole numbers; {_ADVICE}")
    values = to_eight_bits(decoded)
    if values.ndim == 2 and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        values = cv2.bitwise_not(values)  # type: ignore[assignment]
    extra = np.atleast_1d(tags.get(_EXTRA_SAMPLES, ()))
    orientation = int(tags.get(_ORIENTATION, 1))
    pixels, alpha = values, None
    if values.ndim == 3 and values.shape[2] == 3:
        pixels = cv2.cvtColor(values, cv2.COLOR_BGR2RGB)  # type: ignore[assignment]
    elif values.ndim == 3 and values.shape[2] == 4:
        pixels = cv2.cvtColor(values, cv2.COLOR_BGRA2RGB)  # type: ignore[assignment]
        # A channel that is said to be nothing is a mask or a spot colour.
        alpha = None if _UNSPECIFIED in extra else cv2.extractChannel(values, 3)
        if alpha is not None and _ASSOCIATED_ALPHA in extra:
            pixels = unpremultiply(pixels, alpha)  # type: ignore[arg-type]
    return Stored(
        pixels=pixels,
        alpha=alpha,  # type: ignore[arg-type]
        icc=icc,
        orientation=orientation if orientation in range(1, 9) else 1,
        bit_depth=16,
    )


def _without_orientation(data: bytes) -> bytes:
    """The file with the first directory's orientation set to 1, in place (TIFF 6.0, section 2)."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    big = data[2:4] in {b"+\0", b"\0+"}
    offset_at, offset_size, count_size, entry_size = (8, 8, 8, 20) if big else (4, 4, 2, 12)
    at = int.from_bytes(data[offset_at : offset_at + offset_size], order)
    count = int.from_bytes(data[at : at + count_size], order)
    for entry in range(at + count_size, min(at + count_size + count * entry_size, len(data)), entry_size):
        if int.from_bytes(data[entry : entry + 2], order) == _ORIENTATION:
            value = entry + entry_size - (8 if big else 4)
            return data[:value] + (1).to_bytes(2, order) + data[value + 2 :]
    return data
