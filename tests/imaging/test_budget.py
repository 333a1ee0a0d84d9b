import cv2
import numpy as np
import pytest

from packshot.contracts.preset import Format
from packshot.imaging.budget import fit_quality
from packshot.imaging.compose import WHITE, composite
from packshot.imaging.encode import encoder
from tests.imaging.products import product


def picture(number, noise=2.0, side=640):
    pixels, alpha = product(number, side)
    grain = np.random.default_rng(number).normal(0, noise, pixels.shape)
    return composite(np.clip(pixels + grain, 0, 255).astype(np.uint8), alpha, WHITE)


#: (format, thousands of bytes), from hardly any room to nearly enough.
CASES = [
    (Format.JPEG, 40), (Format.JPEG, 60), (Format.JPEG, 90),
    (Format.WEBP, 20), (Format.WEBP, 40),
    (Format.AVIF, 15), (Format.AVIF, 30),
]  # fmt: skip


@pytest.mark.parametrize(("file_format", "budget_kb"), CASES)
@pytest.mark.parametrize("number", range(6))
def test_never_above_the_budget_and_the_next_quality_would_be(file_format, budget_kb, number):
    pixels, budget = picture(number), budget_kb * 1000
    fit = fit_quality(pixels, file_format, budget, 20, 95)
    if fit.data is None:
        assert len(encoder(pixels, file_format)(20)) > budget
        return
    assert len(fit.data) <= budget
    assert fit.data == encoder(pixels, file_format)(fit.quality)
    if fit.quality < 95 and len(fit.data) < 0.8 * budget:
        # Steps of quality can be that far apart, but then the next one really is too large.
        assert len(encoder(pixels, file_format)(fit.quality + 1)) > budget


def test_few_encodes_and_full_budgets_on_average():
    encodes, shares = [], []
    for number in range(7):
        pixels = picture(number, side=512)
        for file_format, budget_kb in CASES:
            fit = fit_quality(pixels, file_format, budget_kb * 640, 20, 95)
            encodes.append(fit.encodes)
            if fit.data is not None and fit.quality < 95:
                shares.append(len(fit.data) / budget_kb / 640)
    assert np.mean(encodes) <= 3
    assert len(shares) > 15
    assert np.mean(shares) >= 0.9


def test_one_encode_where_the_best_quality_fits():
    fit = fit_quality(picture(1), Format.JPEG, 5_000_000, 20, 95)
    assert (fit.quality, fit.encodes) == (95, 1)


def test_one_encode_without_a_budget():
    fit = fit_quality(picture(1), Format.WEBP, None, 20, 80)
    assert (fit.quality, fit.encodes) == (80, 1)


def test_no_file_when_even_the_lowest_quality_is_too_large():
    fit = fit_quality(picture(3), Format.JPEG, 2_000, 50, 95)
    assert fit.data is None
    assert fit.quality == 50
    assert fit.smallest == len(encoder(picture(3), Format.JPEG)(50))


def test_a_lossless_format_is_made_once():
    pixels = picture(2)
    assert fit_quality(pixels, Format.PNG, 10_000_000, 60, 95).encodes == 1
    too_large = fit_quality(pixels, Format.PNG, 1000, 60, 95)
    assert (too_large.data, too_large.encodes) == (None, 1)


@pytest.mark.parametrize("side", [16, 40, 200])
def test_small_pictures(side):
    pixels = cv2.resize(picture(1), (side, side), interpolation=cv2.INTER_AREA)
    whole = len(encoder(pixels, Format.JPEG)(95))
    budget = max(whole * 2 // 3, len(encoder(pixels, Format.JPEG)(10)))
    fit = fit_quality(pixels, Format.JPEG, budget, 5, 95)
    assert fit.data is not None
    assert len(fit.data) <= budget


def test_flat_pictures():
    flat = np.full((800, 800, 3), 200, np.uint8)
    fit = fit_quality(flat, Format.JPEG, 100_000, 60, 95)
    assert fit.quality == 95
