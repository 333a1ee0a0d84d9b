from __future__ import annotations

import errno
import io
import os
import threading
from pathlib import Path

import pytest

from packshot.errors import ManifestError, SettingsError
from packshot.manifests import Kind, SourceOptions, open_source, read_manifest
from packshot.manifests.locate import Base
from tests.manifests.reading import BASE, parted, told

CSV = "sku_id,image_url,product_group_id\na,a.jpg,g\nb,b.jpg,g\n"


class Pipe(io.RawIOBase):
    """A stream that can be read once."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, 7) if size > 0 else size)


def test_a_manifests_folder_is_the_base(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(CSV)
    manifest = open_source(str(tmp_path / "list.csv"), SourceOptions(allow_roots=(tmp_path / "../more",)))
    assert manifest.kind is Kind.CSV
    assert manifest.resolve("a.jpg") == f"{tmp_path}/a.jpg"
    assert manifest.resolve("../more/a.jpg") == f"{tmp_path.parent}/more/a.jpg"
    assert manifest.roots == (tmp_path, tmp_path.parent / "more")


def test_rows_can_be_read_again_and_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(CSV)
    manifest = open_source(str(tmp_path / "list.csv"))
    pairs = list(zip(manifest.rows, manifest.rows, strict=True))
    assert len(pairs) == 2
    assert all(one == other for one, other in pairs)


def test_standard_input_and_other_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    manifest = open_source("-", SourceOptions(stdin=Pipe(CSV.encode())))  # type: ignore[arg-type]  # reads like one
    assert [row.sku_id for row in parted(manifest.rows)[0]] == ["a", "b"]
    assert [row.sku_id for row in parted(manifest.rows)[0]] == ["a", "b"]
    assert manifest.resolve("a.jpg") == f"{tmp_path}/a.jpg"
    with pytest.raises(ManifestError) as caught:
        open_source("-", SourceOptions(stdin=Pipe(CSV.encode()), max_bytes=10))  # type: ignore[arg-type]  # as above
    assert caught.value.code == "manifest_too_large"


def test_a_named_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(CSV))
    writer.start()
    manifest = open_source(str(tmp_path / "pipe"))
    writer.join()
    assert len(parted(manifest.rows)[0]) == 2


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    one = read_manifest(io.BytesIO(CSV.encode()), "a.csv", BASE)
    two = read_manifest(io.BytesIO(CSV.encode()), "b.csv", Base("s3://bucket/x"))
    three = read_manifest(io.BytesIO(CSV.encode() + b"\n"), "a.csv", BASE)
    assert one.digest == two.digest != three.digest
    assert two.roots == ()
    assert two.resolve("a.jpg") == "s3://bucket/x/a.jpg"


def test_files_are_looked_for_when_asked(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(CSV + "c,https://cdn.example/c.jpg,g\n")
    (tmp_path / "a.jpg").write_bytes(b"")
    good, errors = parted(open_source(str(tmp_path / "list.csv"), SourceOptions(check_files=True)).rows)
    assert [row.sku_id for row in good] == ["a", "c"]
    assert told(errors) == [(3, "image_url", "source_missing")]


@pytest.mark.parametrize("name", ["gone.csv", "gone", "gone/x.jpg", "list.csv/x", "a\x00b", "x" * 5000])
def test_sources_that_are_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.csv").write_text(CSV)
    with pytest.raises(ManifestError) as caught:
        open_source(f"{tmp_path}/{name}")
    assert caught.value.code == "manifest_unreadable"


def test_a_manifest_without_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "list.csv").write_text(CSV)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ManifestError, match="Permission denied"):
        open_source(str(tmp_path / "list.csv"))


def test_errors_come_when_it_is_opened_not_when_rows_are_read() -> None:
    for text, error in (
        ("title\nx\n", ManifestError),
        ('[{"image_url": "a"}, 1 2]', ManifestError),
        ('{"options": {"mode": 1}, "images": [{"image_url": "a"}]}', SettingsError),
    ):
        with pytest.raises(error):
            read_manifest(io.BytesIO(text.encode()), "", BASE)


def test_a_manifest_called_like_a_glob(tmp_path: Path) -> None:
    (tmp_path / "list[1].csv").write_text(CSV)
    assert open_source(str(tmp_path / "list[1].csv")).kind is Kind.CSV
