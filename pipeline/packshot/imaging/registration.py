"""Refines a similarity between two close-ups below a pixel, by optical flow on the product's print.

Once the source lies roughly on the target, the flow of a few hundred corners (Lucas, Kanade 1981,
pyramids by Bouguet) is far more exact than the centres of single features, and a robust fit over all
of them leaves a few hundredths of a pixel. Both pictures are normalised by their local mean and
deviation first, since flow takes equal brightness for granted and lamps do not give it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.features import CloseUp
from packshot.imaging.geometry import Array, apply, compose, invert
from packshot.imaging.pyramid import Pixels, Pyramid
from packshot.imaging.segment import core
from packshot.imaging.similarity import Fit, refine
from packshot.imaging.warp import warp

#: Share of the close-up's side that is left out along the product's edge.
_RIM: Final = 1 / 60
_MOST_CORNERS: Final = 500
_ROUNDS: Final = 2
#: Side of the flow's window in pixels, and how often the pictures are halved for it.
_WINDOW: Final = 21
_LEVELS: Final = 3
#: A corner followed there and back must return to within this many pixels.
_THERE_AND_BACK: Final = 0.5


def onto_target(source: CloseUp, target: CloseUp, matrix: Array) -> Pixels:
    """The source's colours in the target's close-up.

    Args:
        source: the close-up to move.
        target: the one whose frame is wanted.
        matrix: upright source pixels to upright target pixels.
    """
    between = compose(target.matrix, compose(matrix, invert(source.matrix)))
    height, width = target.mask.shape
    return warp(Pyramid(source.colour), between, (width, height))


@dataclass(frozen=True, slots=True)
class Registration:
    """A similarity from upright source to upright target pixels.

    Attributes:
        fit: with the corners that agree; its residual is in target pixels.
        reach: width or height of the area that these corners span, the larger, in target pixels.
    """

    fit: Fit
    reach: float


def register(source: CloseUp, target: CloseUp, start: Array) -> Registration | None:
    """The similarity near `start`, or None when fewer than three corners agree on one."""
    still = _normalised(target.grey)
    corners = _corners(still, target.mask)
    if len(corners) < 3:
        return None
    matrix = start
    registration: Registration | None = None
    for number in range(_ROUNDS):
        moved = cv2.cvtColor(onto_target(source, target, matrix), cv2.COLOR_RGB2GRAY)
        at, found = _flow(still, _normalised(np.asarray(moved, dtype=np.uint8)), corners)
        to_source = compose(invert(matrix), invert(target.matrix))
        points, aims = apply(to_source, found), apply(invert(target.matrix), at)
        side = max(target.mask.shape) / float(target.matrix[0, 0])
        fit = refine(points, aims, matrix, side * (0.02 if number == 0 else 0.01))
        if fit is None:
            return None
        matrix = fit.matrix
        registration = Registration(fit, float(np.ptp(aims[fit.inliers], axis=0).max()))
    return registration


def _corners(grey: Pixels, mask: Pixels) -> Array:
    side = max(grey.shape)
    inner = core(mask, _RIM * side)
    found = cv2.goodFeaturesToTrack(grey, _MOST_CORNERS, 0.02, max(4.0, side / 60), mask=inner, blockSize=5)
    if found is None:
        return np.empty((0, 2))
    corners: Array = np.asarray(found, dtype=np.float64).reshape(-1, 2)
    return corners


def _flow(still: Pixels, moved: Pixels, corners: Array) -> tuple[Array, Array]:
    """Corners that were followed well, in `still` and in `moved`, each (M, 2)."""
    start = corners.astype(np.float32).reshape(-1, 1, 2)
    window = (_WINDOW, _WINDOW)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.003)
    there, seen, _ = cv2.calcOpticalFlowPyrLK(
        still, moved, start, start.copy(), winSize=window, maxLevel=_LEVELS, criteria=stop
    )
    back, seen_back, _ = cv2.calcOpticalFlowPyrLK(
        moved, still, there, there.copy(), winSize=window, maxLevel=_LEVELS, criteria=stop
    )
    error = np.hypot(*(back - start).reshape(-1, 2).T)
    good = (seen.ravel() == 1) & (seen_back.ravel() == 1) & (error < _THERE_AND_BACK)
    found: Array = np.asarray(there, dtype=np.float64).reshape(-1, 2)
    return corners[good], found[good]


def _normalised(grey: Pixels) -> Pixels:
    values: NDArray[np.float32] = grey.astype(np.float32)
    side = max(9, max(grey.shape) // 16) | 1
    mean = cv2.blur(values, (side, side))
    deviation = np.sqrt(np.maximum(cv2.blur(values * values, (side, side)) - mean * mean, 0))
    flat = (values - mean) * (np.float32(50.0) / (deviation + np.float32(8.0))) + np.float32(128.0)
    return np.asarray(flat.clip(0, 255), dtype=np.uint8)
