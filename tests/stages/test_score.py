import datetime as dt

import cv2
import numpy as np
import pytest

from benchmarks.ladders.faults import blurred, noisy
from packshot.contracts.base import QcStatus, ReviewReason
from packshot.contracts.manifest import Scale
from packshot.contracts.preset import Format, RenditionSpec
from packshot.contracts.stages import ScoreInput
from packshot.errors import InternalError
from packshot.presets import load_preset
from packshot.stages import score
from packshot.stages.workspace import MemoryWorkspace
from tests.stages.score_case import ScoreCase

_SEEN = {"sharpness", "exposure", "clipping", "contrast", "noise", "resolution"}
_PARTS = _SEEN | {"fidelity", "edges", "fill", "centring", "background"}


def test_a_good_picture_is_approved_by_itself():
    output = ScoreCase().run()
    assert output.qc_status is QcStatus.AUTO_APPROVED
    assert output.review_reasons == ()
    assert output.score_after > 75
    assert set(output.score_parts) == _PARTS
    assert set(output.score_parts_before) == _PARTS
    assert all(0 <= part <= 100 for part in output.score_parts.values())


def test_the_same_picture_before_and_after_measures_the_same():
    output = ScoreCase().run()
    for name in _SEEN:
        assert output.score_parts_before[name] == pytest.approx(output.score_parts[name], abs=2.5), name


def test_a_better_picture_than_its_source_scores_higher():
    output = ScoreCase(source=lambda picture: blurred(noisy(picture, 8), 1.5)).run()
    assert output.score_before < 75 < output.score_after


def _with_a_bite(own=False):
    case = ScoreCase(side=640, own=own)
    rows, columns = np.nonzero(case.alpha > 128)
    centre = (int(columns.min()), int(rows.mean()))
    bitten = case.alpha.copy()
    ragged = np.random.default_rng(2).integers(0, 255, bitten.shape, np.uint8)
    bite = cv2.circle(np.zeros_like(bitten), centre, 170, 255, -1) > 0
    bitten[bite] = np.minimum(bitten, ragged)[bite]
    case.alpha = bitten
    case.main = case.on_white()
    # A stray transparent pixel, as many exports have, makes no cut-out.
    case.change("detect", source=case.given.detect.source.model_copy(update={"has_alpha": True}))
    return case.run()


def test_a_cut_that_bites_into_the_product_goes_to_a_person():
    output = _with_a_bite()
    assert output.score_parts["edges"] < 65
    assert ReviewReason.BACKGROUND_UNCERTAIN in output.review_reasons
    assert ReviewReason.BACKGROUND_UNCERTAIN not in ScoreCase(side=640).run().review_reasons


def test_a_photos_own_cut_is_not_doubted():
    output = _with_a_bite(own=True)
    assert output.score_parts["edges"] < 65
    assert ReviewReason.BACKGROUND_UNCERTAIN not in output.review_reasons


def test_a_score_on_the_threshold_is_not_above_it():
    thresholds = load_preset("studio").thresholds
    case = ScoreCase()
    reached = case.run().score_after
    preset = case.given.settings.preset
    case.use(preset, thresholds=thresholds.model_copy(update={"approve_score": reached}))
    output = case.run()
    assert output.qc_status is QcStatus.NEEDS_REVIEW
    assert output.review_reasons == (ReviewReason.LOW_SCORE,)


def test_the_reasons_of_all_stages_come_together_once_each():
    case = ScoreCase()
    case.change("detect", review_reasons=(ReviewReason.LOW_CONFIDENCE, ReviewReason.TOUCHES_EDGE))
    case.change("align", review_reasons=(ReviewReason.ENLARGED,))
    case.change("background", review_reasons=(ReviewReason.LOW_CONFIDENCE,))
    output = case.run()
    assert output.review_reasons == (
        ReviewReason.LOW_CONFIDENCE,
        ReviewReason.TOUCHES_EDGE,
        ReviewReason.ENLARGED,
    )
    assert output.qc_status is QcStatus.NEEDS_REVIEW


def _amazon(case):
    return case.use(load_preset("amazon"))


def test_amazons_rules_on_a_small_but_else_proper_file():
    case = _amazon(ScoreCase())
    case.format, case.options = ".png", []
    results = {result.rule: result for result in case.run().compliance}
    assert results["amazon.white_ground"].passed
    assert results["amazon.border"].passed
    assert results["amazon.file_size"].passed
    assert not results["amazon.longest_side"].passed
    assert results["amazon.longest_side"].measured == 480
    assert results["amazon.fill_area"].passed
    assert results["amazon.fill_area"].measured == pytest.approx(0.2, abs=0.2)


def test_a_required_rule_that_fails_is_a_reason():
    case = _amazon(ScoreCase())
    output = case.run()
    assert ReviewReason.REQUIRED_RULE_FAILED in output.review_reasons
    assert output.qc_status is QcStatus.NEEDS_REVIEW


def test_an_advised_rule_that_fails_is_not():
    output = ScoreCase(side=560).use(load_preset("ebay")).run()
    failed = {result.rule: result.level for result in output.compliance if not result.passed}
    assert failed == {"ebay.zoom": "advised"}
    assert output.qc_status is QcStatus.AUTO_APPROVED


