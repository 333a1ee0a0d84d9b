"""Runs over a manifest: its bad rows, its options, its references."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packshot.contracts.base import Mode, Status
from packshot.contracts.task import Overrides
from packshot.errors import ManifestError, SettingsError, SourceError
from packshot.local.request import ReworkRequest
from packshot.local.runner import rework
from packshot.local.store import open_directory
from tests.local.catalogues import (
    MACHINERY,
    by_source,
    photos,
    pictures,
    results,
    run_folder,
)


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


def test_a_line_that_is_good_by_now_has_failed_no_more(tmp_path: Path, out: Path) -> None:
    photos(tmp_path, {"shop/a.jpg": "ok a", "other/b.jpg": "ok b"})
    rows = [{"sku_id": "a", "image_url": "a.jpg"}, {"sku_id": "b", "image_url": "../other/b.jpg"}]
    source = manifest(tmp_path / "shop", rows)
    first = run_folder(source, out)
    assert [line["error"]["code"] for line in results(out) if line["error"]] == ["source_outside_root"]
    # As the message says.
    again = run_folder(source, out, allow_roots=(tmp_path / "other",))
    assert again.batch.batch_id == first.batch.batch_id
    assert (again.processed, again.reused, again.exit_code) == (1, 1, 0)
    assert again.batch.rejected_rows == 0
    assert sorted(line["sku_id"] for line in results(out)) == ["a", "b"]
    with open_directory(out) as directory:
        counted = {status: images for status, _, images in directory.table.tally(again.batch.batch_id)}
    assert counted == {Status.COMPLETED: 2}


def test_a_list_that_lies_elsewhere_by_now_is_done_again_from_there(tmp_path: Path, out: Path) -> None:
    photos(tmp_path / "shop", {"a.jpg": "ok a"})
    source = manifest(tmp_path / "shop", [{"sku_id": "a", "image_url": "a.jpg"}])
    run_folder(source, out)
    moved = (tmp_path / "shop").rename(tmp_path / "moved")
    run_folder(moved / source.name, out)
    photos(moved, {"a.jpg": "ok otherwise"})
    image_id = by_source(out)["a.jpg"]["image_id"]
    request = ReworkRequest(out, (image_id,), Overrides(mode=Mode.NONE), jobs=1)
    assert rework(request, machinery=MACHINERY).exit_code == 0


def test_a_list_read_by_other_columns_is_of_other_images(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path, {"a.jpg": "ok a", "list.csv": "Item,image_url\nmug,a.jpg\n"}) / "list.csv"
    run_folder(source, out)
    named = run_folder(source, out, columns={"sku_id": "Item"})
    assert [line["sku_id"] for line in results(out)] == ["mug"]
    assert named.batch.counts == {"auto_approved": 1, "completed": 1}
    run_folder(source.rename(tmp_path / "shop.csv"), out, columns={"sku_id": "Item"})
    assert [line["product_group_id"] for line in results(out)] == ["shop"]


def test_nothing_readable_is_an_error(tmp_path: Path, out: Path) -> None:
    with pytest.raises(ManifestError):
        run_folder(manifest(tmp_path, [{"image_url": "a.jpg", "mode": "?"}]), out)
    assert not out.exists()


@pytest.mark.parametrize("fresh", [False, True])
def test_the_results_never_overwrite_the_list(tmp_path: Path, fresh: bool) -> None:
    photos(tmp_path, {"a.jpg": "ok", "results.csv": "sku_id,image_url\na,a.jpg\n"})
    with pytest.raises(SettingsError) as caught:
        run_folder(tmp_path / "results.csv", tmp_path, fresh=fresh)
    assert caught.value.code == "option_invalid"
    assert "results.csv" in caught.value.message
    assert (tmp_path / "results.csv").read_text() == "sku_id,image_url\na,a.jpg\n"
    assert not (tmp_path / "packshot.sqlite").exists()


@pytest.mark.parametrize("typed", ["front,jpg", "x" * 300 + ".jpg"])
def test_a_misspelt_reference_is_refused_before_anything_is_done(
    tmp_path: Path, out: Path, typed: str
) -> None:
    source = photos(tmp_path / "in", {"a.jpg": "ok"})
    with pytest.raises(SettingsError) as caught:
        run_folder(source, out, reference=typed)
    assert caught.value.code == "option_invalid"
    apart = photos(tmp_path, {"apart.jpg": "ok"}) / "apart.jpg"
    with pytest.raises(SourceError) as outside:
        run_folder(source, out, reference=str(apart))
    assert outside.value.code == "source_outside_root"
    assert not out.exists()
    result = run_folder(source, out, reference=str(apart), allow_roots=(apart,))
    assert result.batch.counts == {"auto_approved": 1, "completed": 1}


def test_the_manifest_s_options_hold_unless_the_command_says_otherwise(tmp_path: Path, out: Path) -> None:
    photos(tmp_path, {"a.jpg": "ok"})
    rows = [{"product_group_id": "g", "sku_id": "a", "image_url": "a.jpg"}]
    source = manifest(tmp_path, rows, preset="ebay", options={"mode": "none", "background": "keep"})
    result = run_folder(source, out, preset=None, background="white")
    settings = result.batch.settings
    assert (settings.preset.name, settings.mode, settings.background) == ("ebay", "none", "white")


def test_references_go_first_and_count(tmp_path: Path, out: Path) -> None:
    source = photos(tmp_path / "in", {"ref.jpg": "ok ref", "a.jpg": "ok a", "b.jpg": "ok b"})
    run_folder(source, out, reference="ref.jpg")
    before = pictures(out)
    assert run_folder(source, out, reference="ref.jpg").processed == 0
    # Another picture under the reference's name: all that was aligned to it is made again.
    photos(source, {"ref.jpg": "ok other ref"})
    assert run_folder(source, out, reference="ref.jpg").processed == 3
    assert all(pictures(out)[path] != before[path] for path in before)


@pytest.mark.parametrize("torn", ["ready.json", "facts.json"])
def test_a_reference_that_a_power_cut_tore_is_prepared_again(tmp_path: Path, out: Path, torn: str) -> None:
    source = photos(tmp_path / "in", {"ref.jpg": "ok ref", "a.jpg": "ok a"})
    run_folder(source, out, reference="ref.jpg")
    for path in (out / ".packshot" / "references").rglob(torn):
        path.write_bytes(b"")
    photos(source, {"b.jpg": "ok b"})
    run_folder(source, out, reference="ref.jpg")
    run_folder(source, tmp_path / "in peace", reference="ref.jpg")
    assert pictures(out) == pictures(tmp_path / "in peace")


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
