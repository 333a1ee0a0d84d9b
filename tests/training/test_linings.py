"""Linings: cloth behind the front, product like it, where a neck or a hem shows it."""

from __future__ import annotations

import numpy as np
import pytest

from training.linings import lined
from training.sprites import Sprite


def shirt() -> Sprite:
    """A red shirt with a round neck, 200 x 160."""
    alpha = np.zeros((200, 160), np.float32)
    alpha[10:190, 20:140] = 1
    rows, columns = np.mgrid[:200, :160]
    alpha[((columns - 80) / 30) ** 2 + ((rows - 10) / 24) ** 2 < 1] = 0
    bgr = np.zeros((200, 160, 3), np.uint8)
    bgr[:] = (20, 20, 220)
    return Sprite(bgr, alpha, alpha, "garment")


def blue_cloth() -> np.ndarray:
    return np.full((50, 50, 3), (220, 20, 20), np.uint8)


def test_the_front_stays_as_it_is_and_what_is_new_is_of_the_other_cloth() -> None:
    front = shirt()
    necks = hems = 0
    for seed in range(30):
        made = lined(np.random.default_rng(seed), front, blue_cloth())
        assert made.bgr.shape[:2] == made.alpha.shape == made.opacity.shape
        assert np.array_equal(made.alpha[:200][front.alpha == 1], front.alpha[front.alpha == 1])
        assert np.array_equal(made.bgr[:200][front.alpha == 1], front.bgr[front.alpha == 1])
        new = made.alpha > 0.5
        new[:200][front.alpha > 0.5] = False
        colours = made.bgr[new].astype(int)
        assert (colours[:, 0] > 2 * colours[:, 2]).mean() > 0.95, "blue, in the light or in the shade"
        necks += bool(new[:60].any())
        hems += bool(new[185:].any())
    assert necks > 8, "some show their neck"
    assert hems > 8, "some their hem"


def test_a_lining_repeats_with_its_seed() -> None:
    one, two = (lined(np.random.default_rng(4), shirt(), blue_cloth()) for _ in range(2))
    assert np.array_equal(one.bgr, two.bgr)
    assert np.array_equal(one.alpha, two.alpha)


@pytest.mark.parametrize("seed", range(8))
def test_the_gap_between_two_shoes_is_no_neck(seed: int) -> None:
    alpha = np.zeros((120, 160), np.float32)
    alpha[10:110, 10:60] = 1
    alpha[10:110, 100:150] = 1
    pair = Sprite(np.full((120, 160, 3), 90, np.uint8), alpha, alpha, "garment")
    made = lined(np.random.default_rng(seed), pair, blue_cloth())
    assert made.alpha[20:100, 65:95].max() == 0


def test_what_is_too_small_to_show_cloth_stays() -> None:
    alpha = np.ones((10, 40), np.float32)
    tiny = Sprite(np.zeros((10, 40, 3), np.uint8), alpha, alpha, "garment")
    assert lined(np.random.default_rng(0), tiny, blue_cloth()) is tiny
