from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.imaging.geometry import apply, bounds, compose, invert, resampling
from packshot.imaging.orientation import upright_matrix
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.segment import segment
from packshot.imaging.snap import snap

#: Edges of the product in a photo of 1600 x 1200, pixel coordinates.
LEFT, TOP, RIGHT, BOTTOM = 399.5, 249.5, 1103.5, 951.5
TO_PHOTO = resampling(5.0)


def photo(contrast: int = 90) -> np.ndarray:
    picture = np.full((1200, 1600, 3), 200, np.uint8)
    picture[250:952, 400:1104] = 200 - contrast
    noise = np.random.default_rng(1).normal(0, 3, picture.shape)
    return (picture + noise).clip(0, 255).astype(np.uint8)


def mask(grown: float) -> np.ndarray:
    """What a network sees of it, each side `grown` coarse pixels too far out."""
    fine = np.zeros((1200, 1600), np.uint8)
    by = round(grown * 5)
    fine[250 - by : 952 + by, 400 - by : 1104 + by] = 255
    return cv2.GaussianBlur(cv2.resize(fine, (320, 240), interpolation=cv2.INTER_AREA), (0, 0), 1.2)


def edges(soft: np.ndarray) -> np.ndarray:
    found = segment(soft)
    assert found is not None
    x, y, w, h = bounds(apply(TO_PHOTO, found.outline))
    return np.array([x, y, x + w, y + h])


@pytest.mark.parametrize("grown", [-1.6, -0.8, 0.8, 1.6])
def test_the_edge_moves_onto_the_pictures(grown: float) -> None:
    truth = np.array([LEFT, TOP, RIGHT, BOTTOM])
    before = np.abs(edges(mask(grown)) - truth)
    after = np.abs(edges(snap(Pyramid(photo()), mask(grown), TO_PHOTO)) - truth)
    assert before.min() > 3
    # Half a coarse pixel or less is left, of up to two.
    assert after.max() < 3
    assert after.mean() < 0.4 * before.mean()


def test_an_exact_mask_stays_exact() -> None:
    after = edges(snap(Pyramid(photo()), mask(0), TO_PHOTO))
    assert np.abs(after - (LEFT, TOP, RIGHT, BOTTOM)).max() < 1


def test_without_an_edge_to_be_seen_the_mask_stands() -> None:
    flat = Pyramid(np.full((1200, 1600, 3), 200, np.uint8))
    assert np.abs(edges(snap(flat, mask(1), TO_PHOTO)) - edges(mask(1))).max() < 2


def test_far_from_the_edge_nothing_changes() -> None:
    before = mask(1)
    before[20:24, 20:24] = 90
    after = snap(Pyramid(photo()), before, TO_PHOTO)
    inner = (slice(70, 170), slice(100, 200))
    assert np.array_equal(after[inner], before[inner])
    assert np.array_equal(after[:30, :40], before[:30, :40])


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_it_looks_at_the_picture_as_it_is_stored(orientation: int) -> None:
    """The mask is upright, the picture is not; nothing is turned but the map between them."""
    upright = upright_matrix(orientation, 1600, 1200)
    size = (1600, 1200) if orientation == 3 else (1200, 1600)
    coarse = cv2.warpAffine(mask(1.2), _coarse(upright), (size[0] // 5, size[1] // 5))
    after = snap(Pyramid(photo()), coarse, compose(invert(upright), TO_PHOTO))
    stored = cv2.warpAffine(after, invert(_coarse(upright)), (320, 240))
    before = np.abs(edges(mask(1.2)) - (LEFT, TOP, RIGHT, BOTTOM)).max()
    assert np.abs(edges(stored) - (LEFT, TOP, RIGHT, BOTTOM)).max() < 0.4 * before


def _coarse(matrix: np.ndarray) -> np.ndarray:
    return compose(invert(TO_PHOTO), compose(matrix, TO_PHOTO))


def test_a_photo_as_small_as_its_mask_is_left_alone() -> None:
    small = mask(1)
    picture = cv2.resize(photo(), (320, 240), interpolation=cv2.INTER_AREA)
    assert np.array_equal(snap(Pyramid(picture), small, resampling(1.0)), small)
