"""A photo's bytes to pixels, once, with the limits checked before anything is decoded.

What comes out: RGB in sRGB, 8 bits, and the alpha as a plane of its own. Each format's reader stands in
a module of its own; here are the limits, the order of the checks and what all formats share.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.contracts.limits import MAX_SOURCE_BYTES, file_too_large
from packshot.contracts.stages import SourceFacts
from packshot.errors import ImageError
from packshot.imaging.colour import to_srgb
from packshot.imaging.formats import SourceFormat, sniff
from packshot.imaging.memory import lacks_memory
from packshot.imaging.orientation import upright_size
from packshot.imaging.readers import READERS
from packshot.imaging.stored import Stored

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded photo.

    Attributes:
        pixels: (H, W, 3) uint8 RGB in sRGB, contiguous, as stored: `facts.orientation` is still to be
            applied. Read-only.
        alpha: (H, W) uint8, 255 opaque, not premultiplied; None when the photo has no transparency.
        facts: what the file says; `facts.width` and `facts.height` are of the upright picture.
    """

    pixels: Pixels
    alpha: Pixels | None
    facts: SourceFacts


def decode(data: bytes) -> Picture:
    """Decodes a photo at full resolution.

    Args:
        data: a whole JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF or BMP file.

    Raises:
        SourceError: `file_too_large`.
        ImageError: `image_empty_file`, `image_not_a_picture`, `image_too_large`, `image_too_small`,
            `image_animated`, `image_truncated`, `image_unsupported`, `image_corrupt`.
        MemoryError, cv2.error: there is not memory enough for it; the file may well be sound.
    """
    if not data:
        raise ImageError("image_empty_file")
    if len(data) > MAX_SOURCE_BYTES:
        raise file_too_large()
    source_format = sniff(data)
    if source_format is None:
        raise ImageError("image_not_a_picture")
    try:
        stored = READERS[source_format](data)
    except ImageError:
        raise
    except Exception as error:
        if lacks_memory(error):
            raise
        # The readers parse hostile bytes with libraries that raise nearly anything on them; whatever
        # it is, the file is what is wrong.
        raise ImageError("image_corrupt", reason="it can't be decoded") from error
    return _picture(data, source_format, stored)


def _picture(data: bytes, source_format: SourceFormat, stored: Stored) -> Picture:
    pixels, profile = to_srgb(stored.pixels, stored.icc, adobe_rgb=stored.adobe_rgb)
    alpha = stored.alpha
    if alpha is not None and alpha.min() == 255:
        alpha = None  # a channel that says nothing; most RGBA exports are opaque
    height, width = pixels.shape[:2]
    width, height = upright_size(stored.orientation, width, height)
    pixels = np.ascontiguousarray(pixels)
    pixels.flags.writeable = False
    if alpha is not None:
        alpha = np.ascontiguousarray(alpha)
        alpha.flags.writeable = False
    facts = SourceFacts(
        width=width,
        height=height,
        format=source_format.value,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        orientation=stored.orientation,
        bit_depth=stored.bit_depth,
        has_alpha=alpha is not None,
        profile=profile,
        frames=stored.frames,
    )
    return Picture(pixels, alpha, facts)
