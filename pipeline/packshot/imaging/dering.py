"""Keeps a JPEG's ringing around the product above a floor, by changing single blocks of its edge.

A JPEG stores each 8 x 8 block as cosine coefficients, rounded to multiples of a step. Where a block holds
both product and white ground, the rounding errors ripple into the white; how dark the ripples get is
partly a matter of chance. The few blocks that come out too dark are thrown again: with a faint
pattern on the product's pixels, and if no pattern helps, with these pixels lightened towards the ground,
nearest to it first, by the least share that holds. It always ends, since a block that is all white
has no ripples. What a throw gives is told by the codec itself on a strip of these blocks
alone, which is exact at 4:4:4, where no block knows its neighbours.
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
#: Faint patterns on the product's pixels, standard normal; the first is none at all.
_PATTERNS: Final = (
    np.zeros((64, 1), np.float32),
    *np.random.default_rng(8).standard_normal((15, 64, 1)).astype(np.float32),
)
#: Shares of lightening, in the order in which they are tried.
_SHARES: Final = (0.0, 0.03, 0.06, 0.1, 0.14, 0.18, 0.23, 0.28, 0.34, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
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
    strength: float,
) -> Pixels:
    """A copy of the picture whose failing blocks decode to brighter rings.

    Args:
        pixels: (H, W, 3) uint8 RGB, what was encoded, at 4:4:4.
        ground: (H, W) uint8, 255 on the white ground, else 0.
        dark: (H, W) uint8, non-zero on ground pixels that were decoded below the floor.
        roundtrip: encodes and decodes a picture with the same quantiser.
        floor: darkest value that a ground pixel's channel may decode to, below 255.
        strength: standard deviation of the patterns in levels; a quarter of the quantiser's step is
            enough to turn roundings and too little to be seen beside them.
    """
    height, width = dark.shape
    ys, xs = np.nonzero(dark)
    cells = np.unique(np.stack([ys // _SIDE, xs // _SIDE], axis=1), axis=0) * _SIDE
    # Blocks at the right and lower border reach beyond the picture, where encoders repeat the last pixel.
    at_y = np.minimum(cells[:, :1] + np.arange(_SIDE), height - 1)[:, :, None]
    at_x = np.minimum(cells[:, 1:] + np.arange(_SIDE), width - 1)[:, None, :]
    blocks = pixels[at_y, at_x].reshape(-1, 64, 3)
    is_ground = ground[at_y, at_x].reshape(-1, 64) > 0
    near = cv2.blur(ground, (_NEAR, _NEAR))[at_y, at_x].reshape(-1, 64, 1).astype(np.float32) / 255
    left = np.arange(len(blocks))
    done = blocks.copy()
    for share in _SHARES:
        for pattern in _PATTERNS:
            tried = _thrown(blocks[left], is_ground[left], near[left], share, pattern * strength)
            done[left] = tried
            left = left[_darkest(_decoded(tried, roundtrip), is_ground[left]) < floor]
            if not len(left):
                result = pixels.copy()
                result[at_y, at_x] = done.reshape(-1, _SIDE, _SIDE, 3)
                return result
    raise AssertionError("a white block has no ripples")


def _thrown(blocks: Pixels, ground: NDArray[np.bool_], near: Floats, share: float, pattern: Floats) -> Pixels:
    weight = np.minimum(near * 2, 1) * share
    if share > _NEAR_ONLY:
        weight = np.maximum(weight, (share - _NEAR_ONLY) / (1 - _NEAR_ONLY))
    kept = (255 - blocks.astype(np.float32)) * (1 - weight)
    pattern = pattern * (1 - share)
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
