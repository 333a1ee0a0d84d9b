from __future__ import annotations

import numpy as np
import pytest

from packshot.imaging.tilt import tilt
from tests.imaging.shapes import SHAPES, posed

WITH_AN_AXIS = [
    "carton",
    "nearly square carton",
    "square",
    "bottle",
    "pen",
    "t-shirt",
    "carton in perspective",
]
ROUND = ["ball", "plate", "ring"]


@pytest.mark.parametrize("name", sorted(SHAPES))
@pytest.mark.parametrize("seed", range(4))
def test_an_upright_product_stays_as_it_is(name: str, seed: int) -> None:
    assert tilt(posed(name, 0, seed)) == 0


@pytest.mark.parametrize("name", [*WITH_AN_AXIS, "long soap"])
@pytest.mark.parametrize("angle", [-38, -25, -8, 3, 6, 12, 25, 36])
def test_a_leaning_one_is_measured(name: str, angle: float) -> None:
    assert tilt(posed(name, angle, seed=abs(angle))) == pytest.approx(angle, abs=0.6)


@pytest.mark.parametrize("name", ROUND)
@pytest.mark.parametrize("angle", [0, 3, 17, 31, 45])
def test_round_products_have_no_direction(name: str, angle: float) -> None:
    assert tilt(posed(name, angle, seed=angle)) == 0


@pytest.mark.parametrize("angle", [-25, -10, 10, 25])
def test_a_shape_without_symmetry_is_left_alone(angle: float) -> None:
    assert tilt(posed("shoe", angle)) == 0


def test_a_square_is_not_stood_on_its_corner() -> None:
    # Its diagonals are axes of symmetry too, and at 30 degrees the nearer ones.
    assert tilt(posed("square", 30)) == pytest.approx(30, abs=0.6)


def test_a_sign_that_stands_on_its_corner_stays_there() -> None:
    assert tilt(posed("square", 45)) == 0


def test_a_lying_product_is_levelled_not_stood_up() -> None:
    lying = np.ascontiguousarray(np.rot90(posed("bottle", -10)))
    assert tilt(lying) == pytest.approx(-10, abs=0.6)
