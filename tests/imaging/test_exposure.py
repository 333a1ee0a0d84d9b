import numpy as np
import pytest

from packshot.imaging.exposure import exposure_gain, is_underexposed
from packshot.imaging.white_balance import Ground, ground_of


def _paper(level) -> Ground:
    ground = ground_of(np.full((1000, 3), level, np.uint8))
    assert ground is not None
    return ground


@pytest.mark.parametrize("level", [190, 220, 250])
def test_light_paper_needs_nothing(level):
    assert exposure_gain(_paper(level), 250, 180) == pytest.approx(1.0)


def test_the_darker_the_paper_the_more_light():
    gains = [exposure_gain(_paper(level), level, 90) for level in (180, 160, 140, 125)]
    assert gains == sorted(gains)
    assert 1 < gains[0] < gains[-1] <= 2.5


def test_the_products_highlights_stay_below_white():
    assert exposure_gain(_paper(140), 250, 250) == 1.0
    assert exposure_gain(_paper(140), 230, 225) < 1.3


def test_a_dark_ground_may_be_meant():
    assert exposure_gain(_paper(30), 120, 120) <= 1.3
    assert exposure_gain(None, 90, 90) <= 1.3
    assert exposure_gain(None, 230, 120) == 1.0


def test_a_black_photo_is_no_division_by_zero():
    assert exposure_gain(None, 0, 0) == pytest.approx(1.3)


def test_a_photo_is_underexposed_when_even_its_gain_makes_nothing_bright():
    assert is_underexposed(95, 90, exposure_gain(_paper(95), 95, 90))
    assert not is_underexposed(140, 90, exposure_gain(_paper(140), 140, 90))
    # A dark ground, and a product of which something is bright; and the other way round.
    assert not is_underexposed(100, 200, 1.0)
    assert not is_underexposed(230, 60, 1.0)
