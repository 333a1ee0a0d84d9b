"""Whether two pictures of a product, laid on each other, show the same package all over.

Matches alone can't tell: a brand's packages share a logo, a frame, a bar code. So the prints are
compared everywhere: the local correlation of both pictures where either of them has any print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.features import CloseUp
from packshot.imaging.geometry import Array, compose, invert
from packshot.imaging.pyramid import Pixels
from packshot.imaging.registration import onto_target
from packshot.imaging.segment import core

Floats = NDArray[np.float32]

#: Longer side, pixels, at which prints are compared: coarse enough to forgive some parallax.
_SIDE: Final = 288
#: Side of the window of the local correlation, pixels.
_WINDOW: Final = 15
#: Share of that side left out along the product's edge, where masks are uncertain.
_RIM: Final = 1 / 40
#: Standard deviation of grey levels in a window from which there is print to compare.
_PRINT: Final = 5.0
#: Standard deviation from which print counts in full.
_BOLD: Final = 40.0
#: Correlation of a window that counts as the same print.
_SAME: Final = 0.5
#: Correlation of a window that counts as another print.
_OTHER: Final = 0.2


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two products agree under a similarity; shares are 0-1.

    Attributes:
        overlap: intersection over union of both masks.
        printed: share of the common product that has print in either picture.
        same_print: share of that print that correlates, bold print weighing more.
        other_print: share of the common product in the largest patch of print that differs.
        colour: median distance of a and b (CIELAB) over the common product.
    """

    overlap: float
    printed: float
    same_print: float
    other_print: float
    colour: float


def agreement(source: CloseUp, target: CloseUp, matrix: Array) -> Agreement:
    """Compares the source, mapped by upright source to upright target pixels, with the target."""
    moved = onto_target(source, target, matrix)
    height, width = target.mask.shape
    between = compose(target.matrix, compose(matrix, invert(source.matrix)))
    mask = cv2.warpAffine(source.mask, between, (width, height), flags=cv2.INTER_LINEAR)
    ours, theirs = np.asarray(mask) >= 128, target.mask >= 128
    overlap = _overlap(source, target, between)
    scale = min(1.0, _SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    common = core(_small((ours & theirs).astype(np.uint8) * np.uint8(255), size), _RIM * max(size)) > 0
    first, second = _small(moved, size), _small(target.colour, size)
    if not common.any():
        return Agreement(overlap, 0.0, 0.0, 0.0, 0.0)
    printed, same, other = _correlation(_luma(first), _luma(second), common)
    return Agreement(overlap, printed, same, other, _colour_distance(first, second, common))


def _overlap(source: CloseUp, target: CloseUp, between: Array) -> float:
    """Intersection over union of the masks, also of what the source has outside the target's frame."""
    height, width = target.mask.shape
    room = max(width, height)
    shift = np.array([[1.0, 0, room], [0, 1.0, room]])
    size = (width + 2 * room, height + 2 * room)
    ours = np.asarray(cv2.warpAffine(source.mask, compose(shift, between), size)) >= 128
    union = int(np.count_nonzero(ours))
    inner = ours[room : room + height, room : room + width]
    theirs = target.mask >= 128
    common = int(np.count_nonzero(inner & theirs))
    union += int(np.count_nonzero(theirs)) - common
    return common / union if union else 0.0


def _small(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _luma(colour: Pixels) -> Floats:
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), dtype=np.float32)


def _correlation(first: Floats, second: Floats, common: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Share of the common product with print; of that print, what correlates; the largest other patch."""
    weight = common.astype(np.float32)

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values * weight, (_WINDOW, _WINDOW)) / share, dtype=np.float32)

    share = np.maximum(cv2.blur(weight, (_WINDOW, _WINDOW)), np.float32(1e-3))
    mean_1, mean_2 = mean(first), mean(second)
    variance_1 = np.maximum(mean(first * first) - mean_1 * mean_1, 0)
    variance_2 = np.maximum(mean(second * second) - mean_2 * mean_2, 0)
    covariance = mean(first * second) - mean_1 * mean_2
    correlation = covariance / np.sqrt(variance_1 * variance_2 + np.float32(1.0))
    print_ = common & (np.maximum(variance_1, variance_2) >= _PRINT**2)
    count = int(np.count_nonzero(print_))
    if count == 0:
        return 0.0, 0.0, 0.0
    # Bold print weighs more than faint: shading and noise are faint, another design is not.
    boldness = np.minimum(np.sqrt(np.maximum(variance_1, variance_2)), np.float32(_BOLD))[print_]
    same = float(boldness[correlation[print_] >= _SAME].sum() / boldness.sum())
    area = int(np.count_nonzero(common))
    return count / area, same, _largest(print_ & (correlation < _OTHER)) / area


def _largest(where: NDArray[np.bool_]) -> int:
    """Pixels of the largest connected patch."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(where.astype(np.uint8), connectivity=4)
    return int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))


def _colour_distance(first: Pixels, second: Pixels, common: NDArray[np.bool_]) -> float:
    a, b = (cv2.cvtColor(side, cv2.COLOR_RGB2LAB)[..., 1:].astype(np.float32) for side in (first, second))
    return float(np.median(np.hypot(*np.moveaxis(a - b, -1, 0))[common]))
