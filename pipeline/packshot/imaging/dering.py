"""Keeps a JPEG's ringing around the product above a floor, by changing single blocks of its edge.

A JPEG stores each 8 x 8 block as cosine coefficients, rounded to multiples of a step. Where a block holds
both product and white ground, the rounding errors ripple into the white; how dark the ripples get is
partly a matter of chance. The few blocks that come out too dark are thrown again: with a faint
pattern on the product's pixels, and if no pattern helps, with these pixels lightened towards the
ground, nearest to it first, by the least share that holds. What a throw gives is told by the codec
itself on a strip of these blocks alone, which is exact at 4:4:4, where no block knows its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SIDE: Final = 8
#: Faint patterns on the product's pixels, standard normal, in grey and in colour; the first is none at all.
_PATTERNS: Final = (
    np.zeros((64, 3), np.float32),
    *np.random.default_rng(8).standard_normal((12, 64, 1)).astype(np.float32),
    *np.random.default_rng(9).standard_normal((12, 64, 3)).astype(np.float32),
)
#: (share of lightening, strength of the patterns in steps of the quantiser), in the order they are tried.
#: Those of the first ladder can't be seen at full size beside what the quantiser does anyway; the
#: second one's can, as notches in the edge.
_UNSEEN: Final = (
    *((0.0, strength) for strength in (0.25, 0.5, 0.8, 1.2)),
    *((0.04 * rung, 0.8 + 0.2 * rung) for rung in range(1, 9)),
)
_SEEN: Final = (*((0.1 * rung, 0.6) for rung in range(4, 10)), (1.0, 0.0))
#: Up to this share only pixels near the ground are lightened, above it more and more of the block.
_NEAR_ONLY: Final = 0.6
#: Side of the window, in pixels, in which ground counts as near.
_NEAR: Final = 7
#: Blocks in one row of the strip.
_STRIP: Final = 256


def dering(
    pixels: Pixels,
    ground: Pixels,
    dark: Pixels,
    roundtrip: Callable[[Pixels], Pixels],
    floor: int,
    step: float,
    at_any_price: bool,
) -> Pixels | None:
    """A copy of the picture whose failing blocks decode to brighter rings.

    Args:
        pixels: (H, W, 3) uint8 RGB, what was encoded, at 4:4:4.
        ground: (H, W) uint8, 255 on the white ground, else 0.
        dark: (H, W) uint8, non-zero on ground pixels that were decoded below the floor.
        roundtrip: encodes and decodes a picture with the same quantiser.
        floor: darkest value that a ground pixel's channel may decode to, below 255.
        step: typical step of the quantiser; a pattern of a fraction of it turns roundings, and is hardly
            more than what they change themselves.
        at_any_price: lightens the edge even where that will be seen.

    Returns:
        (H, W, 3) uint8, or None when it can't be done unseen: the quality is too low for this edge.
    """
    height, width = dark.shape
    ys, xs = np.nonzero(dark)
    cells = np.unique(np.stack([ys // _SIDE, xs // _SIDE], axis=1), axis=0) * _SIDE
    # Blocks at the right and lower border reach beyond the picture, where encoders repeat the last pixel:
    # of a throw as well, so `repeated` names the pixel of the block that stands in each place.
    at_y = np.minimum(cells[:, :1] + np.arange(_SIDE), height - 1)[:, :, None]
    at_x = np.minimum(cells[:, 1:] + np.arange(_SIDE), width - 1)[:, None, :]
    repeated = ((at_y % _SIDE) * _SIDE + at_x % _SIDE).reshape(-1, 64, 1)
    blocks = pixels[at_y, at_x].reshape(-1, 64, 3)
    is_ground = ground[at_y, at_x].reshape(-1, 64) > 0
    near = cv2.blur(ground, (_NEAR, _NEAR))[at_y, at_x].reshape(-1, 64, 1).astype(np.float32) / 255
    left = np.arange(len(blocks))
    done = blocks.copy()
    # With `at_any_price` it always ends, since a block that is all white has no ripples.
    for share, strength in (*_UNSEEN, *_SEEN) if at_any_price else _UNSEEN:
        for pattern in _PATTERNS:
            tried = _thrown(blocks[left], is_ground[left], near[left], share, pattern * strength * step)
            tried = np.take_along_axis(tried, repeated[left], axis=1)
            done[left] = tried
            left = left[_darkest(_decoded(tried, roundtrip), is_ground[left]) < floor]
            if not len(left):
                result = pixels.copy()
                result[at_y, at_x] = done.reshape(-1, _SIDE, _SIDE, 3)
                return result
    return None


def _thrown(blocks: Pixels, ground: NDArray[np.bool_], near: Floats, share: float, pattern: Floats) -> Pixels:
    weight = np.minimum(near * 2, 1) * share
    if share > _NEAR_ONLY:
        weight = np.maximum(weight, (share - _NEAR_ONLY) / (1 - _NEAR_ONLY))
    kept = (255 - blocks.astype(np.float32)) * (1 - weight)
    return np.clip(np.rint(255 - kept + pattern * ~ground[:, :, None]), 0, 255).astype(np.uint8)


def _decoded(blocks: Pixels, roundtrip: Callable[[Pixels], Pixels]) -> Pixels:
    """Blocks (n, 64, 3) as the codec gives them back, by way of one picture made of them."""
    count = len(blocks)
    columns = min(count, _STRIP)
    rows = -(-count // columns)
    strip = np.full((rows * columns, _SIDE, _SIDE, 3), 255, np.uint8)
    strip[:count] = blocks.reshape(-1, _SIDE, _SIDE, 3)
    picture = strip.reshape(rows, columns, _SIDE, _SIDE, 3).swapaxes(1, 2)
    back = roundtrip(np.ascontiguousarray(picture).reshape(rows * _SIDE, columns * _SIDE, 3))
    parts = back.reshape(rows, _SIDE, columns, _SIDE, 3).swapaxes(1, 2).reshape(-1, 64, 3)
    return parts[:count]


def _darkest(blocks: Pixels, ground: NDArray[np.bool_]) -> Pixels:
    """(n,) darkest channel value on the ground of each block."""
    darkest: Pixels = np.where(ground, blocks.min(axis=2), 255).min(axis=1)
    return darkest
