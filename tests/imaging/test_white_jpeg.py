"""The white rule's proof: over varied products and qualities, the decoded file holds it at every pixel."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from packshot.contracts.preset import Format
from packshot.imaging.budget import Fit
from packshot.imaging.compose import WHITE, composite
from packshot.imaging.decode import decode
from packshot.imaging.encode import encoder
from packshot.imaging.jpeg_tables import tables
from packshot.imaging.white_jpeg import hold_white
from packshot.imaging.white_rule import ground_of, too_dark, white_ground_share
from tests.imaging.encoded import psnr
from tests.imaging.products import COUNT, product

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "photos"


def made(number, side=400):
    picture, alpha = product(number, side)
    return composite(picture, alpha, WHITE), alpha


def white(pixels, alpha, quality, budget=None, lowest=1, at_any_price=True):
    data = encoder(pixels, Format.JPEG)(quality)
    fit = Fit(data, quality, len(data), 1)
    return data, hold_white(pixels, ground_of(alpha), fit, budget, lowest, "main", at_any_price=at_any_price)


@pytest.mark.parametrize("number", range(COUNT))
@pytest.mark.parametrize("quality", [70, 85, 92])
def test_the_rule_holds_at_every_pixel(number, quality):
    pixels, alpha = made(number)
    _, fit = white(pixels, alpha, quality)
    assert white_ground_share(decode(fit.data).pixels, alpha) == 1.0


@pytest.mark.parametrize("size", [(400, 400), (397, 391), (333, 400)])
def test_sizes_that_are_no_whole_blocks(size):
    pixels, alpha = made(3)
    pixels, alpha = (np.ascontiguousarray(plane[: size[1], : size[0]]) for plane in (pixels, alpha))
    _, fit = white(pixels, alpha, 80)
    assert white_ground_share(decode(fit.data).pixels, alpha) == 1.0


def test_the_rule_holds_where_the_product_reaches_a_block_that_is_cut_by_the_border():
    random = np.random.default_rng(5)
    for width, quality in ((41, 20), (43, 40), (45, 40), (46, 63), (47, 30)):
        for _ in range(6):
            alpha = np.zeros((53, width), np.uint8)
            alpha[random.integers(8, 40) :, random.integers(8, width - 2) :] = 255
            pixels = composite(random.integers(0, 256, (53, width, 3), np.uint8), alpha, WHITE)
            _, fit = white(pixels, alpha, quality)
            assert white_ground_share(decode(fit.data).pixels, alpha) == 1.0


def test_it_is_needed():
    # Without it, plain files of these products break the rule; else the tests above would show nothing.
    broken = 0
    for number in range(COUNT):
        pixels, alpha = made(number)
        decoded = decode(encoder(pixels, Format.JPEG)(85)).pixels
        broken += cv2.countNonZero(too_dark(decoded, ground_of(alpha))) > 0
    assert broken >= 5


@pytest.mark.parametrize("number", range(0, COUNT, 3))
def test_the_product_hardly_changes_at_usual_qualities(number):
    pixels, alpha = made(number)
    plain, fit = white(pixels, alpha, 88)
    product_only = alpha > 128
    before, after = (
        psnr(decode(data).pixels[product_only], pixels[product_only]) for data in (plain, fit.data)
    )
    assert after > before - 0.25
    assert abs(len(fit.data) - len(plain)) < 0.02 * len(plain) + 50


def test_a_file_that_holds_the_rule_comes_back_as_it_is():
    pixels, alpha = made(7)  # white on white: no edge to speak of
    plain, fit = white(pixels, alpha, 92)
    assert fit.data == plain
    assert np.array_equal(fit.decoded, decode(plain).pixels)


def test_the_budget_stands():
    pixels, alpha = made(3)
    plain = encoder(pixels, Format.JPEG)(88)
    _, fit = white(pixels, alpha, 88, budget=len(plain))
    assert len(fit.data) <= len(plain)
    assert white_ground_share(decode(fit.data).pixels, alpha) == 1.0


def test_too_low_a_quality_gives_no_file_rather_than_a_notched_edge():
    pixels, alpha = made(3)
    _, fit = white(pixels, alpha, 40, budget=10**9, at_any_price=False)
    assert fit.data is None
    assert fit.smallest > 0


def test_it_is_the_same_every_time():
    pixels, alpha = made(3)
    assert white(pixels, alpha, 80)[1].data == white(pixels, alpha, 80)[1].data


@pytest.mark.parametrize("quality", range(1, 101))
def test_white_is_exactly_white_at_every_quality(quality):
    pixels = np.full((24, 40, 3), 255, np.uint8)
    assert (decode(encoder(pixels, Format.JPEG)(quality)).pixels == 255).all()


def test_steps_fall_with_quality():
    sums = [sum(tables(quality)[0]) + sum(tables(quality)[1]) for quality in range(1, 101)]
    assert sums == sorted(sums, reverse=True)
    assert max(tables(1)[0]) <= 255


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the photos to try things on are not here")
@pytest.mark.parametrize("number", range(8))
def test_photos(number):
    path = sorted((PHOTOS / "clothing").glob("*.jpg"))[number * 5]
    photo = decode(path.read_bytes()).pixels
    side = min(photo.shape[:2])
    _, alpha = product(number, side)
    pixels = composite(np.ascontiguousarray(photo[:side, :side]), alpha, WHITE)
    _, fit = white(pixels, alpha, 85)
    assert white_ground_share(decode(fit.data).pixels, alpha) == 1.0
