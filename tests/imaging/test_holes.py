"""A hole stays open where the ground is seen through it, and only there."""

import numpy as np
import pytest

from packshot.imaging.holes import close_false_holes

GROUND, PRODUCT, PRINT = (222, 222, 220), (200, 60, 40), (40, 60, 160)


def scene(inside: tuple[int, int, int], alpha_inside: float) -> tuple[np.ndarray, np.ndarray]:
    """A product on a shaded ground with a square opening of a colour and an alpha."""
    picture = np.full((200, 200, 3), GROUND, np.uint8)
    picture[:, :100] -= np.uint8(6)
    picture[40:160, 40:160] = PRODUCT
    picture[80:120, 80:120] = inside
    alpha = np.zeros((200, 200), np.float32)
    alpha[40:160, 40:160] = 1.0
    alpha[80:120, 80:120] = alpha_inside
    return alpha, picture


@pytest.mark.parametrize("colour", [GROUND, (214, 214, 212), (226, 225, 224)])
def test_the_ground_seen_through_a_ring_stays(colour: tuple[int, int, int]) -> None:
    alpha, picture = scene(colour, 0.0)
    assert np.array_equal(close_false_holes(alpha, picture), alpha)


@pytest.mark.parametrize("alpha_inside", [0.0, 0.4, 0.8])
def test_a_print_is_closed(alpha_inside: float) -> None:
    alpha, picture = scene(PRINT, alpha_inside)
    closed = close_false_holes(alpha, picture)
    assert closed[80:120, 80:120].min() == 1.0
    assert np.array_equal(closed[:40], alpha[:40])


def test_what_opens_to_the_outside_is_not_a_hole() -> None:
    alpha, picture = scene(PRINT, 0.0)
    alpha[80:120, 120:160] = 0.0
    assert np.array_equal(close_false_holes(alpha, picture), alpha)


def test_without_ground_nothing_is_judged() -> None:
    alpha, picture = scene(PRINT, 0.0)
    alpha[alpha == 0] = 0.5
    assert np.array_equal(close_false_holes(alpha, picture), alpha)
