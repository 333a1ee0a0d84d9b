"""The measures against pictures whose truth is known."""

import cv2
import numpy as np
import pytest

from benchmarks.ladders.photo_like import photo_like
from packshot.imaging.geometry import box_of
from packshot.imaging.metrics.border import has_border
from packshot.imaging.metrics.detail import detail
from packshot.imaging.metrics.edges import edges
from packshot.imaging.metrics.fidelity import fidelity
from packshot.imaging.metrics.ground import ground_deviation
from packshot.imaging.metrics.light import light
from packshot.imaging.metrics.noise import noise
from packshot.imaging.metrics.pose import stand
from packshot.imaging.metrics.score import WEIGHTS, combine
from packshot.imaging.metrics.sharpness import edge_ratio, sharpness
from packshot.imaging.metrics.view import STANDARD, view


def _edge(blur, contrast=120.0, side=512):
    """A picture of vertical steps, 64 px apart, blurred; everywhere product."""
    columns = (np.arange(side) // 64 % 2) * contrast + 60
    picture = np.repeat(np.tile(columns, (side, 1))[..., None], 3, axis=2).astype(np.float32)
    picture = cv2.GaussianBlur(picture, (0, 0), blur, borderType=cv2.BORDER_REPLICATE)
    return np.rint(picture).astype(np.uint8), np.full((side, side), 255, np.uint8)


def _detail(picture, alpha):
    return detail(view(picture, alpha, box_of(alpha >= 128)))


def _noisy(picture, sigma, seed=3):
    noise_levels = np.random.default_rng(seed).normal(0, sigma, picture.shape[:2])[..., None]
    return np.clip(np.rint(picture + noise_levels), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("blur", [0.8, 1.2, 2.0, 3.0])
def test_sharpness_is_the_formulas_ratio_on_an_edge_of_known_blur(blur):
    assert sharpness(_detail(*_edge(blur))) == pytest.approx(edge_ratio(blur), rel=0.08)


def test_contrast_and_darkness_leave_sharpness_alone():
    strong, weak = (sharpness(_detail(*_edge(1.2, contrast))) for contrast in (150, 50))
    assert weak == pytest.approx(strong, rel=0.05)


@pytest.mark.parametrize("sigma", [3, 8, 15])
def test_noise_does_not_raise_sharpness_where_the_laplacian_is_fooled(sigma):
    picture, alpha = _edge(2.0)
    noisy = _noisy(picture, sigma)
    assert sharpness(_detail(noisy, alpha)) < 1.05 * sharpness(_detail(picture, alpha))
    fooled = [cv2.Laplacian(p[..., 0], cv2.CV_32F).var() for p in (picture, noisy)]
    assert fooled[1] > 2 * fooled[0]


@pytest.mark.parametrize("sigma", [1.5, 4.0, 9.0, 16.0])
def test_the_noises_deviation_is_found(sigma):
    made = photo_like(8, 480)
    assert noise(_detail(_noisy(made.picture, sigma), made.alpha)) == pytest.approx(sigma, rel=0.25)


def test_a_fine_texture_is_not_taken_for_noise():
    y, x = np.mgrid[0:512, 0:512]
    weave = 120 + 30 * np.sin(2 * np.pi * x / 9) * np.sin(2 * np.pi * y / 9)
    picture = np.repeat(np.rint(weave)[..., None], 3, axis=2).astype(np.uint8)
    assert noise(_detail(picture, np.full((512, 512), 255, np.uint8))) < 1.5


def test_a_slope_is_no_noise():
    slope = np.tile(np.linspace(40, 220, 512), (512, 1))
    picture = np.repeat(np.rint(slope)[..., None], 3, axis=2).astype(np.uint8)
    assert noise(_detail(picture, np.full((512, 512), 255, np.uint8))) < 0.3


def test_what_is_outside_the_product_does_not_count():
    made = photo_like(3, 480)
    loud = made.picture.copy()
    loud[made.alpha == 0] = _noisy(np.full_like(loud, 128), 60)[made.alpha == 0]
    box = box_of(made.alpha >= 128)
    quiet_view, loud_view = (view(picture, made.alpha, box) for picture in (made.picture, loud))
    assert light(loud_view) == light(quiet_view)
    assert noise(detail(loud_view)) == pytest.approx(noise(detail(quiet_view)), rel=0.05, abs=0.02)
    assert sharpness(detail(loud_view)) == pytest.approx(sharpness(detail(quiet_view)), rel=0.02)


def test_a_view_is_never_larger_than_the_standard():
    big = np.zeros((3000, 1500, 3), np.uint8)
    seen = view(big, np.full((3000, 1500), 255, np.uint8), (-0.5, -0.5, 1500, 3000))
    assert max(seen.luma.shape) == STANDARD
    assert seen.zoom == 1.0
    small = view(big[:300, :200], np.full((300, 200), 255, np.uint8), (-0.5, -0.5, 200, 300))
    assert small.zoom == pytest.approx(STANDARD / 300)


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (40, 2), (15, 15), (17, 31)])
def test_tiny_products_are_measured_without_error(shape):
    picture = np.full((*shape, 3), 90, np.uint8)
    seen = view(picture, np.full(shape, 255, np.uint8), (-0.5, -0.5, shape[1], shape[0]))
    assert np.isfinite([sharpness(detail(seen)), noise(detail(seen)), light(seen).level]).all()


