import numpy as np
import pytest

from packshot.imaging.tone import apply_table, gain_table
from packshot.imaging.white_balance import NEUTRAL, cast_gains, ground_of


def _paper(red, green, blue, count=4000, grain=1.5):
    levels = np.array([red, green, blue]) + np.random.default_rng(2).normal(0, grain, (count, 3))
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("colour", [(235, 228, 210), (215, 225, 240), (200, 190, 172), (228, 233, 226)])
def test_a_cast_paper_becomes_neutral_at_its_brightness(colour):
    gains, amount = cast_gains(ground_of(_paper(*colour)))
    assert amount > 0
    after = apply_table(np.array([[colour]], np.uint8), gain_table(gains))[0, 0].astype(int)
    assert np.ptp(after) < 0.4 * np.ptp(colour)
    weights = np.array([0.2126, 0.7152, 0.0722])
    assert after @ weights == pytest.approx(np.array(colour) @ weights, abs=3)


@pytest.mark.parametrize(
    "colour",
    [
        (232, 232, 231),  # neutral
        (255, 255, 255),  # burnt out: nothing can be told
        (200, 40, 40),  # painted red
        (150, 190, 120),  # green cloth
        (60, 55, 45),  # a dark table
        (190, 140, 80),  # wood
    ],
)
def test_what_is_no_evidence_changes_nothing(colour):
    assert cast_gains(ground_of(_paper(*colour))) == (NEUTRAL, 0.0)


def test_a_patchy_ground_is_no_evidence():
    mixed = np.concatenate([_paper(235, 215, 190), _paper(190, 215, 235)])
    assert cast_gains(ground_of(mixed))[1] == 0


def test_a_strong_cast_is_taken_off_in_part():
    ground = ground_of(_paper(240, 215, 188))
    assert ground is not None
    assert ground.is_paper
    assert 0.5 < cast_gains(ground)[1] < 1


def test_too_little_ground_tells_nothing():
    assert ground_of(_paper(235, 215, 190, count=50)) is None
    assert cast_gains(None) == (NEUTRAL, 0.0)


def test_shadow_on_the_paper_does_not_count():
    lit, shade = _paper(232, 226, 214), _paper(150, 146, 138)
    both = ground_of(np.concatenate([lit, shade]))
    alone = ground_of(lit)
    assert both is not None
    assert alone is not None
    assert both.level == pytest.approx(alone.level, abs=2)
