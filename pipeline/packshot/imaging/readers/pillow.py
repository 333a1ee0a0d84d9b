"""What the formats that Pillow reads have in common: an opened file to `Stored`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageFile

from packshot.errors import ImageError
from packshot.imaging.stored import Stored, unpremultiply


@contextmanager
def translated() -> Iterator[None]:
    """Turns Pillow's errors into ours and keeps its warnings inside.

    The plugins are opened directly, not by `Image.open`: the format is known, the size is checked by
    us, and Pillow's own limit of 89 megapixels would only add a warning of its own kind.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except OSError as error:
            reason = str(error).lower()
            if "truncated" in reason or "unexpected end" in reason or "not enough" in reason:
                raise ImageError("image_truncated") from error
            raise ImageError("image_corrupt", reason="its picture data can't be decoded") from error
        except (SyntaxError, EOFError) as error:
            raise ImageError("image_corrupt", reason="its header can't be read") from error


def stored_from(
    image: ImageFile.ImageFile, *, orientation: int = 1, bit_depth: int = 8, frames: int = 1
) -> Stored:
    """Decodes the opened file's first picture and takes its alpha off."""
    image.load()
    icc = image.info.get("icc_profile")
    plain: Image.Image = image
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in {"1", "LAB", "YCbCr", "HSV", "RGBX"}:
        plain = image.convert("L" if image.mode == "1" else "RGB")
    values = np.asarray(plain)
    alpha = None
    if plain.mode in {"RGBA", "RGBa", "LA", "La"}:
        values, alpha = values[..., :-1], np.ascontiguousarray(values[..., -1])
        values = unpremultiply(values, alpha) if plain.mode in {"RGBa", "La"} else values
        if values.shape[-1] == 1:
            values = values[..., 0]
    elif plain.mode not in {"L", "RGB", "CMYK"}:
        raise ImageError("image_unsupported", reason=f"its pixels are of kind {image.mode}")
    return Stored(np.ascontiguousarray(values), alpha, icc, orientation, bit_depth, frames)
