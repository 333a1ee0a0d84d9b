import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.imaging.compose import WHITE, composite, parse_colour, resize_rgba, with_alpha
from tests.imaging.products import product

PICTURE, ALPHA = product(3)


@pytest.mark.parametrize(
    ("text", "colour"), [("white", (255, 255, 255)), ("#102030", (16, 32, 48)), ("#aBcDeF", (171, 205, 239))]
)
def test_colours(text, colour):
    assert parse_colour(text) == colour


@pytest.mark.parametrize("ground", [WHITE, (0, 0, 0), (16, 32, 48), (245, 245, 240)])
def test_the_formula(ground):
    weight = ALPHA[..., None] / 255
    exact = PICTURE * weight + np.array(ground) * (1 - weight)
    made = composite(PICTURE, ALPHA, ground)
    assert np.abs(made - exact).max() <= 1.001
    assert (made[ALPHA == 0] == ground).all()
    assert np.array_equal(made[ALPHA == 255], PICTURE[ALPHA == 255])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_any_level_stays_between_picture_and_ground(level, alpha, ground):
    pixel = np.full((1, 1, 3), level, np.uint8)
    made = int(composite(pixel, np.full((1, 1), alpha, np.uint8), (ground,) * 3)[0, 0, 0])
    assert min(level, ground) - 1 <= made <= max(level, ground) + 1


def test_white_on_white_is_white_whatever_the_alpha():
    alpha = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert (composite(np.full((16, 16, 3), 255, np.uint8), alpha, WHITE) == 255).all()


def test_a_shadow_darkens_the_ground_and_not_the_product():
    shadow = np.full(ALPHA.shape, 51, np.uint8)
    made = composite(PICTURE, ALPHA, WHITE, shadow)
    assert (made[ALPHA == 0] == 204).all()
    assert np.array_equal(made[ALPHA == 255], PICTURE[ALPHA == 255])


def test_inputs_are_left_alone():
    picture, alpha = PICTURE.copy(), ALPHA.copy()
    for plane in (picture, alpha):
        plane.flags.writeable = False
    composite(picture, alpha, WHITE)
    with_alpha(picture, alpha)
    with_alpha(picture, alpha, np.full_like(alpha, 9))
    assert np.array_equal(picture, PICTURE)


def test_nothing_of_the_ground_travels_with_a_cutout():
    rgba = with_alpha(PICTURE, ALPHA)
    assert (rgba[ALPHA == 0] == (255, 255, 255, 0)).all()
    assert np.array_equal(rgba[ALPHA > 0][:, :3], PICTURE[ALPHA > 0])
    assert np.array_equal(rgba[..., 3], ALPHA)


@pytest.mark.parametrize("ground", [WHITE, (30, 90, 200)])
def test_a_cutout_with_shadow_looks_like_the_composite_on_any_ground(ground):
    shadow = cv2.GaussianBlur(ALPHA, (0, 0), 12) // 3
    rgba = with_alpha(PICTURE, ALPHA, shadow)
    assembled = composite(np.ascontiguousarray(rgba[..., :3]), np.ascontiguousarray(rgba[..., 3]), ground)
    direct = composite(PICTURE, ALPHA, ground, shadow)
    assert np.abs(assembled.astype(int) - direct).max() <= 3


def test_shrinking_a_cutout_draws_no_halo():
    # A red product whose hidden colours are white: shrunk without weights, its edge would turn pink.
    alpha = np.zeros((200, 200), np.uint8)
    cv2.circle(alpha, (100, 100), 70, 255, -1, cv2.LINE_AA)
    rgba = with_alpha(np.full((200, 200, 3), (200, 20, 20), np.uint8), alpha)
    small = resize_rgba(rgba, (67, 67))
    seen = small[..., 3] > 32
    assert np.abs(small[seen][:, :3].astype(int) - (200, 20, 20)).max() <= 6
    assert (small[small[..., 3] == 0] == (255, 255, 255, 0)).all()
