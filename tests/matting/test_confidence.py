"""Confidence comes from un-stretched probabilities: nothing seen is nothing, whatever its maximum."""

import dataclasses
import json
from importlib import resources

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.matting.confidence import Calibration, calibrated

CALIBRATION = Calibration()


def disc(inside: float, outside: float, radius: int = 60) -> np.ndarray:
    y, x = np.mgrid[:200, :200]
    return np.where(np.hypot(x - 100, y - 100) < radius, inside, outside).astype(np.float32)


def alone(alpha: np.ndarray) -> float:
    return calibrated(alpha, alpha, CALIBRATION)


def test_a_clear_product_is_sure() -> None:
    assert alone(disc(0.99, 0.0)) > 0.95


def test_another_look_that_sees_something_else_takes_it_away() -> None:
    one = disc(0.99, 0.0)
    assert calibrated(one, np.roll(one, 60, axis=1), CALIBRATION) < 0.1


def test_the_size_does_not_matter() -> None:
    alpha = cv2.GaussianBlur(disc(0.99, 0.0), (0, 0), 2)
    large = cv2.resize(alpha, (1600, 1600), interpolation=cv2.INTER_LINEAR)
    small = cv2.resize(alpha, (320, 320), interpolation=cv2.INTER_LINEAR)
    assert alone(large) == pytest.approx(alone(small), abs=0.01)


def test_a_faint_one_is_not() -> None:
    assert calibrated(disc(0.6, 0.3), disc(0.45, 0.35), CALIBRATION) < 0.2


def test_nothing_is_nothing_even_when_its_maximum_is_above_the_rest() -> None:
    assert alone(disc(0.3, 0.0)) == 0.0
    assert alone(np.zeros((50, 50), np.float32)) == 0.0


def test_the_card_gives_the_coefficients() -> None:
    card = {"confidence": {"coefficients": dataclasses.asdict(Calibration(intercept=-3.0))}}
    assert Calibration.of_card(card).intercept == -3.0
    with pytest.raises(KeyError):
        Calibration.of_card({})
    with pytest.raises(TypeError):
        Calibration.of_card({"confidence": {"coefficients": {"no_such": 1.0}}})


def test_the_shipped_card_gives_all_of_them() -> None:
    card = json.loads((resources.files("packshot") / "weights" / "packshot-matte.json").read_text("utf-8"))
    names = {field.name for field in dataclasses.fields(Calibration)}
    assert set(card["confidence"]["coefficients"]) == names


@given(st.floats(0.5, 1.0), st.floats(0.5, 1.0))
def test_surer_pixels_never_lower_it(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert alone(disc(low, 0)) <= alone(disc(high, 0)) + 1e-9
