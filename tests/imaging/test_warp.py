from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.imaging.geometry import apply, compose, resampling, similarity
from packshot.imaging.orientation import upright, upright_matrix
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.warp import Kernel, inside, warp, warp_cut_out

SCALES = [0.05, 0.11, 0.21, 0.27, 0.41, 0.55, 0.79, 0.97]


def blob(width: int, height: int, x: float, y: float, sigma: float) -> np.ndarray:
    """A smooth spot whose centre of mass is known far below a pixel."""
    ys, xs = np.mgrid[0:height, 0:width]
    return np.rint(250 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * sigma**2))).astype(np.uint8)


def centre_of(picture: np.ndarray) -> np.ndarray:
    moments = cv2.moments(picture.astype(np.float32))
    return np.array([moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]])


def printed(width: int, height: int) -> np.ndarray:
    """Sharp text and noise-free edges, where a wrong half pixel is seen at once."""
    picture = np.full((height, width, 3), 235, np.uint8)
    generator = np.random.default_rng(3)
    for _ in range(60):
        at = (int(generator.integers(0, width)), int(generator.integers(0, height)))
        size = float(generator.uniform(0.6, 2.5))
        cv2.putText(picture, "Packshot 0123", at, 0, size, generator.integers(0, 200, 3).tolist(), 2)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def supersampled(
    picture: np.ndarray, matrix: np.ndarray, size: tuple[int, int], times: int = 4
) -> np.ndarray:
    """The canvas drawn `times` finer straight from the source, then averaged: what a warp should be."""
    fine = compose(resampling(float(times)), matrix)
    big = (size[0] * times, size[1] * times)
    drawn = cv2.warpAffine(picture, fine, big, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("angle", [0, 13, 90, 180])
def test_halving_and_warping_shift_nothing(scale: float, angle: float) -> None:
    source = blob(1203, 901, 610.3, 440.7, 60)
    matrix = similarity(scale, angle, (600, 450), (300.2, 299.1))
    canvas = warp(Pyramid(source), matrix, (600, 600))
    expected = apply(matrix, np.array([[610.3, 440.7]]))[0]
    assert np.abs(centre_of(canvas) - expected).max() < 0.05


@pytest.mark.parametrize("scale", [0.2, 0.3, 0.42, 0.6, 0.9])
@pytest.mark.parametrize("angle", [0.0, 7.0])
def test_as_good_as_a_supersampled_warp(scale: float, angle: float) -> None:
    source = printed(1200, 900)
    matrix = similarity(scale, angle, (600, 450), (200, 150))
    size = (400, 300)
    difference = warp(Pyramid(source), matrix, size).astype(float) - supersampled(source, matrix, size)
    psnr = 10 * np.log10(255**2 / np.mean(difference**2))
    shift, _ = cv2.phaseCorrelate(
        cv2.cvtColor(warp(Pyramid(source), matrix, size), cv2.COLOR_RGB2GRAY).astype(np.float32),
        cv2.cvtColor(supersampled(source, matrix, size), cv2.COLOR_RGB2GRAY).astype(np.float32),
    )
    assert psnr > 29
    assert np.hypot(*shift) < 0.05


def test_a_whole_turn_of_pixels_is_exact() -> None:
    source = np.random.default_rng(2).integers(0, 256, (40, 60, 3), np.uint8)
    for orientation in range(1, 9):
        matrix = upright_matrix(orientation, 60, 40)
        expected = upright(source, orientation)
        size = (expected.shape[1], expected.shape[0])
        assert np.array_equal(warp(Pyramid(source), matrix, size), expected)


def test_lanczos_restores_more_than_bilinear() -> None:
    original = printed(600, 400)
    half = Pyramid(original).level(1)
    matrix = resampling(2.0)

    def error(kernel: Kernel) -> float:
        grown = warp(Pyramid(half), matrix, (600, 400), kernel)
        return float(np.mean((grown.astype(float) - original) ** 2))

    assert error(Kernel.LANCZOS) < 0.8 * error(Kernel.BILINEAR)


def test_the_edge_is_replicated_outwards() -> None:
    source = np.full((50, 50, 3), 90, np.uint8)
    source[:, 0] = (200, 10, 10)
    canvas = warp(Pyramid(source), similarity(1, 0, (0, 0), (30, 0)), (80, 50))
    assert (canvas[:, :30] == (200, 10, 10)).all()


@settings(deadline=None, max_examples=40)
@given(st.floats(0.3, 3), st.floats(-180, 180), st.floats(-40, 140), st.floats(-40, 140), st.integers(20, 90))
def test_inside_is_where_the_source_is(scale: float, angle: float, x: float, y: float, side: int) -> None:
    matrix = similarity(scale, angle, (side / 2, side / 2), (x, y))
    mask = inside(matrix, (side, side), (100, 100))
    white = np.full((side, side), 255, np.uint8)
    drawn = cv2.warpAffine(white, matrix, (100, 100), flags=cv2.INTER_LINEAR)
    covered = np.full((100, 100), 255, np.uint8) if mask is None else mask
    # Within a pixel of the border both may say either.
    rim = cv2.dilate(drawn, np.ones((5, 5), np.uint8)) != cv2.erode(drawn, np.ones((5, 5), np.uint8))
    assert ((covered >= 128) == (drawn >= 128))[~rim].all()


def test_inside_is_none_where_there_is_nothing_to_say() -> None:
    identity = similarity(1, 0, (0, 0), (0, 0))
    assert inside(identity, (100, 80), (100, 80)) is None
    assert inside(identity, (100, 80), (100, 90)) is not None


@pytest.mark.parametrize("scale", [0.2, 0.45, 1.0])
def test_what_hides_under_transparent_pixels_stays_hidden(scale: float) -> None:
    colour = np.zeros((400, 400, 3), np.uint8)  # black under the transparent part, as editors leave it
    colour[100:300, 100:300] = (220, 180, 40)
    alpha = np.zeros((400, 400), np.uint8)
    alpha[100:300, 100:300] = 255
    matrix = similarity(scale, 11, (199.5, 199.5), (99.5, 99.5))
    picture, cover = warp_cut_out(Pyramid(colour), Pyramid(alpha), matrix, (200, 200))
    assert np.abs(picture[cover > 8].astype(int) - (220, 180, 40)).max() <= 16
    assert np.abs(picture[cover > 64].astype(int) - (220, 180, 40)).max() <= 3
    assert (picture[cover == 0] == 255).all()
    assert 0 < (cover == 255).mean() < 1
