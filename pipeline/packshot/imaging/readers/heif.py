"""HEIC by libheif through pi-heif (decoders only), AVIF by the libavif that Pillow carries."""

from __future__ import annotations

import io

import numpy as np
import pi_heif
from PIL.AvifImagePlugin import AvifImageFile

from packshot.errors import ImageError
from packshot.imaging import structure
from packshot.imaging.formats import is_sequence
from packshot.imaging.item_types import check_item_types
from packshot.imaging.readers.pillow import stored_from, translated
from packshot.imaging.stored import Stored, check_size, unpremultiply


def read_heic(data: bytes) -> Stored:
    """Reads a HEIC's primary picture. libheif applies its rotation, so that nothing is left to apply."""
    structure.check_iso_media(data)
    check_item_types(data)
    try:
        opened = pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        primary = opened[opened.primary_index]
        check_size(*primary.size)
        if is_sequence(data) or len(opened) > 1:
            raise ImageError("image_animated", frames=max(len(opened), 2))
        mode = primary.mode
        # A copy: libheif's memory goes with the opened file, whoever still looks at it.
        values = np.array(primary)
    except (EOFError, OSError, RuntimeError, SyntaxError, ValueError) as error:
        if "too big" in str(error).lower() or "limit" in str(error).lower():
            raise ImageError("image_corrupt", reason="its structure is beyond all sense") from error
        raise ImageError("image_corrupt", reason="its picture data can't be decoded") from error
    alpha = None
    if mode in {"RGBA", "LA", "RGBa"}:
        values, alpha = values[..., :-1], np.ascontiguousarray(values[..., -1])
        if mode == "RGBa" or primary.premultiplied_alpha:
            values = unpremultiply(values, alpha)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    depth = primary.info.get("bit_depth", 8)
    return Stored(np.ascontiguousarray(values), alpha, primary.info.get("icc_profile"), 1, depth)


def read_avif(data: bytes) -> Stored:
    """Reads an AVIF; refuses a sequence. Its `irot` and `imir` come as an EXIF orientation."""
    structure.check_iso_media(data)
    with translated():
        image = AvifImageFile(io.BytesIO(data))
        check_size(*image.size)
        if image.n_frames > 1:
            raise ImageError("image_animated", frames=image.n_frames)
        orientation = image.getexif().get(0x0112, 1)
        return stored_from(image, orientation=orientation if orientation in range(1, 9) else 1)
