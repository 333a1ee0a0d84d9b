"""Only the background removed, in the photo's own frame and size: no canvas, no enhancement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from packshot.contracts.base import Box
from packshot.contracts.preset import Format, Thresholds
from packshot.errors import ProductError
from packshot.imaging.compose import with_alpha
from packshot.imaging.decode import decode
from packshot.imaging.encode import encoder
from packshot.imaging.matte import refine, working_size
from packshot.imaging.orientation import upright
from packshot.imaging.resize import resized
from packshot.imaging.segment import INSIDE, is_cut_out
from packshot.matting.model import MattingModel
from packshot.stages.two_pass import Floats, second_pass
from packshot.stages.workspace import Pixels

_PNG_QUALITY: Final = 100  # ignored by the lossless format


def cutout(data: bytes, model: MattingModel) -> bytes:
    """A photo's file to a PNG of the same (upright) size, with alpha.

    A photo that comes cut out keeps its own alpha; of any other alpha (rounded corners, a stray pixel) what
    is transparent stays so.

    Args:
        data: a JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF or BMP file.
        model: the background network.

    Raises:
        ImageError: the file can't be read; see `packshot.imaging.decode`.
        SourceError: `file_too_large`.
        ProductError: `no_product_found`.
    """
    photo = decode(data)
    picture = np.ascontiguousarray(upright(photo.pixels, photo.facts.orientation))
    own = None if photo.alpha is None else upright(photo.alpha, photo.facts.orientation)
    if own is not None and is_cut_out(own):
        if not (own >= INSIDE).any():
            raise ProductError("no_product_found")
        return _png(picture, own)
    seen = look(picture, model)
    if seen.confidence < Thresholds().no_product_confidence or seen.alpha is None:
        raise ProductError("no_product_found")
    matte = refine(picture, seen.alpha)
    return _png(matte.foreground, matte.alpha if own is None else np.minimum(matte.alpha, own))


@dataclass(frozen=True, slots=True)
class Look:
    """What the network says of one picture.

    Attributes:
        confidence: that it shows a product, 0-1.
        alpha: (h, w) float32 in 0-1 at the matte's working size; None where nothing reaches 0.5.
    """

    confidence: float
    alpha: Floats | None


def look(picture: Pixels, model: MattingModel) -> Look:
    """Both looks of the network, fused, before the refinement.

    Args:
        picture: (H, W, 3) uint8 RGB.
        model: the background network.
    """
    first, mirrored = model.look_twice(picture)
    coarse = resized((first + mirrored) * np.float32(0.5), working_size(picture.shape[1], picture.shape[0]))
    confidence = model.confidence(first, mirrored)
    if not (coarse >= 0.5).any():
        return Look(confidence, None)
    return Look(confidence, second_pass(picture, coarse, _box(coarse, picture), model).alpha)


def _box(coarse: Floats, picture: Pixels) -> Box:
    """Box of the alpha at 0.5, in pixels of the picture."""
    columns = np.flatnonzero((coarse >= 0.5).any(axis=0))
    rows = np.flatnonzero((coarse >= 0.5).any(axis=1))
    x, y = picture.shape[1] / coarse.shape[1], picture.shape[0] / coarse.shape[0]
    left, top = float(columns[0]) * x, float(rows[0]) * y
    return (left, top, float(columns[-1] + 1) * x - left, float(rows[-1] + 1) * y - top)


def _png(picture: Pixels, alpha: Pixels) -> bytes:
    return encoder(with_alpha(picture, alpha), Format.PNG)(_PNG_QUALITY)
