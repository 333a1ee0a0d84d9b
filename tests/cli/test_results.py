from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from packshot.batches.results import COLUMNS
from packshot.cli.results import QC_STATUSES, STATUSES
from packshot.contracts.base import QcStatus, ReviewReason, Status
from tests.cli.folders import output_folder
from tests.report.samples import failed_record, record, review_record


@pytest.fixture
def out(tmp_path: Path) -> Path:
    images = [record(0), review_record(1), review_record(2, ReviewReason.ENLARGED), failed_record(3)]
    return output_folder(tmp_path / "out", images)


def test_json_and_csv_are_the_lines_of_the_files(packshot, out: Path) -> None:
    assert packshot("results", out, "--format", "json").out == (out / "results.jsonl").read_text("utf-8")
    assert packshot("results", out, "--json").out == packshot("results", out, "--format", "json").out
    # Without the mark for spreadsheets, which is for files.
    table = packshot("results", out, "--format", "csv").out
    assert table.encode() == (out / "results.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(table))) == list(COLUMNS)


@pytest.mark.parametrize(
    ("words", "skus"),
    [
        ("--status failed", {"soap-003"}),
        ("--qc-status needs_review", {"soap-001", "soap-002"}),
        ("--because enlarged", {"soap-002"}),
        ("--sku soap-000", {"soap-000"}),
        ("--qc-status needs_review --sku soap-001", {"soap-001"}),
        ("--status failed --sku soap-001", set()),
    ],
)
def test_only_what_was_asked_for(packshot, out: Path, words: str, skus: set[str]) -> None:
    lines = packshot("results", out, "--json", *words.split()).out.splitlines()
    assert {json.loads(line)["sku_id"] for line in lines} == skus


def test_a_table_for_people(packshot, out: Path) -> None:
    lines = packshot("results", out).out.splitlines()
    assert lines[0].split() == ["Image", "SKU", "Type", "Outcome", "Score", "Why"]
    assert len(lines) == 5
    assert packshot("results", out, "--sku", "none").out == "No image fits.\n"


def test_a_long_table_is_cut_unless_all_is_asked_for(packshot, tmp_path: Path) -> None:
    out = output_folder(tmp_path / "out", [record(number, renditions=()) for number in range(25)])
    assert packshot("results", out).out.splitlines()[-1] == "  and 5 more: add --all, or --format csv"
    assert len(packshot("results", out, "--all").out.splitlines()) == 26


def test_the_words_of_the_options_are_those_of_the_contracts() -> None:
    assert tuple(Status) == STATUSES
    assert tuple(QcStatus) == QC_STATUSES


def test_a_folder_or_a_stack_must_be_named(packshot, tmp_path: Path) -> None:
    for words in (["results"], ["status"], ["retry"], ["review"]):
        ended = packshot(*words)
        assert (ended.code, "Give the output folder DIR, or --stack NAME." in ended.err) == (2, True)
    ended = packshot("results", tmp_path, "--batch", "b")
    assert (ended.code, "--batch and --region belong to --stack" in ended.err) == (2, True)
    assert packshot("status", tmp_path, "--watch").code == 2
