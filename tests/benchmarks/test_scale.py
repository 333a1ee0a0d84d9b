"""The settings of the table are run as they say, with what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.aws_use import MAIN, THUMB, WEB, preset
from benchmarks.scale import (
    CATALOGUE_PUTS,
    EVENTS,
    FRESH,
    PHOTO_GETS,
    SETTINGS,
    WORK_GETS,
    WORK_PUTS,
    Setting,
    per_image,
    quota_lines,
    run,
    stations,
)
from packshot.costs.measurements import Work, load_measurements
from packshot.workflow import FUSED_IMAGES

WORK = Work.of(preset(2000, MAIN, WEB, THUMB), 12)


def test_an_image_is_written_and_said_as_often_as_it_has_files() -> None:
    for execution in ("staged", "fused-by-ten"):
        used = per_image(execution, load_measurements(), WORK)
        assert used[CATALOGUE_PUTS] == pytest.approx(3)
        assert used[EVENTS] == pytest.approx(1)
    staged, fused = (per_image(one, load_measurements(), WORK) for one in ("staged", "fused-by-ten"))
    assert (staged[WORK_PUTS], fused[WORK_PUTS]) == (pytest.approx(4), 0)
    # detect, align and score look at the photo itself, which has no copy.
    assert (staged[PHOTO_GETS], fused[PHOTO_GETS]) == (pytest.approx(3), pytest.approx(1))
    assert (staged[WORK_GETS], fused[WORK_GETS]) == (pytest.approx(10), 0)


def test_a_fused_child_is_ten_images_one_after_the_other() -> None:
    (fused,) = stations("fused-by-ten", load_measurements(), WORK)
    assert fused.needs[CATALOGUE_PUTS] == pytest.approx(3 * FUSED_IMAGES)
    assert 2 < fused.seconds < 40


def test_as_deployed_the_map_holds_it_back_and_nothing_is_refused() -> None:
    course = run(SETTINGS[0], 4_000, load_measurements(), WORK, seed=1)
    stay = sum(one.seconds for one in stations("staged", load_measurements(), WORK))
    assert course.rate == pytest.approx(200 / stay, rel=0.08)
    assert set(course.held) == {"the Map's concurrency"}


def test_the_page_has_the_figures_of_today() -> None:
    page = (Path(__file__).parents[2] / "docs/scale.md").read_text("utf-8")
    for line in quota_lines(load_measurements(), WORK):
        assert line in page
    for setting in SETTINGS:
        assert f"\n{setting.title}  " in page, setting.title


def test_in_a_young_account_the_map_keeps_below_its_quota_and_nothing_is_refused() -> None:
    young = Setting("", "staged", 50, 10, FRESH)
    course = run(young, 300, load_measurements(), WORK, seed=1)
    assert course.peak_places == 8
    assert set(course.held) == {"the Map's concurrency"}
