from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.imaging.geometry import apply, rotation_of, scale_of, similarity
from packshot.imaging.similarity import guess, least_squares, refine

SIMILARITY = st.builds(
    similarity,
    st.floats(0.3, 3),
    st.floats(-179, 179),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
)


def cloud(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 1000, (count, 2))


@given(SIMILARITY, st.integers(2, 40), st.integers(0, 99))
def test_exact_pairs_give_the_exact_similarity(matrix: np.ndarray, count: int, seed: int) -> None:
    points = cloud(seed, count)
    assert np.allclose(least_squares(points, apply(matrix, points)), matrix, atol=1e-6)


@given(SIMILARITY, st.integers(0, 99))
def test_a_mirrored_cloud_is_not_answered_with_a_reflection(matrix: np.ndarray, seed: int) -> None:
    points = cloud(seed, 12)
    mirrored = apply(matrix, points * (-1, 1))
    assert np.linalg.det(least_squares(points, mirrored)[:, :2]) >= 0


def test_weights_count() -> None:
    points = cloud(1, 10)
    aims = apply(similarity(1.2, 5, (0, 0), (3, 4)), points)
    aims[0] += 500
    weights = np.ones(10)
    weights[0] = 0
    assert np.allclose(least_squares(points, aims, weights)[:, 2], (3, 4))


@pytest.mark.parametrize("outliers", [0.0, 0.3, 0.6])
def test_finds_the_similarity_among_outliers(outliers: float) -> None:
    generator = np.random.default_rng(7)
    matrix = similarity(1.7, 22, (500, 500), (450, 610))
    points = cloud(2, 200)
    aims = apply(matrix, points) + generator.normal(0, 0.4, points.shape)
    lost = generator.random(200) < outliers
    aims[lost] = generator.uniform(0, 1500, (int(lost.sum()), 2))
    fit = guess(points, aims, 8.0)
    assert fit is not None
    errors = np.hypot(*(apply(fit.matrix, points) - apply(matrix, points)).T)
    assert errors.max() < 0.3
    assert not fit.inliers[lost & (np.hypot(*(aims - apply(matrix, points)).T) > 8)].any()
    assert fit.residual == pytest.approx(0.47, abs=0.15)


def test_the_same_pairs_give_the_same_similarity() -> None:
    generator = np.random.default_rng(3)
    points, aims = cloud(4, 60), generator.uniform(0, 1000, (60, 2))
    aims[:30] = apply(similarity(0.8, -9, (0, 0), (5, 5)), points[:30])
    first, second = guess(points, aims, 5.0), guess(points, aims, 5.0)
    assert first is not None
    assert second is not None
    assert np.array_equal(first.matrix, second.matrix)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_pairs_are_no_evidence(count: int) -> None:
    assert guess(cloud(1, count), cloud(2, count), 5.0) is None


def test_pairs_on_one_spot_are_no_evidence() -> None:
    spot = np.full((20, 2), 7.0)
    assert refine(spot, spot, similarity(1, 0, (0, 0), (0, 0)), 5.0) is None


def test_a_start_far_off_is_refused_and_not_pulled_in() -> None:
    points = cloud(5, 50)
    aims = apply(similarity(1, 0, (0, 0), (300, 0)), points)
    assert refine(points, aims, similarity(1, 0, (0, 0), (0, 0)), 5.0) is None


def test_refining_sharpens_a_rough_start() -> None:
    generator = np.random.default_rng(9)
    matrix = similarity(1.1, 12, (500, 500), (520, 480))
    points = cloud(6, 300)
    aims = apply(matrix, points) + generator.normal(0, 0.5, points.shape)
    start = similarity(1.104, 12.3, (500, 500), (522, 479))
    fit = refine(points, aims, start, 12.0)
    assert fit is not None
    assert scale_of(fit.matrix) == pytest.approx(1.1, abs=3e-4)
    assert rotation_of(fit.matrix) == pytest.approx(12, abs=0.02)