def test_a_product_without_a_solid_pixel_is_measured_without_error():
    faint = np.full((64, 64), 100, np.uint8)
    seen = view(np.full((64, 64, 3), 90, np.uint8), faint, (-0.5, -0.5, 64, 64))
    assert np.isfinite([sharpness(detail(seen)), noise(detail(seen)), light(seen).level]).all()


def test_light_tells_level_span_and_what_is_cut_off():
    ramp = np.tile(np.linspace(20, 220, 512), (512, 1))
    alpha = np.full((512, 512), 255, np.uint8)

    def measured(levels):
        picture = np.repeat(np.clip(np.rint(levels), 0, 255)[..., None], 3, axis=2).astype(np.uint8)
        return light(view(picture, alpha, (-0.5, -0.5, 512, 512)))

    plain, hot = measured(ramp), measured(ramp + 100)
    assert plain.level == pytest.approx((120 + 200) / 2, abs=3)
    assert plain.span == pytest.approx(0.96 * 200, abs=5)
    assert plain.clipped < 0.03
    assert hot.clipped == pytest.approx((220 + 100 - 255) / 200, abs=0.05)
    darkened = measured(np.clip(ramp + 100, 0, 255) * 0.6)
    assert darkened.clipped >= hot.clipped - 0.01


def test_a_centred_box_is_centred():
    assert stand((99.5, 49.5, 200, 300), 400, 400).off_centre == pytest.approx(0)
    assert stand((99.5, 49.5, 200, 300), 400, 400).fill == pytest.approx(0.75)
    assert stand((9.5, 49.5, 200, 300), 400, 400).off_centre == pytest.approx(90 / 400)
    assert stand((99.5, 49.5, 200, 300), 400, 400, baseline=350 / 400).off_centre == pytest.approx(0)
    wide = stand((-0.5, 99.5, 400, 100), 400, 800)
    assert (wide.fill, wide.fill_long) == (1.0, 0.5)


def _disc(soft, side=400):
    y, x = np.mgrid[0:side, 0:side]
    radius = np.hypot(x - side / 2, y - side / 2)
    alpha = np.clip((130 - radius) / soft + 0.5, 0, 1)
    picture = np.where(radius[..., None] < 130, 60, 220).astype(np.uint8) * np.ones(3, np.uint8)
    return np.rint(255 * alpha).astype(np.uint8), picture


def test_a_clean_cut_is_narrow_smooth_and_lies_on_the_pictures_edge():
    alpha, picture = _disc(soft=2)
    clean = edges(alpha, picture)
    assert clean.width < 3
    assert clean.ragged < 0.1
    assert clean.agreement > 0.9


