"""The background goes, the frame stays."""

import cv2
import numpy as np
import pytest

from packshot.errors import ProductError
from packshot.stages.cutout import cutout
from tests.imaging.mattes import ring_with_strap
from tests.stages.networks import SeeingNetwork, reddish

RING = ring_with_strap(600, (200, 40, 40), (225, 225, 225))


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def rgba(data: bytes) -> np.ndarray:
    return cv2.cvtColor(
        cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA
    )


def test_the_frame_stays_and_the_alpha_is_right() -> None:
    result = rgba(cutout(png(RING.picture[..., ::-1]), SeeingNetwork(reddish)))
    assert result.shape == (600, 600, 4)
    assert np.abs(result[..., 3] / 255 - RING.alpha).mean() < 0.003


def test_nothing_of_the_ground_travels_along() -> None:
    result = rgba(cutout(png(RING.picture[..., ::-1]), SeeingNetwork(reddish)))
    assert np.all(result[result[..., 3] == 0] == (255, 255, 255, 0))


def test_the_network_looks_twice_the_second_time_at_the_product() -> None:
    network = SeeingNetwork(reddish)
    wide = np.full((600, 1500, 3), 225, np.uint8)
    wide[:, 700:1300] = RING.picture
    cutout(png(wide[..., ::-1]), network)
    assert network.looks[0] == (1500, 600)
    assert len(network.looks) == 2
    assert network.looks[1][0] < 700


def test_a_photo_with_its_own_transparency_keeps_it() -> None:
    alpha = np.rint(RING.alpha * 255).astype(np.uint8)
    network = SeeingNetwork(reddish)
    result = rgba(cutout(png(np.dstack([RING.picture[..., ::-1], alpha])), network))
    assert np.array_equal(result[..., 3], alpha)
    assert network.looks == []


def test_a_stray_transparent_pixel_is_no_cut_out() -> None:
    alpha = np.full(RING.picture.shape[:2], 255, np.uint8)
    alpha[0, 0] = 0
    rows, columns = np.nonzero(RING.alpha > 0.9)
    alpha[rows[0], columns[0]] = 100
    result = rgba(cutout(png(np.dstack([RING.picture[..., ::-1], alpha])), SeeingNetwork(reddish)))
    assert np.abs(result[..., 3] / 255 - RING.alpha).mean() < 0.003
    assert result[rows[0], columns[0], 3] <= 100


def test_a_photo_that_is_all_transparent_is_said_to_be_empty() -> None:
    hidden = np.dstack([RING.picture[..., ::-1], np.zeros(RING.picture.shape[:2], np.uint8)])
    with pytest.raises(ProductError) as caught:
        cutout(png(hidden), SeeingNetwork(reddish))
    assert caught.value.code == "no_product_found"


def test_an_empty_photo_is_said_to_be_one() -> None:
    with pytest.raises(ProductError) as caught:
        cutout(png(np.full((300, 400, 3), 200, np.uint8)), SeeingNetwork(reddish))
    assert caught.value.code == "no_product_found"
