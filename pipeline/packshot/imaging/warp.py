"""The one warp: from the stored photo straight onto the canvas."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Final

import cv2
import numpy as np

from packshot.imaging.geometry import Array, apply, compose, corners, frame, invert, scale_of
from packshot.imaging.pyramid import Pixels, Pyramid

Size = tuple[int, int]

#: Source pixels to each side that Lanczos of order 4 looks at.
_LANCZOS_REACH: Final = 4


class Kernel(IntEnum):
    """How pixels are interpolated, by OpenCV's numbers."""

    BILINEAR = cv2.INTER_LINEAR
    LANCZOS = cv2.INTER_LANCZOS4


def warp(pyramid: Pyramid, matrix: Array, size: Size, kernel: Kernel = Kernel.BILINEAR) -> Pixels:
    """The picture on a canvas; where the canvas leaves the picture, its edge is replicated.

    Args:
        pyramid: of the picture as stored.
        matrix: stored pixels to canvas pixels, a similarity with or without a reflection (EXIF).
        size: width and height of the canvas.
        kernel: Lanczos is for growing only; on shrinking it aliases.
    """
    level = pyramid.level_for(scale_of(matrix))
    return _warp(pyramid.level(level), compose(matrix, pyramid.matrix(level)), size, kernel)


def warp_cut_out(
    pyramid: Pyramid, alpha: Pyramid, matrix: Array, size: Size, kernel: Kernel = Kernel.BILINEAR
) -> tuple[Pixels, Pixels]:
    """A picture with its own alpha on a canvas, white where nothing of it is left.

    Colours are weighted by their alpha, so that what hides under transparent pixels (often black)
    does not bleed into the edge. Lanczos overshoots there, so it draws only the opaque inside. Returns
    the picture (h, w, 3) and its alpha (h, w), which is 0 outside the source.
    """
    scale = scale_of(matrix)
    level = pyramid.level_for(scale)
    inner = compose(matrix, pyramid.matrix(level))
    # Weighted before it is halved: the pyramid's own levels have mixed in what is hidden.
    weighted = _multiplied(pyramid.level(0), cv2.merge([alpha.level(0)] * 3))
    weighted = Pyramid(weighted).level(level)
    cover = _warp(alpha.level(level), inner, size, Kernel.BILINEAR, cv2.BORDER_CONSTANT)
    picture = _divided(_warp(weighted, inner, size, Kernel.BILINEAR, cv2.BORDER_CONSTANT), cover)
    if kernel is Kernel.LANCZOS:
        reach = 2 * math.ceil(_LANCZOS_REACH * scale) + 1
        opaque = cv2.erode(cover, np.ones((reach, reach), np.uint8), borderValue=0) == 255
        picture[opaque] = _warp(pyramid.level(level), inner, size, kernel)[opaque]
    return picture, cover


def inside(matrix: Array, source: Size, size: Size) -> Pixels | None:
    """255 where the canvas lies inside the source, 0 elsewhere; None when it is everywhere inside.

    Args:
        matrix: source pixels to canvas pixels.
        source: width and height of the source.
        size: width and height of the canvas.
    """
    edges = np.array(frame(*source))
    wanted = apply(invert(matrix), corners(frame(*size)))
    # Half a pixel of replicated edge can't be told from the edge itself.
    low, high = edges[:2] - 0.5, edges[:2] + edges[2:] + 0.5
    if bool(((wanted >= low) & (wanted <= high)).all()):
        return None
    mask = np.zeros((size[1], size[0]), np.uint8)
    shift = 8
    polygon = np.rint(apply(matrix, corners(frame(*source))) * 2**shift).astype(np.int32)
    cv2.fillConvexPoly(mask, polygon, 255, cv2.LINE_8, shift)
    return mask


def _warp(
    pixels: Pixels, matrix: Array, size: Size, kernel: Kernel, border: int = cv2.BORDER_REPLICATE
) -> Pixels:
    warped = cv2.warpAffine(pixels, matrix, size, flags=int(kernel), borderMode=border)
    return np.asarray(warped, dtype=np.uint8)


def _multiplied(colour: Pixels, alpha: cv2.typing.MatLike) -> Pixels:
    return np.asarray(cv2.multiply(colour, alpha, scale=1 / 255), dtype=np.uint8)


def _divided(premultiplied: Pixels, alpha: Pixels) -> Pixels:
    cover = cv2.merge([alpha] * 3)
    colour = np.asarray(cv2.divide(premultiplied, cover, scale=255), dtype=np.uint8)
    colour[alpha == 0] = 255
    return colour
