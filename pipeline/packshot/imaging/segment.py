"""From a soft mask to facts about the product: which parts belong to it, its outline, what it touches.

All coordinates are pixels of the mask, pixel centres whole numbers; `Outline` points lie where the
mask crosses one half, between the pixels, so that a box does not jump by whole pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import Array

Mask = NDArray[np.uint8]
Side = Literal["left", "top", "right", "bottom"]

#: A mask value from here on counts as product: alpha >= 0.5.
INSIDE: Final = 128
#: An object this large beside the largest counts as a product of its own.
PRODUCT_SHARE: Final = 0.15
#: A detached part this large beside the largest is kept; below it is a crumb of the network.
PART_SHARE: Final = 0.01
#: Gaps up to this share of the product's size do not separate two objects (a strap, a glare).
GAP_SHARE: Final = 0.02
#: Share of a side's length that the product must run along to touch it; the network's last pixel
#: column is too uncertain for less.
CONTACT_SHARE: Final = 0.012
#: A photo's own alpha counts as a cut-out from this share of transparent pixels on: below it lie
#: opaque pictures with rounded corners or a stray pixel.
TRANSPARENT_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The product in a mask.

    Attributes:
        mask: uint8, soft, without the crumbs.
        outline: (N, 2) convex hull of the half-level crossings, x and y in mask pixels.
        centroid: of the mask, weighted by its values.
        count: separate objects of product size.
        edges: sides of the picture that it touches.
        coverage: share of the picture inside the product.
    """

    mask: Mask
    outline: Array
    centroid: tuple[float, float]
    count: int
    edges: tuple[Side, ...]
    coverage: float


def to_mask(probabilities: NDArray[np.float32]) -> Mask:
    """Probabilities 0-1 as uint8 0-255, not stretched: what is faint stays faint."""
    scaled = np.clip(probabilities, 0.0, 1.0) * np.float32(255.0)
    return np.asarray(np.rint(scaled), dtype=np.uint8)


def is_cut_out(alpha: Mask | None) -> bool:
    """True when a photo's own alpha says what the product is, so that no network needs to guess."""
    if alpha is None:
        return False
    transparent = alpha.size - int(np.count_nonzero(alpha >= INSIDE))
    return transparent >= TRANSPARENT_SHARE * alpha.size


def segment(mask: Mask) -> Segmentation | None:
    """The product in a soft mask, or None when nothing in it reaches one half."""
    inside = _threshold(mask)
    if not inside.any():
        return None
    kept, count = _parts(inside)
    # The soft rim belongs to the parts that stay; three pixels hold it at the mask's resolution.
    reach = cv2.dilate(kept, np.ones((7, 7), np.uint8))
    clean = np.where(reach > 0, mask, np.uint8(0))
    outline = _hull(_crossings(clean))
    return Segmentation(
        mask=clean,
        outline=outline,
        centroid=_centroid(clean),
        count=count,
        edges=_edges(kept),
        coverage=float(np.count_nonzero(kept)) / kept.size,
    )


def core(mask: Mask, rim: float) -> Mask:
    """The mask (255 or 0) without its rim, which shows as much of the ground as of the product.

    Args:
        mask: (h, w) uint8.
        rim: pixels to take off; of a thin product at most a quarter of its half breadth.
    """
    depth = cv2.distanceTransform(_threshold(mask), cv2.DIST_L2, 3)
    return np.where(depth > min(rim, 0.25 * float(depth.max())), np.uint8(255), np.uint8(0))


def _threshold(mask: Mask) -> Mask:
    return np.asarray(mask >= INSIDE, dtype=np.uint8)


def _parts(inside: Mask) -> tuple[Mask, int]:
    """The parts worth keeping (0 or 1), and how many objects of product size there are."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_bridged(inside), connectivity=8)
    # Areas without what bridging added.
    areas = np.bincount(labels[inside > 0], minlength=len(stats))
    areas[0] = 0
    largest = int(areas.max())
    kept = np.isin(labels, np.flatnonzero(areas >= PART_SHARE * largest)) & (inside > 0)
    count = int(np.count_nonzero(areas >= PRODUCT_SHARE * largest))
    return kept.astype(np.uint8), count


def _bridged(inside: Mask) -> Mask:
    _, _, width, height = cv2.boundingRect(inside)
    gap = round(GAP_SHARE * max(width, height))
    if gap < 1:
        return inside
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap + 1, gap + 1))
    return np.asarray(cv2.morphologyEx(inside, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)


def _crossings(mask: Mask) -> Array:
    """Outermost half-level crossings of every row and column, (N, 2)."""
    level = mask.astype(np.float64) - (INSIDE - 0.5)
    rows = np.flatnonzero((level > 0).any(axis=1))
    columns = np.flatnonzero((level > 0).any(axis=0))
    points = [
        np.column_stack([_first(level[rows]), rows]),
        np.column_stack([level.shape[1] - 1 - _first(level[rows, ::-1]), rows]),
        np.column_stack([columns, _first(level.T[columns])]),
        np.column_stack([columns, level.shape[0] - 1 - _first(level.T[columns, ::-1])]),
    ]
    return np.vstack(points).astype(np.float64)


def _first(level: Array) -> Array:
    """Where each row first rises above zero, by linear interpolation; never outside the picture."""
    lines = np.arange(len(level))
    at = (level > 0).argmax(axis=1)
    above = level[lines, at]
    # Outside the picture there is nothing: the lowest level.
    below = np.where(at > 0, level[lines, np.maximum(at - 1, 0)], -(INSIDE - 0.5))
    first: Array = np.maximum(at - above / (above - below), -0.5)
    return first


def _hull(points: Array) -> Array:
    hull = cv2.convexHull(points.astype(np.float32))
    flat: Array = np.asarray(hull, dtype=np.float64).reshape(-1, 2)
    return flat


def _centroid(mask: Mask) -> tuple[float, float]:
    moments = cv2.moments(mask)
    return (moments["m10"] / moments["m00"], moments["m01"] / moments["m00"])


def _edges(kept: Mask) -> tuple[Side, ...]:
    height, width = kept.shape
    contacts: tuple[tuple[Side, int, int], ...] = (
        ("left", int(kept[:, 0].sum()), height),
        ("top", int(kept[0].sum()), width),
        ("right", int(kept[:, -1].sum()), height),
        ("bottom", int(kept[-1].sum()), width),
    )
    return tuple(side for side, contact, length in contacts if contact >= max(2, CONTACT_SHARE * length))
