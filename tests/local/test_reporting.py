from __future__ import annotations

from pathlib import Path

import pytest

from packshot.local import reporting
from packshot.local.reporting import REPORT, refresh_report, source_reader
from packshot.local.store import open_directory
from tests.cli.folders import output_folder
from tests.report.samples import batch, failed_record, jpeg, record


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with one photo, as the samples name it."""
    place = tmp_path / "photos" / record(0).source
    place.parent.mkdir(parents=True)
    place.write_bytes(jpeg())
    return tmp_path / "photos"


def test_sources_are_found_wherever_the_page_is_written(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # `packshot run photos --out shop`, and then `packshot review .` in the folder shop.
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    read = source_reader(batch(manifest="photos", base=str(photos)))
    assert read(record(0)) == jpeg()
    assert read(record(1)) is None
    assert read(record(0, source=f"file://{photos / record(0).source}")) == jpeg()


def test_what_a_run_refused_is_not_read(photos: Path) -> None:
    read = source_reader(batch(base=str(photos)))
    source = record(0).source
    assert read(failed_record(0, "no_product_found", source=source)) == jpeg()
    assert read(failed_record(0, "source_outside_root", source=source)) is None
    assert read(record(0, source="https://example.com/a.jpg")) is None


def test_pictures_are_made_once(photos: Path, tmp_path: Path, monkeypatch) -> None:
    image = record(0, source_sha256="ab" * 32)
    out = output_folder(tmp_path / "out", [image], batch(1, base=str(photos)))
    with open_directory(out) as directory:
        refresh_report(directory)
    first = (out / REPORT).read_bytes()
    assert first.count(b"data:image/webp") == 4, "the card's two, and the showcase's"
    assert len(list((out / ".packshot/thumbnails").iterdir())) == 2
    monkeypatch.setattr(reporting, "source_reader", lambda _: lambda _: pytest.fail("read again"))
    with open_directory(out) as directory:
        refresh_report(directory)
    assert (out / REPORT).read_bytes() == first


def test_thumbnails_of_pictures_that_are_no_more_are_removed(photos: Path, tmp_path: Path) -> None:
    out = output_folder(tmp_path / "out", [record(0)], batch(1, base=str(photos)))
    with open_directory(out) as directory:
        refresh_report(directory)
        kept = set((out / ".packshot/thumbnails").iterdir())
        (out / ".packshot/thumbnails/old-480.webp").write_bytes(b"")
        refresh_report(directory)
    assert set((out / ".packshot/thumbnails").iterdir()) == kept


def test_files_that_were_taken_away_leave_a_page_without_them(photos: Path, tmp_path: Path) -> None:
    out = output_folder(tmp_path / "out", [record(0)], batch(1, base=str(photos)))
    for file in (out / "catalogue").rglob("*.jpg"):
        file.unlink()
    with open_directory(out) as directory:
        refresh_report(directory)
    assert (out / REPORT).read_text().count("data:image/webp") == 1
