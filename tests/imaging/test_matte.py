"""Refinement and decontamination, each with its own gain, on exact alphas."""

import cv2
import numpy as np
import pytest

from packshot.imaging.matte import refine, working_size
from packshot.imaging.resize import resized
from tests.imaging.mattes import edge_band, ring_with_strap

PAIRS = [
    ((200, 40, 40), (225, 225, 225)),
    ((30, 30, 40), (240, 238, 235)),
    ((250, 250, 245), (120, 100, 80)),
    ((60, 120, 60), (90, 140, 190)),
]


@pytest.mark.parametrize(("product", "ground"), PAIRS)
def test_the_edge_is_far_closer_than_the_networks_alpha_scaled_up(
    product: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    truth = ring_with_strap(1000, product, ground)
    band = edge_band(truth.alpha)
    scaled = cv2.resize(truth.small(), (1000, 1000), interpolation=cv2.INTER_LINEAR)
    refined = refine(truth.picture, truth.small()).alpha / 255
    before = np.abs(scaled - truth.alpha)[band].mean()
    after = np.abs(refined - truth.alpha)[band].mean()
    assert after < 0.35 * before
    assert after < 0.04


@pytest.mark.parametrize(("product", "ground"), PAIRS)
def test_soft_edges_lose_the_grounds_colour(
    product: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    truth = ring_with_strap(1000, product, ground)
    matte = refine(truth.picture, truth.small())
    edge = (truth.alpha > 0.2) & (truth.alpha < 0.8)
    own = truth.product * 255
    before = np.abs(truth.picture[edge] - own[edge]).mean()
    after = np.abs(matte.foreground[edge] - own[edge]).mean()
    assert after < 0.4 * before


def test_who_has_the_picture_at_its_working_size_gets_the_same() -> None:
    truth = ring_with_strap(1000, (200, 40, 40), (225, 225, 225))
    usual = refine(truth.picture, truth.small())
    shrunk = resized(truth.picture, working_size(1000, 1000))
    given = refine(truth.picture, truth.small(), shrunk)
    np.testing.assert_array_equal(given.alpha, usual.alpha)
    np.testing.assert_array_equal(given.foreground, usual.foreground)


def test_the_hole_stays_open_and_the_strap_stays() -> None:
    truth = ring_with_strap(1000, (200, 40, 40), (225, 225, 225))
    alpha = refine(truth.picture, truth.small()).alpha
    assert alpha[500, 500] == 0
    assert alpha[100:200, 500].min() > 200


def test_certain_regions_are_exact_and_colours_there_untouched() -> None:
    truth = ring_with_strap(1000, (200, 40, 40), (225, 225, 225))
    matte = refine(truth.picture, truth.small())
    far = ~edge_band(truth.alpha, 30)
    assert np.array_equal(matte.alpha[far], np.rint(truth.alpha[far] * 255))
    assert np.array_equal(matte.foreground[far], truth.picture[far])


def test_tone_on_tone_stays_near_the_network() -> None:
    """Where colours tell nothing, nothing is made up: no holes in the product, no islands.

    The strap is left out: two pixels wide for the network and three levels off the ground, it is lost.
    """
    truth = ring_with_strap(1000, (228, 226, 222), (225, 225, 225))
    alpha = refine(truth.picture, truth.small()).alpha
    wrong = (alpha >= 128) != (truth.alpha >= 0.5)
    assert not wrong[220:][~edge_band(truth.alpha, 6)[220:]].any()


def test_a_seam_in_the_ground_is_no_part_of_a_product_of_its_colour() -> None:
    truth = ring_with_strap(1000, (30, 30, 40), (225, 225, 225))
    picture = truth.picture.copy()
    cv2.line(picture, (860, 200), (810, 800), (35, 35, 45), 3, cv2.LINE_AA)
    sure = truth.small()
    # The network suspects something along the seam, but is all but sure that it is ground.
    doubt = np.zeros_like(sure)
    cv2.line(doubt, (275, 64), (259, 256), 0.14, 5)
    alpha = refine(picture, np.maximum(sure, cv2.GaussianBlur(doubt, (0, 0), 1))).alpha
    away = ~edge_band(truth.alpha, 14)
    assert alpha[away & (truth.alpha < 0.5)].max() < 40
    clean = refine(truth.picture, sure).alpha
    near = edge_band(truth.alpha, 3)
    assert np.abs(alpha[near].astype(int) - clean[near]).mean() < 3


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_picture_without_an_edge(value: float) -> None:
    picture = np.full((300, 200, 3), 99, np.uint8)
    matte = refine(picture, np.full((48, 32), value, np.float32))
    assert np.all(matte.alpha == round(value * 255))
    assert np.array_equal(matte.foreground, picture)


@pytest.mark.parametrize("shape", [(2, 2), (1, 700), (33, 5)])
def test_odd_sizes(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(3).integers(0, 255, (*shape, 3), dtype=np.uint8)
    matte = refine(picture, np.random.default_rng(4).random((7, 9)).astype(np.float32))
    assert matte.alpha.shape == shape
    assert max(working_size(shape[1], shape[0])) <= 512
