"""The colours' vote on an alpha that the network left open."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.imaging import colour_vote
from packshot.imaging.colour_vote import vote

RED, GREY = (180, 30, 40), (150, 150, 155)


def scene(height: int = 300, width: int = 240) -> tuple[np.ndarray, np.ndarray]:
    """A red box on a grey ground, both with grain, and its mask."""
    mask = np.zeros((height, width), np.float32)
    mask[60:240, 50:190] = 1.0
    picture = np.where(mask[..., None] > 0, RED, GREY).astype(np.float32)
    picture += np.random.default_rng(3).normal(0, 6, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8), mask


def test_an_open_place_goes_to_the_side_that_has_its_colours() -> None:
    picture, mask = scene()
    alpha = mask.copy()
    alpha[200:240, 50:190] = 0.3  # the network loses the foot of the box,
    alpha[240:260, 50:190] = 0.7  # and takes the ground beneath for it
    voted = vote(picture, alpha)
    assert voted[205:235, 60:180].mean() > 0.75
    assert voted[245:255, 60:180].mean() < 0.25


def test_a_border_in_the_wrong_place_moves_to_the_right_one() -> None:
    picture, mask = scene()
    wide = cv2.GaussianBlur(cv2.dilate(mask, np.ones((13, 13), np.uint8)), (0, 0), 5)
    voted = vote(picture, wide)
    before, after = (np.abs(alpha - mask).mean() for alpha in (wide, voted))
    assert after < 0.6 * before


def test_what_is_far_from_all_that_is_open_has_no_part_in_it() -> None:
    picture, mask = scene(900, 720)
    alpha = cv2.GaussianBlur(mask, (0, 0), 4)
    calls: list[tuple[int, ...]] = []
    grab = cv2.grabCut

    def watched(seen: np.ndarray, *rest: object) -> object:
        calls.append(seen.shape)
        return grab(seen, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cv2, "grabCut", watched)
        vote(picture, alpha)
    learnt, drawn = calls
    # The box and its soft rim are 164 by 204 of 720 by 900 pixels, drawn at 384 px.
    assert drawn[0] * drawn[1] < 0.1 * 384 * 307
    assert learnt[0] <= 128


def test_what_the_network_is_sure_of_stays() -> None:
    picture, mask = scene()
    alpha = np.where(mask > 0, np.float32(0.98), np.float32(0.02))
    picture[100:140, 80:140] = GREY  # a print in the ground's colour
    np.testing.assert_array_equal(vote(picture, alpha), alpha)


def test_a_thin_strap_that_the_network_is_nearly_sure_of_is_not_cut_off() -> None:
    picture, mask = scene()
    picture[10:60, 119:121] = RED
    alpha = mask.copy()
    alpha[10:60, 119:121] = 0.93
    assert vote(picture, alpha)[12:58, 119:121].min() >= 0.5


def test_where_both_sides_are_as_pale_the_network_counts_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros((300, 240), np.float32)
    cv2.circle(mask, (120, 150), 90, 1.0, -1)
    grain = np.random.default_rng(5).normal(0, 3, (300, 240, 3))
    picture = np.where(mask[..., None] > 0, (236, 234, 230), (238, 236, 233)) + grain
    picture[150:220, 60:180] = RED  # a print: the product's other colours are all but the ground's
    photo, alpha = np.clip(picture, 0, 255).astype(np.uint8), cv2.GaussianBlur(mask, (0, 0), 4)

    def wrong() -> float:
        return float(((vote(photo, alpha) >= 0.5) != (mask > 0)).mean())

    weighed = wrong()
    monkeypatch.setattr(colour_vote, "_FLOOR", 1.0)  # each colour in full, whatever it tells
    assert weighed < 0.75 * wrong()


def test_the_same_input_gives_the_same_answer() -> None:
    picture, mask = scene()
    alpha = cv2.GaussianBlur(mask, (0, 0), 6)
    first = vote(picture, alpha)
    cv2.setRNGSeed(99)
    np.random.default_rng(1)
    np.testing.assert_array_equal(vote(picture, alpha), first)


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_without_a_sure_pixel_on_both_sides_nothing_changes(level: float) -> None:
    picture, _ = scene()
    alpha = np.full(picture.shape[:2], level, np.float32)
    np.testing.assert_array_equal(vote(picture, alpha), alpha)


def test_a_vote_that_denies_the_product_is_none() -> None:
    picture, mask = scene()
    ground = np.random.default_rng(4).normal(0, 6, (180, 140, 3)) + GREY
    picture[60:240, 50:190] = ground.astype(np.uint8)  # a product in the ground's own colours,
    picture[140:150, 110:120] = RED  # of which only the print differs
    alpha = np.clip(mask * 0.9, 0.01, 1).astype(np.float32)
    alpha[140:150, 110:120] = 0.99
    np.testing.assert_array_equal(vote(picture, alpha), alpha)


def test_one_pixel_is_a_picture_too() -> None:
    one = np.full((1, 1), 0.5, np.float32)
    assert vote(np.zeros((1, 1, 3), np.uint8), one).shape == (1, 1)


def test_the_input_is_left_as_it_is() -> None:
    picture, mask = scene()
    alpha = cv2.GaussianBlur(mask, (0, 0), 6)
    kept = (picture.copy(), alpha.copy())
    vote(picture, alpha)
    np.testing.assert_array_equal(picture, kept[0])
    np.testing.assert_array_equal(alpha, kept[1])
