import numpy as np
import pytest

from packshot.imaging.white_rule import (
    ground_of,
    haze_of,
    pure_ground_share,
    too_dark,
    white_ground_share,
)

ALPHA = np.zeros((100, 100), np.uint8)
ALPHA[40:60, 40:60] = 255
WHITE = np.full((100, 100, 3), 255, np.uint8)
GROUND_PIXELS = 100 * 100 - 20 * 20


def spotted(y, x, value):
    picture = WHITE.copy()
    picture[y, x, 1] = value
    return picture


def test_white_is_white():
    assert white_ground_share(WHITE, ALPHA) == 1.0
    assert pure_ground_share(WHITE, ALPHA) == 1.0


@pytest.mark.parametrize(
    ("distance", "value", "holds"),
    [(1, 240, True), (1, 239, False), (16, 240, True), (17, 240, False), (17, 254, False), (11, 100, False)],
)
def test_the_ring_and_beyond(distance, value, holds):
    # The product's last column is 59.
    share = white_ground_share(spotted(50, 59 + distance, value), ALPHA)
    assert share == (1.0 if holds else 1 - 1 / GROUND_PIXELS)


@pytest.mark.parametrize(("offset", "holds"), [(11, True), (12, False)])
def test_the_ring_is_round(offset, holds):
    # 11 and 12 pixels out in both directions are 15.6 and 17 pixels away.
    share = white_ground_share(spotted(59 + offset, 59 + offset, 250), ALPHA)
    assert (share == 1.0) is holds


def test_the_product_may_have_any_colour():
    picture = WHITE.copy()
    picture[ALPHA > 0] = 0
    assert white_ground_share(picture, ALPHA) == 1.0


def test_soft_edges_are_product():
    alpha = ALPHA.copy()
    alpha[50, 60] = 1
    assert white_ground_share(spotted(50, 60, 0), alpha) == 1.0
    assert ground_of(alpha)[50, 60] == 0


def test_lossless_files_have_no_ring():
    assert pure_ground_share(spotted(50, 61, 254), ALPHA) == 1 - 1 / GROUND_PIXELS


def test_a_picture_without_ground_holds():
    assert white_ground_share(np.zeros_like(WHITE), np.full_like(ALPHA, 255)) == 1.0
    assert pure_ground_share(np.zeros_like(WHITE), np.full_like(ALPHA, 255)) == 1.0


def test_too_dark_marks_ground_only():
    picture = spotted(50, 62, 239)
    picture[45, 45] = 0
    dark = too_dark(picture, ground_of(ALPHA))
    assert np.argwhere(dark).tolist() == [[50, 62]]


@pytest.mark.parametrize(("value", "distance", "counts"), [(63, 17, True), (63, 16, False), (64, 17, False)])
def test_haze_off_the_product_is_ground(value, distance, counts):
    alpha = ALPHA.copy()
    alpha[50, 59 + distance] = value
    picture = spotted(50, 59 + distance, 250)
    assert bool(haze_of(alpha)[50, 59 + distance]) is counts
    for share in (white_ground_share, pure_ground_share):
        assert (share(picture, alpha) < 1.0) is counts
        assert share(WHITE, alpha) == 1.0


def test_a_soft_shadow_left_on_the_ground_is_not_white():
    alpha = ALPHA.copy()
    alpha[60:99, 40:60] = 30
    picture = WHITE.copy()
    picture[60:99, 40:60] = 240
    # The first 16 rows are edge.
    assert white_ground_share(picture, alpha) == pytest.approx(
        1 - 20 * 23 / (GROUND_PIXELS - 16 * 20), abs=0.01
    )
