"""The runner in real processes, with stages of milliseconds."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import tempfile
from pathlib import Path

import pytest

from packshot import reviews
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.task import Overrides
from packshot.errors import InternalError, ManifestError, ModelError, SettingsError, StorageError
from packshot.local.request import Progress, RetryRequest, ReworkRequest, RunRequest
from packshot.local.runner import Machinery, retry, rework, run
from packshot.local.stopping import Stopping
from packshot.local.store import lock, open_directory
from tests.local import fake_stages
from tests.local.catalogues import (
    MACHINERY,
    by_source,
    events,
    image_events,
    photos,
    pictures,
    results,
    run_folder,
)
from tests.local.fake_stages import FAKE
from tests.samples import NOW

MIXED = {
    "mugs/red/front.jpg": "ok 1",
    "mugs/red/side.jpg": "review 2",
    "mugs/blue/front.jpg": "corrupt 3",
    "mugs/blue/side.jpg": "boom 4",
    "lamp.jpg": "ok 5",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return photos(tmp_path / "in", MIXED)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_a_folder_becomes_a_catalogue(source: Path, out: Path) -> None:
    result = run_folder(source, out)
    assert result.batch.status is Status.COMPLETED
    assert result.batch.counts == {"auto_approved": 2, "completed": 3, "failed": 2, "needs_review": 1}
    assert (result.processed, result.reused, result.interrupted, result.exit_code) == (5, 0, False, 1)
    lines = by_source(out)
    assert lines["mugs/blue/front.jpg"]["error"]["code"] == "image_truncated"
    assert lines["mugs/blue/side.jpg"]["error"]["code"] == "no_product_found"
    assert [line["image_id"] for line in results(out)] == sorted(line["image_id"] for line in results(out))
    found = pictures(out)
    for line in lines.values():
        for rendition in line["renditions"]:
            folder = "catalogue" if line["qc_status"] == "auto_approved" else "review"
            assert rendition["path"].startswith(folder + "/")
            assert len(found.pop(rendition["path"])) == rendition["bytes"]
    assert found == {}
    kinds = image_events(out)
    assert kinds["lamp.jpg"] == ["Image Processed"]
    assert kinds["mugs/red/side.jpg"] == ["Image Needs Review"]
    assert kinds["mugs/blue/front.jpg"] == ["Image Failed"]
    assert [kind for kind, _ in events(out) if kind.startswith("Batch")] == [
        "Batch Accepted",
        "Batch Started",
        "Batch Completed",
    ]


def test_results_csv_has_a_line_per_image_and_no_formulas(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"=cmd.jpg": "ok", "b.jpg": "corrupt"})
    run_folder(source, out)
    text = (out / "results.csv").read_text(encoding="utf-8-sig")
    rows = {row["source"]: row for row in csv.DictReader(text.splitlines())}
    assert rows["b.jpg"]["error_code"] == "image_truncated"
    assert rows["'=cmd.jpg"]["qc_status"] == "auto_approved"
    assert int(rows["'=cmd.jpg"]["main_bytes"]) > 0


def test_again_nothing_is_done_and_everything_stays(source: Path, out: Path) -> None:
    run_folder(source, out)
    before = pictures(out), results(out), events(out)
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (0, 5)
    assert (pictures(out), results(out), events(out)) == before


def test_three_new_photos_are_three(source: Path, out: Path) -> None:
    first = run_folder(source, out)
    with open_directory(out) as directory:
        review = next(one for one in directory.records() if one.qc_status is QcStatus.NEEDS_REVIEW)
        reviews.approve(
            first.batch.batch_id,
            review.image_id,
            reviewer="ada",
            now=NOW,
            table=directory.table,
            files=directory.files,
            publish=directory.publish,
        )
    photos(source, {f"new/{number}.jpg": f"ok new {number}" for number in range(3)})
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (3, 5)
    assert result.batch.batch_id != first.batch.batch_id
    assert by_source(out)["mugs/red/side.jpg"]["qc_status"] == "approved"
    assert all(len(kinds) == 1 for kinds in image_events(out).values())
    with open_directory(out) as directory:
        undone = reviews.undo(
            result.batch.batch_id,
            review.image_id,
            reviewer="ada",
            now=NOW,
            table=directory.table,
            files=directory.files,
            publish=directory.publish,
        )
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


def test_two_runs_at_once_are_refused(source: Path, out: Path) -> None:
    out.mkdir()
    with lock(out), pytest.raises(StorageError) as caught:
        run_folder(source, out)
    assert caught.value.code == "output_locked"


def test_an_output_that_can_t_be_made(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as caught:
        run_folder(source, tmp_path / "file" / "out")
    assert caught.value.code == "output_not_writable"


def test_a_dry_run_writes_nothing(source: Path, out: Path) -> None:
    result = run_folder(source, out, dry_run=True)
    assert (result.dry_run, result.processed, result.reused) == (True, 5, 0)
    assert not out.exists()
    run_folder(source, out)
    photos(source, {"new.jpg": "ok"})
    before = sorted(out.rglob("*"))
    result = run_folder(source, out, dry_run=True)
    assert (result.processed, result.reused) == (1, 5)
    assert sorted(out.rglob("*")) == before


def test_a_limit_takes_the_first_rows_and_the_rest_comes_later(source: Path, out: Path) -> None:
    assert run_folder(source, out, limit=2).processed == 2
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (3, 2)


def manifest(folder: Path, rows: list[dict[str, str]], **beside: object) -> Path:
    path = folder / "photos.json"
    path.write_text(json.dumps({"images": rows, **beside}))
    return path


def test_bad_rows_are_failed_images(tmp_path: Path, out: Path) -> None:
    photos(tmp_path, {"a.jpg": "ok"})
    rows = [
        {"product_group_id": "g", "sku_id": "a", "image_url": "a.jpg"},
        {"product_group_id": "g", "sku_id": "", "image_url": "b.jpg"},
        {"product_group_id": "g", "sku_id": "c", "image_url": "../../etc/passwd"},
        {"product_group_id": "g", "sku_id": "d", "image_url": "missing.jpg"},
    ]
    source = manifest(tmp_path, rows)
    result = run_folder(source, out)
    assert result.batch.counts == {"auto_approved": 1, "completed": 1, "failed": 3}
    assert (result.processed, result.reused, result.exit_code) == (2, 0, 1)
    assert [error.code for error in result.row_errors] == ["row_value_missing", "source_outside_root"]
    failed = {line["error"]["code"] for line in results(out) if line["status"] == "failed"}
    assert failed == {"row_value_missing", "source_outside_root", "source_missing"}
    again = run_folder(source, out)
    assert (again.processed, again.reused) == (0, 4)
    with pytest.raises(ManifestError) as caught:
        run_folder(source, tmp_path / "other", strict=True)
    assert caught.value.code == "manifest_rows_invalid"
    assert len(caught.value.details["row_errors"]) == 2  # type: ignore[arg-type]  # a tuple of errors
    assert not (tmp_path / "other").exists()


def test_nothing_readable_is_an_error(tmp_path: Path, out: Path) -> None:
    with pytest.raises(ManifestError):
        run_folder(manifest(tmp_path, [{"image_url": "a.jpg", "mode": "?"}]), out)
    assert not out.exists()


def test_the_manifest_s_options_hold_unless_the_command_says_otherwise(tmp_path: Path, out: Path) -> None:
    photos(tmp_path, {"a.jpg": "ok"})
    rows = [{"product_group_id": "g", "sku_id": "a", "image_url": "a.jpg"}]
    source = manifest(tmp_path, rows, preset="ebay", options={"mode": "none", "background": "keep"})
    result = run_folder(source, out, preset=None, background="white")
    settings = result.batch.settings
    assert (settings.preset.name, settings.mode, settings.background) == ("ebay", "none", "white")


def test_a_model_that_is_not_there_ends_the_run_before_it_begins(source: Path, out: Path) -> None:
    with pytest.raises(ModelError) as caught:
        run(RunRequest(str(source), out, model="no-such-model"))
    assert caught.value.code == "model_unknown"
    assert not out.exists()


def test_references_go_first_and_count(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"ref.jpg": "ok ref", "a.jpg": "ok a", "b.jpg": "ok b"})
    run_folder(source, out, reference="ref.jpg")
    before = pictures(out)
    assert run_folder(source, out, reference="ref.jpg").processed == 0
    # Another picture under the reference's name: all that was aligned to it is made again.
    photos(source, {"ref.jpg": "ok other ref"})
    assert run_folder(source, out, reference="ref.jpg").processed == 3
    assert all(pictures(out)[path] != before[path] for path in before)


def test_a_reference_that_fails_leaves_its_images_to_a_person(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"ref.jpg": "corrupt", "a.jpg": "ok a"})
    run_folder(source, out, reference="ref.jpg")
    assert by_source(out)["a.jpg"]["qc_status"] == "needs_review"
    photos(source, {"ref.jpg": "ok ref"})
    assert run_folder(source, out, reference="ref.jpg").processed == 2
    assert by_source(out)["a.jpg"]["qc_status"] == "auto_approved"


def test_a_reference_named_from_where_one_stands_is_the_row_s(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = photos(tmp_path / "in", {"ref.jpg": "ok ref", "a.jpg": "ok a"})
    monkeypatch.chdir(tmp_path)
    result = run_folder(source, out, reference="in/ref.jpg")
    assert result.batch.settings.reference == "ref.jpg"


def test_what_may_pass_is_tried_twice(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "flaky ok", "b.jpg": "ok"})
    result = run_folder(source, out)
    assert result.batch.counts == {"auto_approved": 2, "completed": 2}
    assert image_events(out)["a.jpg"] == ["Image Processed"]


def test_a_worker_that_dies_takes_one_photo_at_most(tmp_path: Path, out: Path) -> None:
    words = {"dies.jpg": "die", "once.jpg": "die-once ok", **{f"{n}.jpg": f"ok {n}" for n in range(12)}}
    result = run_folder(photos(tmp_path / "in", words), out)
    assert result.batch.counts == {"auto_approved": 13, "completed": 13, "failed": 1}
    assert by_source(out)["dies.jpg"]["error"]["code"] == "worker_lost"
    assert by_source(out)["once.jpg"]["revision"] == 0
    # Its cause lies outside of the photo, so the same command tries it again.
    (tmp_path / "in" / "dies.jpg").write_text("ok after all")
    assert run_folder(tmp_path / "in", out).processed == 1


def test_a_stage_that_hangs_is_ended_by_name(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"hangs.jpg": "hang", "a.jpg": "ok", "b.jpg": "ok b"})
    result = run_folder(source, out, Machinery(code=FAKE, patience=0.05))
    assert result.batch.counts == {"auto_approved": 2, "completed": 2, "failed": 1}
    error = by_source(out)["hangs.jpg"]["error"]
    assert (error["code"], error["stage"]) == ("stage_timeout", "detect")


def test_being_asked_to_stop_ends_cleanly_and_goes_on(tmp_path: Path, out: Path) -> None:
    words = {f"{number}.jpg": f"slow ok {number}" for number in range(12)}
    source = photos(tmp_path / "in", words)
    stopping = Stopping()

    def ask_in_the_middle(progress: Progress) -> None:
        if progress.done >= 3:
            stopping.ask()

    first = run(
        RunRequest(str(source), out, preset="amazon", jobs=2),
        ask_in_the_middle,
        Machinery(code=FAKE, stopping=stopping),
    )
    assert first.interrupted
    assert first.exit_code == 130
    assert 0 < first.processed < 12
    assert first.batch.status is Status.PROCESSING
    assert first.batch.counts["pending"] == 12 - first.processed
    assert len(results(out)) == first.processed
    assert not list((out / ".packshot").rglob("*.jpg"))
    second = run_folder(source, out)
    assert (second.processed, second.reused) == (12 - first.processed, first.processed)
    assert all(kinds == ["Image Processed"] for kinds in image_events(out).values())
    run_folder(source, tmp_path / "undisturbed")
    assert results(out) == results(tmp_path / "undisturbed")
    assert pictures(out) == pictures(tmp_path / "undisturbed")


def test_progress_tells_the_way(source: Path, out: Path) -> None:
    told: list[Progress] = []
    run(RunRequest(str(source), out, preset="amazon", jobs=1), told.append, MACHINERY)
    assert (told[0].done, told[0].total) == (0, 5)
    last = told[-1]
    assert (last.done, last.failed, last.needs_review, last.reused) == (5, 2, 1, 0)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert last.rate_per_s > 0


def test_failed_ones_are_retried_as_a_new_revision(source: Path, out: Path) -> None:
    run_folder(source, out)
    photos(source, {"mugs/blue/front.jpg": "ok mended"})
    result = retry(RetryRequest(out, jobs=2), machinery=MACHINERY)
    assert result.processed == 2
    lines = by_source(out)
    assert (lines["mugs/blue/front.jpg"]["status"], lines["mugs/blue/front.jpg"]["revision"]) == (
        "completed",
        1,
    )
    assert (lines["mugs/blue/side.jpg"]["status"], lines["mugs/blue/side.jpg"]["revision"]) == ("failed", 1)
    assert result.batch.counts == {"auto_approved": 3, "completed": 4, "failed": 1, "needs_review": 1}
    assert image_events(out)["mugs/blue/front.jpg"] == ["Image Failed", "Image Processed"]
    # The next plain run agrees with it.
    assert run_folder(source, out).processed == 0


def test_a_rework_stays_through_later_runs(source: Path, out: Path) -> None:
    run_folder(source, out)
    image_id = by_source(out)["lamp.jpg"]["image_id"]
    before = pictures(out)
    result = rework(ReworkRequest(out, (image_id,), Overrides(angle_deg=3)), machinery=MACHINERY)
    assert (result.processed, by_source(out)["lamp.jpg"]["revision"]) == (1, 1)
    changed = {path for path, data in pictures(out).items() if before[path] != data}
    assert changed
    assert all("lamp" in path for path in changed)
    rework(ReworkRequest(out, (image_id,), Overrides(background="#00ff00")), machinery=MACHINERY)
    line = by_source(out)["lamp.jpg"]
    assert line["overrides"] == {**line["overrides"], "angle_deg": 3, "background": "#00ff00"}
    reworked = pictures(out)
    photos(source, {"new.jpg": "ok"})
    result = run_folder(source, out)
    assert (result.processed, result.reused) == (1, 5)
    assert {path: pictures(out)[path] for path in reworked} == reworked
    # A photo that changes keeps what was set by hand for it.
    photos(source, {"lamp.jpg": "ok another"})
    run_folder(source, out)
    assert by_source(out)["lamp.jpg"]["overrides"]["angle_deg"] == 3


def test_a_reference_set_by_hand_stays_through_later_runs(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "ok a", "b.jpg": "ok b"})
    run_folder(source, out)
    image_id = by_source(out)["a.jpg"]["image_id"]
    rework(ReworkRequest(out, (image_id,), Overrides(reference="b.jpg")), machinery=MACHINERY)
    assert run_folder(source, out).processed == 0
    photos(source, {"b.jpg": "ok changed"})
    assert run_folder(source, out).processed == 2


def test_what_can_t_be_reworked(source: Path, out: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        retry(RetryRequest(out), machinery=MACHINERY)
    assert caught.value.code == "directory_unknown"
    assert not out.exists()
    run_folder(source, out)
    for call in (
        lambda: rework(ReworkRequest(out, ("img-0",), Overrides()), machinery=MACHINERY),
        lambda: retry(RetryRequest(out, ("img-0",)), machinery=MACHINERY),
    ):
        with pytest.raises(SettingsError) as caught:
            call()
        assert caught.value.code == "image_unknown"


def test_a_folder_without_rights() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = photos(folder / "in", {"a.jpg": "ok"})
        folder.chmod(0o555)
        me = os.geteuid()
        try:
            if me == 0:
                # Rights do not bind the superuser; be nobody for a moment.
                os.seteuid(65534)
            with pytest.raises(StorageError) as caught:
                run_folder(source, folder / "out")
        finally:
            os.seteuid(me)
            folder.chmod(0o755)
    assert caught.value.code == "output_not_writable"


def test_processes_that_can_t_begin_end_the_run(source: Path, out: Path) -> None:
    with pytest.raises(InternalError) as caught:
        run_folder(source, out, Machinery(code=dataclasses.replace(FAKE, prepare=fake_stages.die_at_once)))
    assert caught.value.code == "worker_lost"
    assert run_folder(source, out).processed == 5
