"""Images that are done again: retry and rework."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.contracts.task import Overrides
from packshot.errors import PackshotError, SettingsError
from packshot.local.request import RetryRequest, ReworkRequest
from packshot.local.runner import retry, rework
from tests.local.catalogues import (
    MACHINERY,
    by_source,
    image_events,
    photos,
    pictures,
    run_folder,
)


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


def test_a_reference_named_from_where_one_stands_is_the_one_in_the_folder(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "ok a", "b.jpg": "ok b"})
    photos(tmp_path, {"apart.jpg": "ok"})
    run_folder(source, out)
    image_id = by_source(out)["a.jpg"]["image_id"]
    monkeypatch.chdir(tmp_path)
    for typed, code in (("in/misspelt.jpg", "option_invalid"), ("apart.jpg", "source_outside_root")):
        with pytest.raises(PackshotError) as caught:
            rework(ReworkRequest(out, (image_id,), Overrides(reference=typed)), machinery=MACHINERY)
        assert caught.value.code == code
    rework(ReworkRequest(out, (image_id,), Overrides(reference="in/b.jpg")), machinery=MACHINERY)
    line = by_source(out)["a.jpg"]
    assert (line["overrides"]["reference"], line["review_reasons"]) == ("b.jpg", [])


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
