"""Two looks become one alpha in the picture's frame."""

import numpy as np
import pytest

from packshot.contracts.base import Box
from packshot.imaging.matte import working_size
from packshot.imaging.resize import resized
from packshot.matting.confidence import agreement
from packshot.stages.two_pass import coarse_on_canvas, second_pass
from tests.imaging.mattes import ring_with_strap
from tests.stages.networks import SeeingNetwork, reddish

RING = ring_with_strap(1000, (200, 40, 40), (225, 225, 225))
BOX: Box = (180.0, 60.0, 640.0, 760.0)


def small(alpha: np.ndarray) -> np.ndarray:
    return resized(alpha.astype(np.float32), working_size(alpha.shape[1], alpha.shape[0]))


def test_both_looks_lie_on_top_of_each_other() -> None:
    fused = second_pass(RING.picture, small(RING.alpha), BOX, SeeingNetwork(reddish))
    assert fused.alpha.shape == (500, 500)
    assert np.abs(fused.alpha - small(RING.alpha)).mean() < 0.006
    assert agreement(fused.coarse, fused.fine) > 0.97


def test_they_are_averaged() -> None:
    blind = SeeingNetwork(lambda picture: np.zeros(picture.shape[:2], np.float32))
    fused = second_pass(RING.picture, small(RING.alpha), BOX, blind)
    assert fused.alpha.max() == pytest.approx(0.5, abs=0.01)
    assert not fused.fine.any()


def test_what_only_the_second_look_sees_is_dropped() -> None:
    picture = RING.picture.copy()
    picture[40:90, 60:110] = (200, 40, 40)  # another red thing at the crop's edge
    box: Box = (50.0, 30.0, 800.0, 800.0)
    fused = second_pass(picture, small(RING.alpha), box, SeeingNetwork(reddish))
    assert fused.alpha[20:48, 28:60].max() < 0.05
    assert fused.alpha[256, 120] > 0.9


def test_a_box_of_nothing_means_the_whole_picture() -> None:
    network = SeeingNetwork(reddish)
    second_pass(RING.picture, small(RING.alpha), (500.0, 500.0, 0.0, 0.0), network)
    assert network.looks == [(1000, 1000)]


def test_the_coarse_mask_follows_the_transform() -> None:
    """Source 400x300, its mask at 320x240; scaled by 2 and moved onto a canvas of 1000x800."""
    coarse = np.zeros((240, 320), np.uint8)
    coarse[80:160, 80:240] = 255  # source pixels x 100-300, y 100-200
    placed = coarse_on_canvas(coarse, (400, 300), (2.0, 0.0, 50.5, 0.0, 2.0, 20.5), (1000, 800))
    rows, columns = np.nonzero(placed >= 0.5)
    scale = 0.5
    assert placed.shape == (400, 500)
    assert columns.min() == pytest.approx(250 * scale, abs=1)
    assert columns.max() + 1 == pytest.approx(650 * scale, abs=1)
    assert rows.min() == pytest.approx(220 * scale, abs=1)
    assert rows.max() + 1 == pytest.approx(420 * scale, abs=1)
