import cv2
import numpy as np
import pytest

from packshot.imaging.haze import drop_haze
from packshot.imaging.white_rule import haze_of


def product() -> np.ndarray:
    alpha = np.zeros((300, 300), np.uint8)
    cv2.rectangle(alpha, (100, 60), (200, 200), 255, -1)
    return alpha


def test_a_shadows_haze_goes_and_the_product_stays() -> None:
    alpha = product()
    alpha[201:280, 100:201] = 40
    clean = drop_haze(alpha)
    assert np.array_equal(clean[:201], alpha[:201])
    assert not clean[201 + 11 :].any()
    assert clean[201 + 6 :].any()
    fading = clean[201:212, 150].astype(int)
    assert fading[0] == 40
    assert (np.diff(fading) <= 0).all()


def test_what_is_left_is_no_haze_by_the_white_rule() -> None:
    random = np.random.default_rng(3)
    alpha = np.maximum(product(), cv2.blur(random.integers(0, 140, (300, 300), np.uint8), (5, 5)))
    assert not haze_of(product()).any()
    assert not haze_of(drop_haze(alpha)).any()


def test_a_soft_edge_stays_as_it_is() -> None:
    alpha = cv2.GaussianBlur(product(), (0, 0), 3)
    difference = np.abs(drop_haze(alpha).astype(int) - alpha)
    assert difference.max() <= 4


def test_translucent_products_stay() -> None:
    alpha = product()
    alpha[80:180, 120:180] = 90
    assert np.array_equal(drop_haze(alpha), alpha)


@pytest.mark.parametrize("shape", [(301, 299), (1, 1), (7, 640), (300, 301)])
def test_odd_sizes(shape: tuple[int, int]) -> None:
    solid = np.full(shape, 255, np.uint8)
    assert np.array_equal(drop_haze(solid), solid)
    alpha = np.full(shape, 50, np.uint8)
    alpha[: shape[0] // 2, : shape[1] // 2] = 200
    clean = drop_haze(alpha)
    assert np.array_equal(clean[alpha >= 64], alpha[alpha >= 64])
    assert not haze_of(clean).any()
