from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.imaging.geometry import apply, scale_of
from packshot.imaging.pyramid import Pyramid


def test_a_level_is_the_mean_of_its_pixels() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
    level = Pyramid(pixels).level(3)
    means = pixels.reshape(6, 8, 8, 8, 3).mean(axis=(1, 3))
    # Each halving rounds once.
    assert np.abs(level.astype(float) - means).max() <= 1.5


def test_levels_are_made_once() -> None:
    pyramid = Pyramid(np.zeros((64, 64), np.uint8))
    assert pyramid.level(2) is pyramid.level(2)


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 12))
def test_no_side_ever_vanishes(width: int, height: int, number: int) -> None:
    pyramid = Pyramid(np.zeros((height, width), np.uint8))
    level = pyramid.level(number)
    assert min(level.shape) >= 1
    assert math.isclose(scale_of(pyramid.matrix(number)), 2 ** min(number, pyramid.deepest))


@pytest.mark.parametrize("side", [16, 17, 19, 23, 31])
def test_an_odd_row_or_column_moves_nothing(side: int) -> None:
    ramp = np.broadcast_to((np.arange(side) * 8).astype(np.uint8), (side, side))
    pyramid = Pyramid(np.ascontiguousarray(ramp))
    for number in (1, 2, 3):
        level = pyramid.level(number)
        xs = np.arange(level.shape[1])
        where = apply(pyramid.matrix(number), np.column_stack([xs, xs]))[:, 0]
        assert np.abs(level[0] - where * 8).max() <= 1.0


@given(st.floats(0.002, 4))
def test_the_last_step_is_neither_blurred_nor_skipping(scale: float) -> None:
    pyramid = Pyramid(np.zeros((2048, 2048), np.uint8))
    number = pyramid.level_for(scale)
    step = scale * 2**number
    assert number == 0 or step <= 0.8
    assert number == pyramid.deepest or step > 0.4
