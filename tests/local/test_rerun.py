"""A run over what a run has already done."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from pathlib import Path

import pytest

from packshot.contracts.base import QcStatus
from packshot.contracts.limits import MAX_SOURCE_BYTES
from packshot.errors import SettingsError, StorageError
from packshot.local.store import open_directory, open_or_make
from packshot.presets import load_preset
from tests.local.catalogues import (
    MACHINERY,
    by_source,
    decide,
    events,
    image_events,
    photos,
    pictures,
    results,
    run_folder,
)
from tests.samples import NOW


def test_again_nothing_is_done_and_everything_stays(source: Path, out: Path) -> None:
    run_folder(source, out)
    before = pictures(out), results(out), events(out)
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (0, 5)
    assert (pictures(out), results(out), events(out)) == before


def test_what_is_refused_is_refused_once(source: Path, out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.jpg").write_text("ok")
    (source / "linked.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    os.mkfifo(source / "pipe.jpg")  # whoever opens it waits for who writes into it
    with (source / "big.jpg").open("wb") as file:
        file.truncate(MAX_SOURCE_BYTES + 1)
    first = run_folder(source, out)
    codes = {name: one["error"]["code"] for name, one in by_source(out).items() if one["error"]}
    assert codes["linked.jpg"] == "source_outside_root"
    assert codes["pipe.jpg"] == "source_unreadable"
    assert codes["big.jpg"] == "file_too_large"
    assert run_folder(source, out, dry_run=True).reused == first.processed
    assert run_folder(source, out).processed == 0
    # Where its folder is allowed now, the link is another matter.
    assert run_folder(source, out, allow_roots=(tmp_path,)).processed == 1


def test_three_new_photos_are_three(source: Path, out: Path) -> None:
    first = run_folder(source, out)
    with open_directory(out) as directory:
        review = next(one for one in directory.records() if one.qc_status is QcStatus.NEEDS_REVIEW)
        decide(directory, "approve", first.batch.batch_id, review.image_id, NOW)
    photos(source, {f"new/{number}.jpg": f"ok new {number}" for number in range(3)})
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (3, 5)
    assert result.batch.batch_id != first.batch.batch_id
    assert by_source(out)["mugs/red/side.jpg"]["qc_status"] == "approved"
    assert all(len(kinds) == 1 for kinds in image_events(out).values())
    with open_directory(out) as directory:
        undone = decide(directory, "undo", result.batch.batch_id, review.image_id, NOW)
        assert undone.qc_status is QcStatus.NEEDS_REVIEW
    # The photos go again: the first batch gets its records back.
    for number in range(3):
        (source / f"new/{number}.jpg").unlink()
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (0, 5)
    assert result.batch.batch_id == first.batch.batch_id
    assert by_source(out)["mugs/red/side.jpg"]["qc_status"] == "needs_review"


def test_a_photo_that_changed_is_done_again(source: Path, out: Path) -> None:
    run_folder(source, out)
    photos(source, {"mugs/blue/front.jpg": "ok mended", "lamp.jpg": "review now"})
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (2, 3)
    lines = by_source(out)
    assert (lines["mugs/blue/front.jpg"]["status"], lines["mugs/blue/front.jpg"]["revision"]) == (
        "completed",
        1,
    )
    assert lines["lamp.jpg"]["qc_status"] == "needs_review"
    assert not [path for path in pictures(out) if path.startswith("catalogue/lamp")]
    assert image_events(out)["lamp.jpg"] == ["Image Processed", "Image Needs Review"]


def test_a_picture_that_somebody_removed_is_made_again(source: Path, out: Path) -> None:
    run_folder(source, out)
    before = pictures(out)
    (out / by_source(out)["lamp.jpg"]["renditions"][0]["path"]).unlink()
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (1, 4)
    assert pictures(out) == before


def test_other_options_are_refused_unless_fresh(source: Path, out: Path) -> None:
    run_folder(source, out)
    (out / "catalogue" / "mine.txt").write_text("not Packshot's")
    with pytest.raises(SettingsError, match="--fresh") as caught:
        run_folder(source, out, background="#ff0000", mode="none")
    assert caught.value.code == "options_changed"
    assert caught.value.details["changed"] == "background, mode"
    before = pictures(out)
    result = run_folder(source, out, background="#ff0000", mode="none", fresh=True)
    assert (result.processed, result.reused) == (5, 0)
    assert set(pictures(out)) == set(before)
    assert pictures(out) != before
    assert (out / "catalogue" / "mine.txt").read_text() == "not Packshot's"
    assert len(events(out)) == 3 + 5


def test_a_rule_that_has_come_into_force_is_asked_for(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "ok"})
    force = next(rule.required_from for rule in load_preset("google").rules if rule.required_from is not None)
    before = force - dt.timedelta(days=1)

    def processed(day: dt.date, *, dry_run: bool) -> int:
        now = dt.datetime.combine(day, dt.time(), dt.UTC)
        machinery = dataclasses.replace(MACHINERY, clock=lambda: now)
        return run_folder(source, out, machinery, preset="google", dry_run=dry_run).processed

    for day, expected in ((before, 1), (before, 0), (force, 1), (force, 0)):
        assert processed(day, dry_run=True) == expected
        assert processed(day, dry_run=False) == expected


def test_a_dry_run_settles_no_options(source: Path, out: Path) -> None:
    # As a run leaves it that was killed in its first moment; a server's folder never has options of its own.
    open_or_make(out).close()
    assert run_folder(source, out, preset="ebay", dry_run=True).processed == 5
    assert run_folder(source, out).processed == 5


def test_fresh_takes_away_what_a_smaller_run_does_not_make(source: Path, out: Path) -> None:
    run_folder(source, out)
    (source / "lamp.jpg").unlink()
    run_folder(source, out, fresh=True)
    assert not [path for path in pictures(out) if "lamp" in path]


def test_fresh_gets_over_a_damaged_table(source: Path, out: Path) -> None:
    run_folder(source, out)
    (out / "packshot.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError) as caught:
        run_folder(source, out)
    assert caught.value.code == "store_corrupt"
    assert run_folder(source, out, fresh=True).processed == 5


def test_a_limit_takes_the_first_rows_and_the_rest_comes_later(source: Path, out: Path) -> None:
    assert run_folder(source, out, limit=2).processed == 2
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (3, 2)


@pytest.mark.parametrize("name", ["report.html", "results.csv", "catalogue/mine.jpg", "review/mine.jpg"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_files_that_no_run_has_made_are_not_overwritten(
    source: Path, out: Path, name: str, dry_run: bool
) -> None:
    mine = out / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(SettingsError, match="--fresh") as caught:
        run_folder(source, out, dry_run=dry_run)
    assert caught.value.code == "output_taken"
    assert name.partition("/")[0] in caught.value.message
    assert mine.read_text() == "mine"
    assert [one for one in out.rglob("*") if one.is_file()] == [mine]


def test_a_folder_with_other_things_in_it_is_no_matter(source: Path, out: Path) -> None:
    (out / "catalogue").mkdir(parents=True)
    (out / "notes.txt").write_text("mine")
    assert run_folder(source, out).processed == 5
    assert (out / "notes.txt").read_text() == "mine"
