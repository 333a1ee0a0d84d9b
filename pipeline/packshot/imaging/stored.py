"""What every reader hands to `decode`, and the limits that each checks before it decodes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from packshot.contracts.limits import MAX_PIXELS, MIN_SIDE
from packshot.errors import ImageError

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture as its file holds it, down to 8 bits.

    Attributes:
        pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) CMYK (255 = full ink), uint8.
        alpha: (H, W) uint8, not premultiplied, or None.
        icc: embedded profile; empty bytes for one that could not even be read.
        orientation: EXIF orientation that is still to be applied, 1-8.
        bit_depth: bits per sample in the file.
        frames: pictures in the file.
        adobe_rgb: the camera says in its EXIF that these are Adobe RGB values.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    icc: bytes | None = None
    orientation: int = 1
    bit_depth: int = 8
    frames: int = 1
    adobe_rgb: bool = False


def check_size(width: int, height: int) -> None:
    """Refuses a picture by its header's size.

    Raises:
        ImageError: `image_corrupt` for no size, `image_too_large`, `image_too_small`.
    """
    if width < 1 or height < 1:
        raise ImageError("image_corrupt", reason="its size is missing")
    if width * height > MAX_PIXELS:
        raise ImageError(
            "image_too_large",
            megapixels=round(width * height / 1e6, 1),
            limit=MAX_PIXELS // 1_000_000,
            width=width,
            height=height,
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError("image_too_small", width=width, height=height, limit=MIN_SIDE)


def exif_orientation(block: bytes | None) -> int:
    """Orientation 1-8 in an EXIF block (from its TIFF header on); 1 when there is none to be read."""
    if not block:
        return 1
    exif = Image.Exif()
    try:
        with _quiet():
            exif.load(block)
            orientation = exif.get(0x0112, 1)
    except Exception:  # a damaged EXIF block is no reason to refuse the picture beside it
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def exif_says_adobe_rgb(block: bytes | None) -> bool:
    """True when the EXIF block names the interoperability rule R03 (DCF 2.0): Adobe RGB without a profile."""
    if not block:
        return False
    exif = Image.Exif()
    try:
        with _quiet():
            exif.load(block)
            rule = exif.get_ifd(ExifTags.IFD.Interop).get(1, "")
    except Exception:  # as above
        return False
    return str(rule).startswith("R03")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Pillow's warnings of a damaged block off the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def to_eight_bits(values: NDArray[np.uint16]) -> Pixels:
    """16-bit samples to 8 bits, rounded: 65535 / 255 = 257."""
    return cv2.convertScaleAbs(values, alpha=1 / 257)  # type: ignore[return-value]


def unpremultiply(pixels: Pixels, alpha: Pixels) -> Pixels:
    """Colours that were stored multiplied by their alpha, divided by it again."""
    return cv2.divide(pixels, cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB), scale=255)  # type: ignore[return-value]
