"""The runner in real processes, with stages of milliseconds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from packshot.contracts.base import Status
from packshot.errors import ModelError
from packshot.local.request import Progress, RunRequest
from packshot.local.runner import run
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


def test_a_model_that_is_not_there_ends_the_run_before_it_begins(source: Path, out: Path) -> None:
    with pytest.raises(ModelError) as caught:
        run(RunRequest(str(source), out, model="no-such-model"))
    assert caught.value.code == "model_unknown"
    assert not out.exists()


def test_a_preset_can_name_the_network_and_the_command_line_another(source: Path, out: Path) -> None:
    house = source.parent / "house.json"
    words = {"name": "house", "title": "House", "version": "1", "extends": "studio", "model": "no-such-model"}
    house.write_text(json.dumps(words))
    with pytest.raises(ModelError, match="no-such-model"):
        run(RunRequest(str(source), out, preset=str(house)))
    result = run(RunRequest(str(source), out, preset=str(house), model="fake"), machinery=MACHINERY)
    assert (result.processed, result.reused) == (5, 0)
    # The same network, whoever names it, makes the same pictures: nothing is refused, nothing made anew.
    house.write_text(json.dumps(words | {"model": "fake"}))
    result = run(RunRequest(str(source), out, preset=str(house)), machinery=MACHINERY)
    assert (result.processed, result.reused) == (0, 5)


def test_progress_tells_the_way(source: Path, out: Path) -> None:
    told: list[Progress] = []
    run(RunRequest(str(source), out, preset="amazon", jobs=1), told.append, MACHINERY)
    assert (told[0].done, told[0].total) == (0, 5)
    last = told[-1]
    assert (last.done, last.failed, last.needs_review, last.reused) == (5, 2, 1, 0)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert last.rate_per_s > 0