def test_off_white_ground_fails_where_it_is_measured_on_the_file():
    case = _amazon(ScoreCase())
    case.main = case.main.copy()
    case.main[:12, :12] = 253
    case.format, case.options = ".png", []
    results = {result.rule: result for result in case.run().compliance}
    assert not results["amazon.white_ground"].passed
    assert 0.99 < results["amazon.white_ground"].measured < 1


def test_the_other_images_of_a_listing_need_no_white_ground():
    case = _amazon(ScoreCase())
    row = case.given.task.row.model_copy(update={"image_type": "lifestyle"})
    rules = {result.rule for result in case.change("task", row=row).run().compliance}
    assert "amazon.white_ground" not in rules
    assert "amazon.longest_side" in rules


def test_an_enlarged_product_breaks_googles_rule():
    case = ScoreCase().use(load_preset("google")).change("align", enlarged=True)
    results = {result.rule: result.passed for result in case.run().compliance}
    assert results["google.enlarged"] is False


def test_the_batchs_day_decides_what_is_required():
    case = ScoreCase(side=400).use(load_preset("google")).change("settings", as_of=dt.date(2027, 2, 1))
    result = {result.rule: result for result in case.run().compliance}["google.smallest_2027"]
    assert (result.level, result.passed) == ("required", False)


def test_fill_is_measured_on_the_frame():
    case = ScoreCase().use(load_preset("walmart")).use(load_preset("google"))
    box = case.given.background.box
    result = {result.rule: result for result in case.run().compliance}["google.fill"]
    assert result.measured == pytest.approx(max(box[2:]) / 480, abs=1e-4)


def test_a_shrunken_file_has_less_resolution_and_the_same_product():
    case = ScoreCase(side=640)
    case.main = cv2.resize(case.main, (320, 320), interpolation=cv2.INTER_AREA)
    small, full = case.run(), ScoreCase(side=640).run()
    assert small.score_parts["resolution"] < full.score_parts["resolution"]
    assert small.score_parts["fidelity"] > 60


def test_a_transparent_file_is_seen_on_white():
    case = ScoreCase()
    case.change("settings", background="transparent")
    case.main = np.dstack([case.finished, case.alpha])
    case.format, case.options = ".png", []
    output = case.run()
    assert output.score_parts["fidelity"] == pytest.approx(100, abs=0.01)
    assert output.score_parts["background"] == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("background", ["#404040", "keep"])
def test_a_main_file_that_is_transparent_by_itself_is_seen_on_white(background):
    plain = ScoreCase().run()
    case = ScoreCase()
    preset = case.given.settings.preset
    main = RenditionSpec(name="main", format=Format.PNG, transparent=True)
    case.use(preset, renditions=(main,), background=background)
    case.main = np.dstack([case.finished, case.alpha])
    case.format, case.options = ".png", []
    output = case.run()
    assert output.score_parts["fidelity"] == pytest.approx(100, abs=0.01)
    assert output.score_parts["background"] == pytest.approx(100, abs=0.01)
    assert output.score_before == plain.score_before


def test_a_kept_ground_has_no_background_part():
    case = ScoreCase().change("settings", background="keep")
    case.main = case.finished
    output = case.run()
    assert set(output.score_parts) == set(output.score_parts_before) == _PARTS - {"background"}


def test_beside_a_reference_the_product_belongs_on_its_baseline():
    case = ScoreCase()
    x, y, w, h = case.given.background.box
    case.change("background", box=(x, y, w, h * 0.6))
    assert case.run().score_parts["centring"] < 75
    case.change("align", method="mask_pose", baseline=y + h * 0.6)
    assert case.run().score_parts["centring"] > 99


def test_at_its_references_scale_a_product_fills_what_that_scale_makes_it_fill():
    case = ScoreCase()
    x, y, w, h = case.given.background.box
    small = (x + w / 4, y + h / 4, w / 2, h / 2)
    case.change("background", box=small).change("align", box=small, method="mask_pose")
    assert case.run().score_parts["fill"] < 20
    row = case.given.task.row.model_copy(update={"scale": Scale.SHARED})
    assert case.change("task", row=row).run().score_parts["fill"] == 100


def test_a_turned_source_is_seen_as_the_canvas_has_it():
    case = ScoreCase()
    plain = case.run()
    turned = ScoreCase(source=lambda picture: np.ascontiguousarray(np.rot90(picture)))
    # A quarter turn back: x' = W - 1 - y and y' = x, of the source to the canvas.
    turned.change("align", transform=(0, -1, 479, 1, 0, 0), rotation_deg=90.0)
    assert turned.run().score_before == pytest.approx(plain.score_before, abs=1.0)


def test_without_a_main_file_something_of_ours_is_wrong():
    given = ScoreCase().given.model_dump()
    given["compress"]["renditions"] = ()
    with pytest.raises(InternalError):
        score.run(ScoreInput.model_validate(given), MemoryWorkspace(), None)
