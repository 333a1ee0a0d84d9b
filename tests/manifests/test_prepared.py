"""Rows that were judged before they travelled."""

from __future__ import annotations

import io
import json

import pytest

from packshot.contracts.manifest import ManifestRow, RowError, Scale
from packshot.errors import ManifestError
from packshot.manifests.locate import Base
from packshot.manifests.prepared import PreparedManifest, read_prepared, write_rows
from packshot.presets import load_preset

BASE = Base("s3://uploads/photos/spring")
ROWS = [
    ManifestRow(line=2, product_group_id="g", sku_id="S 1", image_url="ü.jpg", scale=Scale.SHARED),
    RowError(line=3, row=2, column="sku_id", code="row_value_missing", message="The column sku_id is empty."),
    RowError(line=3, row=2, column="mode", code="row_value_invalid", message="x can't be used as mode."),
    ManifestRow(line=0, product_group_id="g", sku_id="S 2", image_url="a.jpg", image_type="side"),
]
OPTIONS = {"preset": "amazon", "reference": "ü.jpg", "options": {"mode": "none"}}


def written(rows: list[ManifestRow | RowError]) -> io.BytesIO:
    file = io.BytesIO()
    write_rows(file, OPTIONS, rows, "0" * 64)
    return file


def read(file: io.BytesIO) -> PreparedManifest:
    return read_prepared(file, BASE)


def test_rows_errors_and_options_come_back_as_they_were() -> None:
    found = read(written(ROWS))
    assert found.batch_options == OPTIONS
    for _ in range(2):
        assert list(found.rows_for(None)) == ROWS
    assert found.resolve("ü.jpg") == "s3://uploads/photos/spring/ü.jpg"
    assert found.resolve("/abs/ü.jpg").startswith("s3://uploads/photos/spring/.outside/")


def test_names_that_collide_there_are_errors() -> None:
    same = ManifestRow(line=5, product_group_id="G", sku_id="s 1", image_url="other.jpg")
    rows = list(read(written([*ROWS, same])).rows_for(load_preset("studio")))
    assert isinstance(rows[-1], RowError)
    assert (rows[-1].line, rows[-1].code) == (5, "row_name_taken")


def test_other_photos_make_another_file() -> None:
    one, other = io.BytesIO(), io.BytesIO()
    write_rows(one, OPTIONS, ROWS, "0" * 64)
    write_rows(other, OPTIONS, ROWS, "1" * 64)
    assert one.getvalue() != other.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "manifest_empty"),
        (b'{"sku_id": "S"}\n', "manifest_unreadable"),
        (b'{"packshot_rows": 99}\n', "manifest_unreadable"),
        (b"no JSON\n", "manifest_unreadable"),
        (b"[1]\n", "manifest_unreadable"),
    ],
)
def test_what_nobody_has_written_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ManifestError) as refused:
        read(io.BytesIO(data))
    assert refused.value.code == code


@pytest.mark.parametrize("line", [b'{"line": 1}\n', b'{"error": {}}\n', b"{\n"])
def test_a_row_that_is_none_refuses_the_whole(line: bytes) -> None:
    head = json.dumps({"packshot_rows": 1}).encode() + b"\n"
    with pytest.raises(ManifestError) as refused:
        list(read(io.BytesIO(head + line)).rows_for(None))
    assert refused.value.code == "manifest_unreadable"
