import cv2
import numpy as np
import pytest

from benchmarks.ladders.faults import blurred
from benchmarks.ladders.photo_like import photo_like
from packshot.imaging.geometry import as_tuple, resampling
from tests.stages.score_case import ScoreCase


class _Small(ScoreCase):
    """A small photo whose product was enlarged onto the canvas."""

    def __init__(self, factor, seed=2, side=640):
        super().__init__(seed, side)
        size = (side // factor, side // factor)
        self.source = cv2.resize(self.finished, size, interpolation=cv2.INTER_AREA)
        self.finished = cv2.resize(self.source, (side, side), interpolation=cv2.INTER_LANCZOS4)
        self.main = self.on_white()
        x, y, w, h = self.given.detect.product.box
        box = ((x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5, w / factor, h / factor)
        product = self.given.detect.product.model_copy(update={"box": box})
        source = self.given.detect.source.model_copy(update={"width": size[0], "height": size[1]})
        self.change("detect", product=product, source=source)
        matrix = resampling(float(factor))
        self.change("align", transform=as_tuple(matrix), scale=float(factor), enlarged=True)


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_a_small_photo_is_no_sharper_than_its_enlargement(factor):
    output = _Small(factor).run()
    before, after = output.score_parts_before, output.score_parts
    assert before["sharpness"] <= after["sharpness"] + 1
    assert before["resolution"] == after["resolution"] < 60


@pytest.mark.parametrize("seed", range(5))
def test_enlarging_is_no_loss(seed):
    output = _Small(3, seed).run()
    # What is left is the compression's, which costs a little.
    assert output.score_after > output.score_before - 1.5


def test_what_was_neither_cut_nor_compressed_has_lost_nothing():
    before = ScoreCase().run().score_parts_before
    assert before["edges"] == before["fidelity"] == 100


def test_the_photos_own_frame_tells_its_fill_and_centring():
    case = ScoreCase()
    source = case.given.detect.source.model_copy(update={"width": 960, "height": 960})
    output = case.change("detect", source=source).run()
    for part in ("fill", "centring"):
        assert output.score_parts_before[part] < 30
        assert output.score_parts[part] > 90


def _on_ground(level):
    def paint(picture):
        alpha = photo_like(2, 480).alpha[..., None] / 255
        return np.rint(picture * alpha + np.float64(level) * (1 - alpha)).astype(np.uint8)

    return ScoreCase(source=paint)


def test_the_photos_ground_counts_against_the_wanted_one():
    white, grey, dark = (_on_ground(level).run().score_parts_before["background"] for level in (255, 200, 40))
    assert white > 95
    assert dark < grey < 30
    wanted = _on_ground(200).change("settings", background="#c8c8c8").run()
    assert wanted.score_parts_before["background"] > 95


def test_a_large_photos_ground_is_measured_on_its_halvings():
    case = _on_ground(200)
    small = case.run().score_parts_before["background"]
    case.source = cv2.resize(case.source, (2400, 2400), interpolation=cv2.INTER_LINEAR)
    case.change("align", transform=as_tuple(resampling(0.2)), scale=0.2)
    assert case.run().score_parts_before["background"] == pytest.approx(small, abs=1)


def test_a_cut_out_photo_has_the_ground_that_is_wanted():
    case = _on_ground(0)
    case.source = np.dstack([case.source, case.alpha])
    assert case.run().score_parts_before["background"] > 98


def test_a_blurred_photo_scores_less_before_and_the_same_after():
    good, soft = ScoreCase().run(), ScoreCase(source=lambda picture: blurred(picture, 2)).run()
    assert soft.score_before < good.score_before - 5
    # The cut is judged on the photo, so that it may differ a little.
    assert soft.score_after == pytest.approx(good.score_after, abs=2)
