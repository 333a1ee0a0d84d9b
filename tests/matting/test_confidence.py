"""Confidence comes from un-stretched probabilities: nothing seen is nothing, whatever its maximum."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from packshot.matting.confidence import Calibration, calibrated

CALIBRATION = Calibration()


def disc(inside: float, outside: float, radius: int = 60) -> np.ndarray:
    y, x = np.mgrid[:200, :200]
    return np.where(np.hypot(x - 100, y - 100) < radius, inside, outside).astype(np.float32)


def test_a_clear_product_is_sure() -> None:
    assert calibrated(disc(0.99, 0.01), CALIBRATION) > 0.95


def test_a_faint_one_is_not() -> None:
    assert calibrated(disc(0.6, 0.3), CALIBRATION) < 0.2


def test_nothing_is_nothing_even_when_its_maximum_is_above_the_rest() -> None:
    assert calibrated(disc(0.3, 0.0), CALIBRATION) == 0.0
    assert calibrated(np.zeros((50, 50), np.float32), CALIBRATION) == 0.0


def test_a_speck_is_no_product() -> None:
    assert calibrated(disc(1.0, 0.0, radius=2), CALIBRATION) == 0.0


@given(st.floats(0.5, 1.0), st.floats(0.5, 1.0))
def test_surer_pixels_never_lower_it(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert calibrated(disc(low, 0), CALIBRATION) <= calibrated(disc(high, 0), CALIBRATION) + 1e-9
