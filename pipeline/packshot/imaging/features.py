"""A product's close-up and the SIFT features on it (Lowe 2004), in pixels of the upright source."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import (
    Array,
    BoxTuple,
    apply,
    compose,
    invert,
    resampling,
    similarity,
)
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.warp import warp

Mask = NDArray[np.uint8]

#: Longer side of a close-up, pixels: what flow is measured on.
CLOSE_UP_SIDE: Final = 900
#: Longer side at which features are sought. They only start what flow makes exact, and at 900 pixels
#: SIFT alone would take three times as long as everything else that aligning does.
_FEATURE_SIDE: Final = 512
#: Room around the product's box, a share of its longer side.
_ROOM: Final = 0.06
_MOST_FEATURES: Final = 1500
#: Half of OpenCV's default: prints with little contrast need it, and matching sorts out the noise.
_CONTRAST: Final = 0.02


@dataclass(frozen=True, slots=True)
class CloseUp:
    """The product, cut out of the upright source at a moderate size.

    Attributes:
        colour: (h, w, 3) uint8 RGB.
        mask: (h, w) uint8 of the product.
        matrix: upright source pixels to pixels of the close-up, a similarity without a turn.
    """

    colour: NDArray[np.uint8]
    mask: Mask
    matrix: Array

    @property
    def grey(self) -> NDArray[np.uint8]:
        """(h, w) uint8 luma."""
        return np.asarray(cv2.cvtColor(self.colour, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Features:
    """What is kept of a product to find it again.

    Attributes:
        points: (N, 2) float64, upright source pixels.
        descriptors: (N, 128) uint8, root of the L1-normalised SIFT (Arandjelovic, Zisserman 2012).
        close_up: where they were found.
    """

    points: Array
    descriptors: NDArray[np.uint8]
    close_up: CloseUp


def close_up(picture: Pyramid, to_upright: Array, box: BoxTuple, coarse: Mask, mask_matrix: Array) -> CloseUp:
    """Cuts the product out of a stored picture.

    Args:
        picture: as stored.
        to_upright: stored to upright source pixels.
        box: of the product, upright source pixels.
        coarse: mask of the whole upright picture.
        mask_matrix: its pixels to upright source pixels.
    """
    x, y, w, h = box
    room = _ROOM * max(w, h)
    width, height = w + 2 * room, h + 2 * room
    scale = min(1.0, CLOSE_UP_SIDE / max(width, height))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    matrix = similarity(scale, 0.0, (x - room, y - room), (-0.5, -0.5))
    colour = warp(picture, compose(matrix, to_upright), size)
    mask = cv2.warpAffine(coarse, compose(matrix, mask_matrix), size, flags=cv2.INTER_LINEAR)
    return CloseUp(colour, np.asarray(mask, dtype=np.uint8), matrix)


def find_features(close: CloseUp) -> Features:
    """The strongest features on the product; there may be none."""
    sift = cv2.SIFT.create(
        nfeatures=_MOST_FEATURES,
        contrastThreshold=_CONTRAST,
        # Without it points lie a quarter pixel off, by an amount that depends on the scale.
        enable_precise_upscale=True,
    )
    height, width = close.mask.shape
    factor = min(1.0, _FEATURE_SIDE / max(width, height))
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    grey = cv2.resize(close.grey, size, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(close.mask, size, interpolation=cv2.INTER_AREA)
    inside = np.where(mask >= 128, np.uint8(255), np.uint8(0))
    keypoints, descriptors = sift.detectAndCompute(grey, inside)
    if not keypoints:
        return Features(np.empty((0, 2)), np.empty((0, 128), np.uint8), close)
    points = np.array([keypoint.pt for keypoint in keypoints], dtype=np.float64)
    to_close_up = resampling(width / size[0], height / size[1])
    to_source = compose(invert(close.matrix), to_close_up)
    return Features(apply(to_source, points), _rooted(np.asarray(descriptors)), close)


def _rooted(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    total = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.rint(np.sqrt(descriptors / total) * 512).clip(0, 255), dtype=np.uint8)


def to_bytes(features: Features) -> bytes:
    """Features as an .npz file, the same bytes for the same features."""
    close = features.close_up
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        points=features.points,
        descriptors=features.descriptors,
        colour=close.colour,
        mask=close.mask,
        matrix=close.matrix,
    )
    return buffer.getvalue()


def from_bytes(data: bytes) -> Features:
    """What `to_bytes` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        close = CloseUp(file["colour"], file["mask"], file["matrix"])
        return Features(file["points"], file["descriptors"], close)


def match(source: Features, target: Features, ratio: float = 0.8) -> tuple[Array, Array]:
    """Pairs of points (source, target), each (M, 2), that are each other's best by Lowe's ratio test."""
    if len(source.points) < 2 or len(target.points) < 2:
        return np.empty((0, 2)), np.empty((0, 2))
    first, second = (side.descriptors.astype(np.float32) for side in (source, target))
    # Distances of all pairs as one matrix product: |a - b|^2 = |a|^2 + |b|^2 - 2 a.b
    distance = (first**2).sum(1)[:, None] + (second**2).sum(1)[None, :] - 2 * first @ second.T
    best = distance.argmin(axis=1)
    nearest = np.partition(distance, 1, axis=1)[:, :2]
    mutual = distance.argmin(axis=0)[best] == np.arange(len(best))
    distinct = nearest[:, 0] < ratio**2 * nearest[:, 1]
    chosen = np.flatnonzero(mutual & distinct)
    return source.points[chosen], target.points[best[chosen]]
