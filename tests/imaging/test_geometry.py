from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.imaging.geometry import (
    Pose,
    apply,
    as_matrix,
    as_tuple,
    bounds,
    box_of,
    compose,
    corners,
    fold_tilt,
    frame,
    invert,
    place,
    resampling,
    rotation_of,
    scale_of,
    similarity,
)

COORDINATE = st.floats(-5000, 5000)
POINT = st.tuples(COORDINATE, COORDINATE)
SCALE = st.floats(0.05, 20)
ANGLE = st.floats(-179, 179)
SIMILARITY = st.builds(similarity, SCALE, ANGLE, POINT, POINT)
SIDE = st.floats(2, 4000)
BOX = st.tuples(COORDINATE, COORDINATE, SIDE, SIDE)
CANVAS_SIDE = st.integers(16, 4000)


@given(SIMILARITY, st.lists(POINT, min_size=1, max_size=8))
def test_inverse_takes_points_back(matrix: np.ndarray, points: list[tuple[float, float]]) -> None:
    there = apply(matrix, np.array(points))
    assert np.allclose(apply(invert(matrix), there), points, atol=1e-5)


@given(SIMILARITY, SIMILARITY, POINT)
def test_composition_is_one_after_the_other(
    outer: np.ndarray, inner: np.ndarray, point: tuple[float, float]
) -> None:
    at = np.array([point])
    assert np.allclose(apply(compose(outer, inner), at), apply(outer, apply(inner, at)), rtol=1e-9, atol=1e-4)


@given(SCALE, ANGLE, POINT, POINT)
def test_similarity_does_what_it_is_told(
    scale: float, angle: float, source: tuple[float, float], target: tuple[float, float]
) -> None:
    matrix = similarity(scale, angle, source, target)
    assert math.isclose(scale_of(matrix), scale, rel_tol=1e-9)
    assert math.isclose(rotation_of(matrix), angle, abs_tol=1e-6)
    assert np.allclose(apply(matrix, np.array([source])), [target], atol=1e-6)


def test_positive_angles_turn_clockwise_as_seen() -> None:
    # y grows downwards: what points right points down after a quarter turn clockwise.
    assert np.allclose(apply(similarity(1, 90, (0, 0), (0, 0)), np.array([[1.0, 0.0]])), [[0.0, 1.0]])


def test_a_flat_matrix_has_no_inverse() -> None:
    with pytest.raises(ValueError, match="no inverse"):
        invert(np.array([[1.0, 1, 0], [1.0, 1, 0]]))


@given(SIMILARITY)
def test_six_numbers_row_by_row(matrix: np.ndarray) -> None:
    values = as_tuple(matrix)
    assert values == tuple(matrix[0]) + tuple(matrix[1])
    assert np.array_equal(as_matrix(values), matrix)


@given(st.integers(1, 500), st.integers(1, 500), SCALE)
def test_resampling_lays_edge_on_edge(width: int, height: int, factor: float) -> None:
    edges = apply(resampling(factor), corners(frame(width, height)))
    assert np.allclose(bounds(edges), (-0.5, -0.5, width * factor, height * factor))


@given(BOX, CANVAS_SIDE, CANVAS_SIDE, st.floats(0.1, 1.0))
def test_a_product_stands_centred_and_filled(
    box: tuple[float, float, float, float], width: int, height: int, fill: float
) -> None:
    matrix = place(corners(box), Pose.of_canvas(width, height, fill, None))
    x, y, w, h = bounds(apply(matrix, corners(box)))
    assert math.isclose(max(w / width, h / height), fill, rel_tol=1e-6)
    assert math.isclose(x + w / 2, (width - 1) / 2, abs_tol=1e-3)
    assert math.isclose(y + h / 2, (height - 1) / 2, abs_tol=1e-3)
    assert math.isclose(w / h, box[2] / box[3], rel_tol=1e-6)


@given(BOX, ANGLE, st.floats(0.2, 0.9))
def test_a_leaning_product_is_turned_back_and_then_measured(
    box: tuple[float, float, float, float], angle: float, fill: float
) -> None:
    upright = corners(box)
    leaning = apply(similarity(1.3, angle, (0, 0), (70, -20)), upright)
    pose = Pose.of_canvas(900, 700, fill, None)
    matrix = place(leaning, pose, angle_deg=angle)
    straight = apply(place(upright, pose), upright)
    assert np.allclose(apply(matrix, leaning), straight, atol=1e-3)


@given(BOX, st.floats(0.3, 0.8), st.floats(0.9, 1.0))
def test_a_product_stands_on_its_baseline(
    box: tuple[float, float, float, float], fill: float, baseline: float
) -> None:
    matrix = place(corners(box), Pose.of_canvas(1000, 800, fill, baseline))
    _, y, _, h = bounds(apply(matrix, corners(box)))
    assert math.isclose(y + h, baseline * 800 - 0.5, abs_tol=1e-3)


@given(BOX, st.floats(0.2, 1.0), st.floats(-500, 1500), st.floats(-500, 1500), st.floats(0.0, 0.05))
def test_no_product_leaves_the_canvas_that_fits_on_it(
    box: tuple[float, float, float, float], fill: float, centre_x: float, baseline: float, margin: float
) -> None:
    pose = Pose(1000, 1000, fill, centre_x, 499.5, baseline=baseline, margin=margin)
    x, y, w, h = bounds(apply(place(corners(box), pose), corners(box)))
    assert min(x, y) >= -0.5 - 1e-3
    assert max(x + w, y + h) <= 999.5 + 1e-3


def test_a_given_scale_beats_the_fill() -> None:
    box = corners((10.0, 10.0, 100.0, 50.0))
    pose = Pose.of_canvas(1000, 1000, 0.85, None)
    assert math.isclose(scale_of(place(box, pose, scale=2.5)), 2.5)
    # Too big for the canvas: centred, not pushed to a side.
    x, _, w, _ = bounds(apply(place(box, pose, scale=20.0), box))
    assert math.isclose(x + w / 2, 499.5)


@given(st.floats(-1000, 1000))
def test_folding_forgets_quarter_turns(angle: float) -> None:
    folded = fold_tilt(angle)
    assert -45 <= folded <= 45
    assert math.isclose((angle - folded) / 90, round((angle - folded) / 90), abs_tol=1e-9)


def test_the_box_of_a_mask_has_its_pixels_outer_edges() -> None:
    inside = np.zeros((40, 30), bool)
    inside[5, 10] = inside[24, 19] = True
    assert box_of(inside) == (9.5, 4.5, 10.0, 20.0)
    assert box_of(np.ones((40, 30), bool)) == frame(30, 40)
