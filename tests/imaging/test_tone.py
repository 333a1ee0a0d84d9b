import numpy as np
import pytest

from packshot.imaging.tone import apply_table, gain_table, luma, to_levels, to_linear


def test_linear_light_and_back():
    levels = np.arange(256, dtype=np.float64)
    assert np.allclose(to_levels(to_linear(levels)), levels, atol=1e-9)
    assert to_linear(np.array([188.0]))[0] == pytest.approx(0.5029, abs=1e-3)


def test_a_gain_of_one_changes_nothing():
    assert (gain_table((1.0, 1.0, 1.0)) == np.arange(256)[:, None]).all()


@pytest.mark.parametrize("gain", [1.05, 1.5, 2.5])
def test_a_gain_clips_nothing_and_keeps_the_order(gain):
    curve = gain_table((gain, gain, gain))[:, 0].astype(int)
    assert curve[0] == 0
    assert curve[255] == 255
    assert (np.diff(curve) >= 0).all()
    assert np.count_nonzero(curve == 255) <= 20
    dark = 30
    wanted = to_levels(to_linear(np.array([dark])) * gain)[0]
    assert curve[dark] == pytest.approx(wanted, abs=0.51)


def test_each_channel_has_its_own_curve():
    picture = np.full((2, 2, 3), 100, np.uint8)
    red, green, blue = apply_table(picture, gain_table((0.5, 1.0, 2.0)))[0, 0]
    assert red < green == 100 < blue


def test_equal_colours_have_equal_luma_wherever_they_lie():
    pixels = np.tile(np.array([[171, 93, 12]], np.uint8), (1003, 1))
    assert set(luma(pixels).tolist()) == {299 * 171 + 587 * 93 + 114 * 12}
