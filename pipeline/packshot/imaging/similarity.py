"""Similarities from pairs of points: the first guess among outliers, and the exact fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.geometry import Array, apply

#: Rounds of reweighting; the fit stands still after four or five.
_ROUNDS: Final = 8
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """A similarity and the pairs that agree with it.

    Attributes:
        matrix: source to target.
        inliers: (M,) bool.
        residual: median distance of the inliers in target pixels.
    """

    matrix: Array
    inliers: NDArray[np.bool_]
    residual: float


def least_squares(source: Array, target: Array, weights: Array | None = None) -> Array:
    """The similarity without reflection that maps source onto target best (Umeyama 1991).

    Args:
        source: (M, 2), at least two different points.
        target: (M, 2).
        weights: (M,) not negative; None for equal ones.
    """
    weights = np.ones(len(source)) if weights is None else weights
    share = weights / weights.sum()
    # Sums and not products of matrices, whose last bit hangs on where their memory lies.
    source_mean, target_mean = ((share[:, None] * points).sum(axis=0) for points in (source, target))
    a, b = source - source_mean, target - target_mean
    # In the plane the rotation has a closed form, and no mirrored solution needs to be refused.
    norm = float((share * (a**2).sum(axis=1)).sum())
    cos = float((share * (a * b).sum(axis=1)).sum()) / norm
    sin = float((share * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])).sum()) / norm
    linear = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([linear, target_mean - linear @ source_mean])


def guess(source: Array, target: Array, tolerance: float) -> Fit | None:
    """A similarity by RANSAC, or None when no three pairs agree; deterministic."""
    if len(source) < _FEWEST:
        return None
    matrix, kept = cv2.estimateAffinePartial2D(
        source,
        target,
        method=cv2.RANSAC,
        ransacReprojThreshold=tolerance,
        maxIters=5000,
        confidence=0.9995,
        refineIters=0,
    )
    if matrix is None or not np.isfinite(matrix).all() or int(kept.sum()) < _FEWEST:
        return None
    return refine(source, target, np.asarray(matrix, dtype=np.float64), tolerance)


def refine(source: Array, target: Array, start: Array, tolerance: float) -> Fit | None:
    """Refits by reweighted least squares (Tukey's biweight), its width following the residuals.

    Args:
        source: (M, 2).
        target: (M, 2).
        start: a similarity near the solution.
        tolerance: distance in target pixels beyond which a pair never counts.
    """
    matrix, width = start, tolerance
    for _ in range(_ROUNDS):
        distance = np.hypot(*(apply(matrix, source) - target).T)
        near = distance < width
        if int(near.sum()) < _FEWEST:
            return None
        weights = np.where(near, (1 - (distance / width) ** 2) ** 2, 0.0)
        if float(np.ptp(source[near], axis=0).max()) < 1e-6:
            return None
        matrix = least_squares(source, target, weights)
        # 4.685 sigma keeps 95 % of the efficiency on clean data; sigma by the median.
        sigma = 1.4826 * float(np.median(distance[near]))
        width = float(np.clip(4.685 * sigma, 0.05 * tolerance, tolerance))
    distance = np.hypot(*(apply(matrix, source) - target).T)
    inliers = distance < max(width, 0.25 * tolerance)
    if int(inliers.sum()) < _FEWEST:
        return None
    return Fit(matrix, inliers, float(np.median(distance[inliers])))
