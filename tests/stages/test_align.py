"""Where the product lands on the canvas, and what is said about it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.contracts.base import Mode, ReviewReason
from packshot.contracts.task import Overrides
from packshot.imaging.geometry import similarity
from packshot.imaging.orientation import upright
from tests.stages.networks import SeeingNetwork, reddish
from tests.stages.worlds import World, png, preset, task

RED = (200, 40, 40)


def photo(left: int, top: int, right: int, bottom: int, size: tuple[int, int] = (1200, 900)) -> np.ndarray:
    picture = np.full((size[1], size[0], 3), 225, np.uint8)
    picture[top:bottom, left:right] = RED
    return picture


def world(**more: object) -> World:
    return World(SeeingNetwork(reddish), **more)  # type: ignore[arg-type]  # passed on as they are


def box_on(canvas: np.ndarray) -> tuple[float, float, float, float]:
    """Outer edges of what is red, below a pixel, from the picture alone."""
    red = np.clip((canvas[..., 0].astype(float) - canvas[..., 1] - 0) / (RED[0] - RED[1]), 0, 1)
    columns, rows = red.max(axis=0), red.max(axis=1)
    x, y = np.argmax(columns > 0.5), np.argmax(rows > 0.5)
    return (x - 0.5, y - 0.5, float((columns > 0.5).sum()), float((rows > 0.5).sum()))


class TestPresetPose:
    @settings(max_examples=12)
    @given(
        st.integers(120, 700), st.integers(120, 500), st.integers(300, 900), st.integers(300, 900),
        st.floats(0.4, 0.95),
    )  # fmt: skip
    def test_the_product_fills_the_canvas_as_told(
        self, width: int, height: int, canvas_width: int, canvas_height: int, fill: float
    ) -> None:
        here = world(settings=preset(canvas_width, canvas_height, fill))
        aligned = here.align(png(photo(200, 150, 200 + width, 150 + height)))
        canvas = here.workspace.get_pixels("aligned")
        x, y, w, h = box_on(canvas)
        assert canvas.shape == (canvas_height, canvas_width, 3)
        # One pixel of the coarse mask is 3.75 of the photo; a tenth of it is what a soft edge leaves.
        slack = 1.5 + 0.6 * aligned.scale
        assert max(w / canvas_width, h / canvas_height) == pytest.approx(
            fill, abs=slack / min(canvas.shape[:2])
        )
        assert x + w / 2 == pytest.approx((canvas_width - 1) / 2, abs=slack)
        assert y + h / 2 == pytest.approx((canvas_height - 1) / 2, abs=slack)
        assert np.allclose(aligned.box, (x, y, w, h), atol=2 * slack)

    def test_it_says_so(self) -> None:
        aligned = world().align(png(photo(200, 150, 600, 750)))
        assert aligned.method == "preset"
        assert aligned.residual_px is None
        assert aligned.rotation_deg == pytest.approx(0, abs=1e-9)
        assert aligned.scale == pytest.approx(0.85 * 800 / 600, rel=0.005)

    def test_it_stands_on_the_baseline(self) -> None:
        here = world(settings=preset(800, baseline=0.95))
        here.align(png(photo(200, 300, 900, 600)))
        _, y, _, h = box_on(here.workspace.get_pixels("aligned"))
        assert y + h == pytest.approx(0.95 * 800 - 0.5, abs=1.6)

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_exif_is_folded_into_the_one_warp(self, orientation: int) -> None:
        picture = photo(300, 200, 500, 800)
        picture[200:300, 300:700] = RED
        here, straight = world(), world()
        aligned = here.align(png(picture, orientation))
        expected = straight.align(png(upright(picture, orientation)))
        assert np.allclose(aligned.transform, expected.transform, atol=0.01)
        difference = cv2.absdiff(
            here.workspace.get_pixels("aligned"), straight.workspace.get_pixels("aligned")
        )
        assert difference.mean() < 0.3

    @pytest.mark.parametrize("angle", [-20, 5])
    def test_a_leaning_product_is_set_upright(self, angle: float) -> None:
        matrix = similarity(1, angle, (600, 450), (600, 450))
        turned = cv2.warpAffine(
            photo(500, 200, 700, 700), matrix, (1200, 900), borderMode=cv2.BORDER_REPLICATE
        )
        here = world()
        aligned = here.align(png(turned))
        assert aligned.rotation_deg == pytest.approx(-angle, abs=0.6)
        _, _, w, h = box_on(here.workspace.get_pixels("aligned"))
        assert w / h == pytest.approx(200 / 500, abs=0.02)

    def test_an_angle_by_hand_is_turned_back(self) -> None:
        aligned = world().align(png(photo(300, 200, 500, 800)), task(overrides=Overrides(angle_deg=90)))
        assert aligned.rotation_deg == pytest.approx(-90)

    def test_an_unusable_reference_leaves_it_and_is_named(self) -> None:
        aligned = world().align(
            png(photo(300, 200, 500, 800)), task(reference_id="ref-9", reference_unusable=True)
        )
        assert aligned.method == "preset"
        assert ReviewReason.REFERENCE_UNUSABLE in aligned.review_reasons


class TestEnlargement:
    small = png(photo(100, 100, 200, 200, size=(300, 300)))

    def test_a_product_that_grows_is_flagged(self) -> None:
        aligned = world().align(png(photo(100, 100, 500, 500)))
        assert aligned.enlarged
        assert aligned.scale == pytest.approx(1.7, rel=0.02)
        assert aligned.review_reasons == (ReviewReason.ENLARGED,)

    def test_a_little_growth_is_told_but_asks_nobody(self) -> None:
        aligned = world().align(png(photo(100, 100, 700, 700)))
        assert aligned.enlarged
        assert aligned.review_reasons == ()

    def test_far_too_few_pixels_are_named_once(self) -> None:
        """Detect has said `low_resolution`; the same cause is not told twice."""
        here = world()
        found = here.detect(self.small)
        assert found.review_reasons == (ReviewReason.LOW_RESOLUTION,)
        assert here.align(self.small).review_reasons == ()

    def test_one_that_shrinks_is_not(self) -> None:
        aligned = world().align(png(photo(100, 50, 1100, 850)))
        assert not aligned.enlarged
        assert aligned.review_reasons == ()

    @pytest.mark.parametrize("size", [(800, 800), (900, 600), (501, 777)])
    def test_the_canvas_shrinks_where_nothing_may_grow(self, size: tuple[int, int]) -> None:
        here = world(settings=preset(size[0], size[1], never_enlarge=True))
        aligned = here.align(self.small)
        assert not aligned.enlarged
        assert aligned.scale == pytest.approx(1)
        assert aligned.canvas[0] / aligned.canvas[1] == pytest.approx(size[0] / size[1], rel=0.01)
        canvas = here.workspace.get_pixels("aligned")
        assert (canvas.shape[1], canvas.shape[0]) == aligned.canvas
        _, _, w, h = box_on(canvas)
        assert max(w / canvas.shape[1], h / canvas.shape[0]) == pytest.approx(0.85, abs=0.02)
        # Not a single pixel was interpolated between two.
        assert (w, h) == (100, 100)

    def test_only_enhancing_modes_sharpen_what_grows(self) -> None:
        pictures = {}
        for mode in (Mode.AUTO, Mode.UPSCALE, Mode.NONE):
            here = world(mode=mode)
            here.align(self.small)
            pictures[mode] = here.workspace.get_pixels("aligned")
        assert np.array_equal(pictures[Mode.AUTO], pictures[Mode.UPSCALE])
        # Lanczos overshoots at an edge, bilinear can't.
        assert pictures[Mode.AUTO].max() > 225
        assert pictures[Mode.NONE].max() == 225


class TestCanvasOutsideTheSource:
    off_centre = png(photo(0, 0, 400, 400, size=(1000, 1000)))

    def test_it_is_marked(self) -> None:
        here = world()
        here.align(self.off_centre)
        mask = here.workspace.get_pixels("aligned_inside")
        assert mask.shape == (800, 800)
        assert mask[0, 0] == 0
        assert mask[500, 500] == 255

    def test_nothing_is_written_where_nothing_is_outside(self) -> None:
        here = world()
        here.align(png(photo(300, 300, 700, 700, size=(1000, 1000))))
        assert not here.workspace.has("aligned_inside")

    def test_a_kept_ground_that_is_extended_is_named(self) -> None:
        kept = world(background="keep").align(self.off_centre)
        assert ReviewReason.GROUND_EXTENDED in kept.review_reasons
        assert ReviewReason.GROUND_EXTENDED not in world().align(self.off_centre).review_reasons

    def test_a_stray_transparent_pixel_makes_no_cut_out(self) -> None:
        drawn = photo(0, 0, 400, 400, size=(1000, 1000))
        alpha = np.full(drawn.shape[:2], 255, np.uint8)
        alpha[0, -1] = 0
        kept = world(background="keep").align(png(np.dstack([drawn, alpha])))
        assert ReviewReason.GROUND_EXTENDED in kept.review_reasons

    def test_a_cut_out_has_no_ground_to_extend(self) -> None:
        drawn = photo(0, 0, 400, 400, size=(1000, 1000))
        alpha = np.zeros(drawn.shape[:2], np.uint8)
        alpha[:400, :400] = 255
        kept = world(background="keep").align(png(np.dstack([drawn, alpha])))
        assert ReviewReason.GROUND_EXTENDED not in kept.review_reasons


def test_a_photos_own_alpha_travels_along() -> None:
    shape = np.zeros((900, 1200), np.uint8)
    shape[200:800, 300:700] = 255
    colour = np.zeros((900, 1200, 3), np.uint8)
    colour[200:800, 300:700] = RED
    here = world()
    here.align(png(np.dstack([colour, shape])))
    alpha, picture = here.workspace.get_pixels("aligned_alpha"), here.workspace.get_pixels("aligned")
    assert np.count_nonzero(alpha == 255) == pytest.approx(680 * 453, rel=0.02)
    assert np.abs(picture[alpha >= 64].astype(int) - RED).max() <= 4
    assert (picture[alpha == 0] == 255).all()
