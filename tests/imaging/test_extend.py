import numpy as np
import pytest

from packshot.imaging.extend import extend_ground


def framed(ground, side=300, edge=60):
    """A ground of one colour inside a frame whose outside repeats it badly, in stripes."""
    picture = np.empty((side, side, 3), np.uint8)
    picture[:] = ground
    picture[:, : edge - 8 : 4] = (0, 255, 0)
    inside = np.zeros((side, side), np.uint8)
    inside[edge:-edge, edge:-edge] = 255
    return picture, inside


def test_the_photo_stays_as_it_is():
    picture, inside = framed((120, 130, 140))
    made = extend_ground(picture, inside, np.zeros_like(inside))
    assert np.array_equal(made[inside > 0], picture[inside > 0])


def test_a_plain_ground_goes_on_plainly():
    picture, inside = framed((120, 130, 140))
    made = extend_ground(picture, inside, np.zeros_like(inside)).astype(int)
    assert np.abs(made[:, :40] - (120, 130, 140)).max() <= 3


def test_the_product_does_not_bleed_into_the_ground():
    picture, inside = framed((200, 200, 200))
    alpha = np.zeros_like(inside)
    alpha[70:230, 62:230] = 255
    picture[alpha > 0] = (200, 0, 0)
    made = extend_ground(picture, inside, alpha).astype(int)
    assert np.abs(made[:, :30] - 200).max() <= 4


def test_the_fill_keeps_to_the_colours_next_to_it():
    picture, inside = framed((0, 0, 0))
    picture[:, :150], picture[:, 150:] = (220, 60, 60), (60, 60, 220)
    made = extend_ground(picture, inside, np.zeros_like(inside)).astype(int)
    assert made[150, 5, 0] > made[150, 5, 2] + 60
    assert made[150, -5, 2] > made[150, -5, 0] + 60


def test_there_is_no_seam():
    picture, inside = framed((120, 130, 140))
    picture[:] = np.linspace(60, 200, 300, dtype=np.uint8)[:, None, None]
    made = extend_ground(picture, inside, np.zeros_like(inside)).astype(int)
    assert np.abs(np.diff(made[150, :80, 0])).max() <= 3


@pytest.mark.parametrize("alpha_value", [0, 255])
def test_nothing_to_fill_and_nothing_to_fill_from(alpha_value):
    picture, _ = framed((120, 130, 140))
    everywhere = np.full(picture.shape[:2], 255, np.uint8)
    alpha = np.full_like(everywhere, alpha_value)
    assert np.array_equal(extend_ground(picture, everywhere, alpha), picture)
    nowhere = np.zeros_like(everywhere)
    assert extend_ground(picture, nowhere, alpha).shape == picture.shape


def test_where_there_is_no_ground_to_be_seen_the_products_own_colours_go_on():
    picture, inside = framed((120, 130, 140))
    made = extend_ground(picture, inside, np.full_like(inside, 255)).astype(int)
    assert np.abs(made[:, :40] - (120, 130, 140)).max() <= 3
