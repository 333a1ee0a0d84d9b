import cv2
import numpy as np
import pytest

from packshot.imaging.shadow import contact_shadow


def standing(side=600):
    """A bottle-like block that stands at y = 480."""
    alpha = np.zeros((side, side), np.uint8)
    alpha[side // 5 : side * 4 // 5, side * 2 // 5 : side * 3 // 5] = 255
    return alpha


def test_the_shadow_lies_at_the_foot():
    alpha = standing()
    shadow = contact_shadow(alpha)
    seen = np.where(alpha == 0, shadow, 0)
    rows = np.flatnonzero(seen.max(axis=1) > 8)
    assert rows.min() > 400
    assert rows.max() < 560
    columns = np.flatnonzero(seen.max(axis=0) > 8)
    assert 160 < columns.min() < 240
    assert 360 < columns.max() < 440
    assert 40 < seen.max() < 140


def test_it_fades_outwards_and_is_soft():
    below = contact_shadow(standing())[482:600, 300].astype(int)
    assert (np.diff(below) <= 1).all()
    assert np.abs(np.diff(below)).max() < 25
    assert below[-1] == 0


def test_it_is_symmetric_for_a_symmetric_product():
    shadow = contact_shadow(standing()).astype(int)
    assert np.abs(shadow - shadow[:, ::-1]).max() <= 3


def test_what_hangs_in_the_air_beside_a_foot_throws_nothing():
    alpha = standing()
    alpha[150:200, 20:240] = 255  # an arm far above the ground
    shadow = contact_shadow(alpha)
    assert shadow[200:400, :200].max() <= 2


def test_each_foot_has_its_own():
    alpha = np.zeros((600, 600), np.uint8)
    alpha[100:140, 100:500] = 255
    for left in (110, 460):
        alpha[100:480, left : left + 30] = 255
    shadow = contact_shadow(alpha)
    assert shadow[484, 125] > 30
    assert shadow[484, 475] > 30
    assert shadow[484, 300] < 5


@pytest.mark.parametrize("shape", [(256, 256), (1500, 900), (400, 2000)])
def test_any_size_looks_the_same(shape):
    alpha = cv2.resize(standing(), shape[::-1], interpolation=cv2.INTER_AREA)
    shadow = contact_shadow(alpha)
    assert shadow.shape == shape
    assert shadow.dtype == np.uint8
    assert 30 < np.where(alpha == 0, shadow, 0).max() < 150


def test_no_product_no_shadow():
    assert not contact_shadow(np.zeros((50, 50), np.uint8)).any()
    assert not contact_shadow(np.full((50, 50), 3, np.uint8)).any()


def test_a_product_that_touches_the_lower_edge():
    alpha = standing()
    alpha[480:] = alpha[470]
    assert contact_shadow(alpha).shape == alpha.shape