def test_a_wide_a_speckled_and_a_misplaced_cut_are_told():
    alpha, picture = _disc(soft=2)
    assert edges(_disc(soft=30)[0], picture).width > 10
    speckled = alpha.copy()
    spots = np.random.default_rng(1).integers(0, 400, (2, 1500))
    speckled[spots[0], spots[1]] = 255 - speckled[spots[0], spots[1]]
    assert edges(speckled, picture).ragged > 0.5
    square = np.zeros_like(alpha)
    square[120:280, 20:380] = 255
    assert edges(square, picture).agreement < 0.6


def test_white_on_white_says_neither_yes_nor_no():
    alpha, picture = _disc(soft=2)
    assert edges(alpha, np.full_like(picture, 255)).agreement == pytest.approx(0.5)


def test_a_product_that_fills_all_has_no_edge_to_blame():
    full = edges(np.full((50, 50), 255, np.uint8), np.zeros((50, 50, 3), np.uint8))
    assert (full.width, full.ragged, full.agreement) == (0.0, 0.0, 1.0)


def test_fidelity_is_one_for_the_same_and_falls_with_quality():
    made = photo_like(2, 480)
    box = box_of(made.alpha >= 128)

    def at(quality):
        data = cv2.imencode(".jpg", made.picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return fidelity(cv2.imdecode(data, cv2.IMREAD_COLOR), made.picture, made.alpha, box)

    assert fidelity(made.picture, made.picture, made.alpha, box) == pytest.approx(1.0, abs=1e-6)
    found = [at(quality) for quality in (95, 80, 60, 40, 20, 8)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.97
    assert found[-1] < 0.9


def test_fidelity_ignores_the_ground():
    made = photo_like(2, 480)
    other = made.picture.copy()
    rows, columns = np.flatnonzero((made.alpha > 0).any(1)), np.flatnonzero((made.alpha > 0).any(0))
    other[: rows[0]] = 0
    other[:, : columns[0]] = 0
    found = fidelity(other, made.picture, made.alpha, box_of(made.alpha >= 128))
    assert found == pytest.approx(1.0, abs=1e-6)


def test_the_grounds_deviation_is_of_the_ground():
    alpha = np.zeros((100, 100), np.uint8)
    alpha[30:70, 30:70] = 255
    wanted = np.full((100, 100, 3), 255, np.uint8)
    file = wanted.copy()
    file[30:70, 30:70] = 0
    assert ground_deviation(file, wanted, alpha) == 0
    file[alpha == 0] = (255, 252, 255)
    assert ground_deviation(file, wanted, alpha) == pytest.approx(3)
    assert ground_deviation(file, wanted, np.full_like(alpha, 255)) == 0


def test_a_drawn_frame_is_seen_and_a_product_at_the_edge_is_not():
    plain = np.full((400, 400, 3), 255, np.uint8)
    plain[150:250, 150:250] = 40
    assert not has_border(plain)
    framed = plain.copy()
    cv2.rectangle(framed, (0, 0), (399, 399), (120, 120, 120), 3)
    assert has_border(framed)
    inset = plain.copy()
    cv2.rectangle(inset, (8, 8), (391, 391), (0, 0, 200), 1)
    assert has_border(inset)
    bars = plain.copy()
    bars[:10] = bars[-10:] = 0
    assert has_border(bars)
    touching = plain.copy()
    touching[150:250, :250] = 40
    touching[:250, 180:220] = 40
    assert not has_border(touching)


def test_a_photographed_ground_is_no_border():
    made = photo_like(4, 480)
    assert not has_border(made.picture)


def test_the_score_leans_to_the_worst_part():
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert combine(dict.fromkeys(WEIGHTS, 1.0)) == pytest.approx(100)
    one_bad = dict.fromkeys(WEIGHTS, 0.95) | {"sharpness": 0.2}
    assert combine(one_bad) < 50
    assert combine({"sharpness": 0.8, "noise": 0.8}) == pytest.approx(80)
    assert combine(dict.fromkeys(WEIGHTS, 0.0)) == pytest.approx(1)
