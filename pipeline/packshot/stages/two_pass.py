"""The network's second pass on the product's own crop, fused with the first and with the colours' vote."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.contracts.base import Box
from packshot.imaging.colour_vote import vote
from packshot.imaging.geometry import Array, as_matrix, compose, resampling
from packshot.imaging.holes import close_false_holes
from packshot.imaging.matte import working_size
from packshot.imaging.resize import resized
from packshot.matting.model import MattingModel
from packshot.stages.workspace import Pixels

Floats = NDArray[np.float32]

#: Room around the product's box in the second pass, a share of its longer side: enough ground to see
#: what is ground, little enough that the product fills the network's input.
_ROOM: Final = 0.12
#: An island of the alpha without this much of the first pass under it belongs to something else.
_SUPPORT: Final = 0.2


@dataclass(frozen=True, slots=True)
class FusedAlpha:
    """Both passes in one alpha over the picture's frame, at the matte's working size.

    Attributes:
        alpha: (h, w) float32, 0-1; the colours of the picture have voted on it.
        coarse, fine: both passes over the second's crop, (h', w') float32, 0-1.
        network: both passes over the picture's frame before anything else works on them, like `alpha`.
        picture: (h, w, 3) uint8, the picture itself at that size.
    """

    alpha: Floats
    coarse: Floats
    fine: Floats
    network: Floats
    picture: Pixels


def second_pass(picture: Pixels, coarse: Floats, box: Box, model: MattingModel) -> FusedAlpha:
    """Looks again at the product's crop, and fuses both looks.

    Args:
        picture: (H, W, 3) uint8 RGB.
        coarse: (h, w) float32 in 0-1, the first pass over the picture's frame at its working size.
        box: where the first pass sees the product, in pixels of the picture.
        model: the network.
    """
    left, top, right, bottom = _crop(box, picture.shape[1], picture.shape[0])
    fine = model.predict(picture[top:bottom, left:right])
    height, width = coarse.shape
    factor = (width / picture.shape[1], height / picture.shape[0])
    onto_picture = resampling((right - left) / fine.shape[1], (bottom - top) / fine.shape[0])
    onto_picture[:, 2] += (left, top)
    matrix = compose(resampling(*factor), onto_picture)
    placed = place_alpha(fine, matrix, (width, height))
    crop = (
        slice(int(top * factor[1]), math.ceil(bottom * factor[1])),
        slice(int(left * factor[0]), math.ceil(right * factor[0])),
    )
    # Averaged and not replaced: the second look is sharper, but forgets what its crop can't show.
    network = coarse.copy()
    network[crop] = (coarse[crop] + placed[crop]) * np.float32(0.5)
    small = resized(picture, (width, height))
    fused = network.copy()
    fused[crop] = vote(np.ascontiguousarray(small[crop]), np.ascontiguousarray(network[crop]))
    whole = close_false_holes(_supported(fused, coarse), small)
    return FusedAlpha(whole, coarse[crop], placed[crop], network, small)


def place_alpha(alpha: Floats, matrix: Array, size: tuple[int, int]) -> Floats:
    """A small alpha warped to a frame of `size` (width, height); 0 where it says nothing."""
    warped = cv2.warpAffine(alpha, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(warped, np.float32)


def coarse_on_canvas(
    coarse: Pixels, source: tuple[int, int], transform: tuple[float, ...], canvas: tuple[int, int]
) -> Floats:
    """Detect's mask in the canvas's frame, at the matte's working size.

    Args:
        coarse: (h, w) uint8, 0-255, over the upright source.
        source: width and height in pixels.
        canvas: width and height in pixels.
        transform: upright source pixels to canvas pixels.
    """
    size = working_size(canvas[0], canvas[1])
    onto_source = resampling(source[0] / coarse.shape[1], source[1] / coarse.shape[0])
    onto_work = resampling(size[0] / canvas[0], size[1] / canvas[1])
    a, b, c, d, e, f = transform
    matrix = compose(onto_work, compose(as_matrix((a, b, c, d, e, f)), onto_source))
    return place_alpha(coarse.astype(np.float32) * np.float32(1 / 255), matrix, size)


def _crop(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    x, y, w, h = box
    room = _ROOM * max(w, h)
    left, top = max(0, int(x - room)), max(0, int(y - room))
    right, bottom = min(width, int(x + w + room) + 1), min(height, int(y + h + room) + 1)
    if right - left < 8 or bottom - top < 8:
        return 0, 0, width, height
    return left, top, right, bottom


def _supported(fused: Floats, coarse: Floats) -> Floats:
    """Islands of the alpha that the first pass did not see are dropped."""
    count, labels, _, _ = cv2.connectedComponentsWithStats((fused > 0.08).astype(np.uint8), connectivity=8)
    if count <= 2:
        return fused
    strong = np.bincount(labels.ravel(), (fused >= 0.5).ravel(), count)
    backed = np.bincount(labels.ravel(), ((fused >= 0.5) & (coarse >= 0.5)).ravel(), count)
    keep = backed >= np.maximum(_SUPPORT * strong, 1)
    keep[0] = True
    # Never drop everything: the largest island stays for the confidence to judge.
    keep[1 + int(np.argmax(strong[1:]))] = True
    # Their rim lies below the threshold that told the islands apart; it goes with them.
    dropped = cv2.dilate((~keep[labels]).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return np.where(dropped & ((labels == 0) | ~keep[labels]), np.float32(0.0), fused)
