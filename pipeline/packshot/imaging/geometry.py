"""Similarities, boxes and poses, in the convention that pixel centres are whole numbers.

A pixel i spans [i - 0.5, i + 0.5], so a picture of width W spans [-0.5, W - 0.5] and its centre is
(W - 1) / 2. A box [x, y, w, h] gives the outer edges in the same coordinates: of the pixels 10..19
it is x = 9.5, w = 10. Matrices are (2, 3) float64; angles are in degrees, clockwise as seen (y down).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Point = tuple[float, float]
BoxTuple = tuple[float, float, float, float]
MatrixTuple = tuple[float, float, float, float, float, float]


def compose(outer: Array, inner: Array) -> Array:
    """The matrix that does `inner` first, then `outer`."""
    result = outer[:, :2] @ inner
    result[:, 2] += outer[:, 2]
    return result


def invert(matrix: Array) -> Array:
    """The inverse map.

    Raises:
        ValueError: the matrix has none.
    """
    a, b, c, d = matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]
    determinant = a * d - b * c
    if not math.isfinite(determinant) or determinant == 0:
        raise ValueError("the matrix has no inverse")
    linear = np.array([[d, -b], [-c, a]], dtype=np.float64) / determinant
    return np.hstack([linear, -linear @ matrix[:, 2:]])


def apply(matrix: Array, points: Array) -> Array:
    """Maps points (N, 2) of x, y."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def similarity(scale: float, rotation_deg: float, source: Point, target: Point) -> Array:
    """The similarity that scales, turns clockwise and carries the point `source` to `target`."""
    angle = math.radians(rotation_deg)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    return np.array(
        [
            [cos, -sin, target[0] - cos * source[0] + sin * source[1]],
            [sin, cos, target[1] - sin * source[0] - cos * source[1]],
        ],
        dtype=np.float64,
    )


def scale_of(matrix: Array) -> float:
    """Target pixels per source pixel of a similarity (or its mean over both axes)."""
    return math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))


def rotation_of(matrix: Array) -> float:
    """Clockwise turn of a similarity without reflection, degrees in (-180, 180]."""
    return math.degrees(math.atan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1]))


def resampling(factor_x: float, factor_y: float | None = None) -> Array:
    """The map of pixel coordinates when a picture is resized by the factors; its edges meet."""
    factor_y = factor_x if factor_y is None else factor_y
    return np.array(
        [[factor_x, 0.0, (factor_x - 1) / 2], [0.0, factor_y, (factor_y - 1) / 2]], dtype=np.float64
    )


def as_tuple(matrix: Array) -> MatrixTuple:
    """The six numbers of a matrix, row by row, as contracts carry them."""
    a, b, c, d, e, f = (float(value) for value in matrix.ravel())
    return (a, b, c, d, e, f)


def as_matrix(values: MatrixTuple) -> Array:
    """The (2, 3) matrix of six numbers, row by row."""
    return np.array(values, dtype=np.float64).reshape(2, 3)


def bounds(points: Array) -> BoxTuple:
    """The box [x, y, w, h] around points (N, 2)."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return (float(left), float(top), float(right - left), float(bottom - top))


def box_of(inside: NDArray[np.bool_]) -> BoxTuple:
    """The box around the True pixels of a mask (h, w), of which there is at least one."""
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    left, top = float(columns[0]) - 0.5, float(rows[0]) - 0.5
    return (left, top, float(columns[-1]) + 0.5 - left, float(rows[-1]) + 0.5 - top)


def corners(box: BoxTuple) -> Array:
    """The four corners (4, 2) of a box, clockwise from the upper left."""
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float64)


def frame(width: int, height: int) -> BoxTuple:
    """The box that a picture spans."""
    return (-0.5, -0.5, float(width), float(height))


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a product stands on a canvas.

    Attributes:
        width, height: of the canvas, pixels.
        fill: the larger of (box width / canvas width) and (box height / canvas height).
        centre_x: of the box, pixels.
        baseline: y of the box's lower edge in pixels, or None to centre it on `centre_y`.
        centre_y: of the box, pixels; the canvas's middle when it is centred.
        margin: share of the canvas to keep free on each side when the pose comes from another product.
    """

    width: int
    height: int
    fill: float
    centre_x: float
    centre_y: float
    baseline: float | None = None
    margin: float = 0.0

    @classmethod
    def of_canvas(cls, width: int, height: int, fill: float, baseline: float | None) -> Pose:
        """A preset's pose: centred, or standing on `baseline`, a share of the height from above."""
        y = None if baseline is None else baseline * height - 0.5
        return cls(width, height, fill, (width - 1) / 2, (height - 1) / 2, y)

    def scale_for(self, box_width: float, box_height: float) -> float:
        """Canvas pixels per source pixel that give a box (already turned) this pose's fill."""
        return self.fill / max(box_width / self.width, box_height / self.height)


def place(outline: Array, pose: Pose, *, angle_deg: float = 0.0, scale: float | None = None) -> Array:
    """The similarity that puts a product on the canvas.

    Args:
        outline: (N, 2) points around the product, source pixels; its convex hull is enough.
        pose: where it shall stand.
        angle_deg: clockwise tilt of the product in the source; it is turned back by that much.
        scale: canvas pixels per source pixel; None for the pose's fill.

    Returns:
        Source to canvas. A product that would leave the canvas on its baseline, or off the pose's
        centre, is moved in as far as its size allows; one too big for the canvas is centred.
    """
    turn = similarity(1.0, -angle_deg, (0.0, 0.0), (0.0, 0.0))
    x, y, w, h = bounds(apply(turn, outline))
    scale = pose.scale_for(w, h) if scale is None else scale
    half_w, half_h = scale * w / 2, scale * h / 2
    middle = pose.centre_y if pose.baseline is None else pose.baseline - half_h
    centre = (
        _kept_inside(pose.centre_x, half_w, pose.width, pose.margin),
        _kept_inside(middle, half_h, pose.height, pose.margin),
    )
    return compose(similarity(scale, 0.0, (x + w / 2, y + h / 2), centre), turn)


def _kept_inside(centre: float, half: float, size: int, margin: float) -> float:
    reach = half + margin * size
    low, high = reach - 0.5, size - 0.5 - reach
    if low > high:
        return (size - 1) / 2
    return min(max(centre, low), high)


def fold_tilt(angle_deg: float) -> float:
    """An angle folded to a tilt in (-45, 45], as if a quarter turn made no difference."""
    folded = (angle_deg + 45.0) % 90.0 - 45.0
    return 45.0 if folded == -45.0 else folded
