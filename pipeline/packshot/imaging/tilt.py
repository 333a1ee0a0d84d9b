"""How far a product leans from upright, told by its silhouette's symmetry; 0 unless the evidence is strong.

A product that stands straight has a silhouette that mirrors onto itself about a vertical (or, lying,
a horizontal) axis. So the tilt is the turn that makes the mask most symmetric, and it is believed
only when that symmetry is high, clearly higher than in the picture as it is, and has one clear peak:
a round product is as symmetric at any angle, a shoe at none, and both keep their pose. Perspective
leans a package's two sides against each other, which leaves the axis where it was.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import Array, fold_tilt, similarity

Mask = NDArray[np.uint8]

#: Side of the square that the silhouette is measured in, pixels; its longest reach fills it.
_SIDE: Final = 144
_REACH_DEG: Final = 45.0
_STEP_DEG: Final = 1.5
#: Overlap of the silhouette with its mirror image that counts as symmetric.
_SYMMETRIC: Final = 0.93
#: The same where gain and fall are both at least `_PLAIN`: a blurred can, leaning eight degrees.
_SYMMETRIC_IF_PLAIN: Final = 0.91
_PLAIN: Final = 0.15
#: How much the overlap must gain: at least, per degree of the turn, and enough for any turn.
_GAIN: Final = 0.012
_GAIN_PER_DEGREE: Final = 0.004
_GAIN_ENOUGH: Final = 0.07
#: Overlap that must be lost this far to both sides of the peak, else the product is round.
_FLANK_DEG: Final = 12.0
_PEAK: Final = 0.04
#: Peaks as good as the best within this are told apart by their box: a square also mirrors diagonally.
_AS_GOOD: Final = 0.015
#: Length over breadth from which the long axis itself tells the tilt, where it is straight: the
#: product fills this share of its smallest rectangle.
_LONG: Final = 5.0
_STRAIGHT: Final = 0.6
#: Tilts below it are left alone: they lie within what a mask can tell.
_LEAST_DEG: Final = 0.7


def tilt(mask: Mask) -> float:
    """Degrees, clockwise, in [-45, 45], that the product in a soft mask (h, w) leans; 0 when unsure."""
    long = _of_a_long_product(mask)
    if long is not None:
        return long if abs(long) >= _LEAST_DEG else 0.0
    silhouette = _normalised(mask)
    upright = _symmetry(silhouette, 0.0)
    if upright > 1.0 - _GAIN:
        return 0.0
    angle = _best_peak(silhouette)
    if angle is None:
        return 0.0
    angle, peak = _refined(silhouette, angle)
    flank = max(_symmetry(silhouette, angle - _FLANK_DEG), _symmetry(silhouette, angle + _FLANK_DEG))
    gain, fall = peak - upright, peak - flank
    enough = gain >= max(_GAIN, min(_GAIN_PER_DEGREE * abs(angle), _GAIN_ENOUGH)) and fall >= _PEAK
    plain = min(gain, fall) >= _PLAIN
    believed = peak >= (_SYMMETRIC_IF_PLAIN if plain else _SYMMETRIC) and enough
    return angle if believed and _LEAST_DEG <= abs(angle) <= _REACH_DEG else 0.0


def _of_a_long_product(mask: Mask) -> float | None:
    """The tilt of the long axis of a pen or a ruler, too thin for its mirror image to tell; else None."""
    moments = cv2.moments(mask)
    spread = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]])
    small, large = np.linalg.eigvalsh(spread)
    if large < _LONG**2 * max(small, 1e-9):
        return None
    points = np.argwhere(mask >= 128)[:, ::-1].astype(np.float32)
    _, (width, height), _ = cv2.minAreaRect(points)
    if len(points) < _STRAIGHT * (width + 1) * (height + 1):
        return None
    axis = 0.5 * math.degrees(math.atan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1]))
    return fold_tilt(axis)


def _best_peak(silhouette: NDArray[np.float32]) -> float | None:
    """The turn of highest symmetry; of several as good, the one with the smallest box."""
    steps = round(_REACH_DEG / _STEP_DEG) + 1
    angles = np.arange(-steps, steps + 1) * _STEP_DEG
    overlap = np.array([_symmetry(silhouette, float(angle)) for angle in angles])
    middle = overlap[1:-1]
    summits = np.flatnonzero((middle >= overlap[:-2]) & (middle >= overlap[2:])) + 1
    good = [float(angles[i]) for i in summits if overlap[i] >= middle.max() - _AS_GOOD]
    return min(good, key=lambda angle: _box_area(silhouette, angle)) if good else None


def _box_area(silhouette: NDArray[np.float32], angle: float) -> int:
    turned = _turned_back(silhouette, angle) >= 0.5
    return int(np.count_nonzero(turned.any(axis=0))) * int(np.count_nonzero(turned.any(axis=1)))


def _normalised(mask: Mask) -> NDArray[np.float32]:
    """The mask about its centroid, scaled so that it fits the square at any turn; 0-1."""
    moments = cv2.moments(mask)
    centre = (moments["m10"] / moments["m00"], moments["m01"] / moments["m00"])
    ys, xs = np.nonzero(mask >= 128)
    reach = float(np.hypot(xs - centre[0], ys - centre[1]).max()) + 2.0
    middle = (_SIDE - 1) / 2
    matrix = similarity(_SIDE / 2 / reach, 0.0, centre, (middle, middle))
    return _turned(mask.astype(np.float32) / np.float32(255.0), matrix)


def _turned(mask: NDArray[np.float32], matrix: Array) -> NDArray[np.float32]:
    return np.asarray(cv2.warpAffine(mask, matrix, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR), np.float32)


def _turned_back(silhouette: NDArray[np.float32], angle: float) -> NDArray[np.float32]:
    middle = (_SIDE - 1) / 2
    return _turned(silhouette, similarity(1.0, -angle, (middle, middle), (middle, middle)))


def _symmetry(silhouette: NDArray[np.float32], angle: float) -> float:
    """Overlap (soft intersection over union) with the mirror image, turned back by `angle`.

    The better of the two axes through the centroid, vertical or horizontal.
    """
    turned = _turned_back(silhouette, angle)
    total = float(turned.sum())
    common = max(
        float(np.minimum(turned, turned[:, ::-1]).sum()), float(np.minimum(turned, turned[::-1]).sum())
    )
    return common / (2 * total - common)


def _refined(silhouette: NDArray[np.float32], angle: float) -> tuple[float, float]:
    """The peak near a whole degree, to a hundredth: two rounds of a parabola through three points."""
    peak = _symmetry(silhouette, angle)
    for step in (1.0, 0.4):
        before, after = _symmetry(silhouette, angle - step), _symmetry(silhouette, angle + step)
        curve = before - 2 * peak + after
        if curve < 0:
            angle += float(np.clip(0.5 * step * (before - after) / curve, -step, step))
            peak = _symmetry(silhouette, angle)
    return angle, peak
