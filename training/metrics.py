"""What a matte is judged by. All functions take float alpha in 0-1 of equal shape [h, w]."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Alpha = NDArray[np.float32]
BOUNDARY_SIDE = 480
BOUNDARY_TOLERANCE = 3.0


def iou(got: Alpha, want: Alpha) -> float:
    """Intersection over union of alpha >= 0.5; 1.0 when both are empty."""
    a, b = got >= 0.5, want >= 0.5
    union = np.logical_or(a, b).sum()
    return 1.0 if union == 0 else float(np.logical_and(a, b).sum() / union)


def mae(got: Alpha, want: Alpha) -> float:
    """Mean absolute error over the whole picture."""
    return float(np.abs(got - want).mean())


def _boundary(alpha: Alpha) -> NDArray[np.uint8]:
    """The mask's edge at 480 px, one pixel wide, on the inside. The picture's frame is no edge."""
    scale = BOUNDARY_SIDE / max(alpha.shape)
    size = (max(2, round(alpha.shape[1] * scale)), max(2, round(alpha.shape[0] * scale)))
    mask = (cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR) >= 0.5).astype(np.uint8)
    inner = cv2.erode(mask, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    return mask - inner


def boundary_f(got: Alpha, want: Alpha) -> float:
    """F measure of the two edges at 480 px, with a tolerance of 3 px (Martin et al. 2004, by distance
    transforms).
    """
    a, b = _boundary(got), _boundary(want)
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    to_b = cv2.distanceTransform(1 - b, cv2.DIST_L2, 5)
    to_a = cv2.distanceTransform(1 - a, cv2.DIST_L2, 5)
    precision = float((to_b[a > 0] <= BOUNDARY_TOLERANCE).mean())
    recall = float((to_a[b > 0] <= BOUNDARY_TOLERANCE).mean())
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


def edge_band_error(got: Alpha, want: Alpha, width: int = 20) -> float:
    """Mean absolute error within `width` px around the true edge (half of it on each side); 0.0 without an
    edge.
    """
    band = edge_band(want, width)
    return float(np.abs(got - want)[band].mean()) if band.any() else 0.0


def edge_band(want: Alpha, width: int) -> NDArray[np.bool_]:
    """Which pixels lie within `width` / 2 px of the edge, on either side; none where there is no edge."""
    mask = (want >= 0.5).astype(np.uint8)
    if mask.min() == mask.max():
        return np.zeros(want.shape, np.bool_)
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
    return np.asarray(np.maximum(inside, outside) <= width / 2)
