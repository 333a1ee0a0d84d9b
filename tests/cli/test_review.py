from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from packshot.contracts.base import QcStatus, ReviewReason
from packshot.local.store import open_directory
from tests.cli.folders import output_folder
from tests.report.samples import failed_record, record, review_record


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """soap-000 ready; 001 (66), 002 (84) and 003 (85) to review; 004 failed."""
    images = [
        record(0),
        review_record(1),
        review_record(2, ReviewReason.ENLARGED),
        review_record(3, ReviewReason.ENLARGED, ReviewReason.TOUCHES_EDGE),
        failed_record(4),
    ]
    return output_folder(tmp_path / "out", images)


def verdicts(out: Path) -> dict[str, str]:
    with open_directory(out) as directory:
        return {image.sku_id[-3:]: image.qc_status.value for image in directory.records()}


def test_the_queue_begins_with_the_lowest_score(packshot, out: Path) -> None:
    lines = packshot("review", out, "list").out.splitlines()
    assert packshot("review", out).out.splitlines() == lines
    assert lines[0].split() == ["Image", "SKU", "Type", "Score", "Why"]
    assert [line.split()[1:4] for line in lines[1:]] == [
        ["soap-001", "primary", "66.0"],
        ["soap-002", "primary", "84.0"],
        ["soap-003", "primary", "85.0"],
    ]
    assert lines[3].endswith("enlarged, touches the edge")


def test_the_queue_of_one_reason(packshot, out: Path) -> None:
    ended = packshot("review", out, "list", "--because", "enlarged", "--json")
    skus = [json.loads(line)["sku_id"] for line in ended.out.splitlines()]
    assert skus == ["soap-002", "soap-003"]


def test_a_long_queue_is_cut_unless_all_is_asked_for(packshot, tmp_path: Path) -> None:
    out = output_folder(tmp_path / "out", [review_record(number) for number in range(30)])
    assert len(packshot("review", out, "list").out.splitlines()) == 22
    assert "and 10 more" in packshot("review", out, "list").out
    assert len(packshot("review", out, "list", "--all").out.splitlines()) == 31


def test_approve_moves_the_files_and_renews_results_and_report(packshot, out: Path) -> None:
    ended = packshot("review", out, "approve", "soap-001", "--notes", "fine", "--reviewer", "Ida")
    assert (ended.code, ended.out) == (0, "Approved 1 image.\n")
    assert (out / "catalogue/care/soap-001/soap-001.primary.main.jpg").is_file()
    assert not (out / "review/care/soap-001").exists()
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert {line["qc_status"] for line in lines if line["sku_id"] == "soap-001"} == {"approved"}
    assert "2 of 5 photos are ready" in (out / "report.html").read_text()
    with open_directory(out) as directory:
        image = next(one for one in directory.records() if one.sku_id == "soap-001")
        (entry,) = directory.table.reviews(image.batch_id, image.image_id)
    assert (entry.reviewer, entry.notes, entry.after) == ("Ida", "fine", QcStatus.APPROVED)


def test_bulk_approval_above_a_score(packshot, out: Path) -> None:
    assert packshot("review", out, "approve", "--above", "84").out == "Approved 1 image.\n"
    assert verdicts(out)["003"] == "approved"
    assert verdicts(out)["002"] == "needs_review"


def test_bulk_rejection_below_a_score(packshot, out: Path) -> None:
    ended = packshot("review", out, "reject", "--below", "70", "--reason", "too soft", "--json")
    assert json.loads(ended.out)["qc_status"] == "rejected"
    assert verdicts(out) == {
        "000": "auto_approved",
        "001": "rejected",
        "002": "needs_review",
        "003": "needs_review",
        "004": "pending",
    }


@pytest.mark.parametrize("words", [["approve"], ["reject", "--reason", "x"], ["undo"]])
def test_an_empty_list_of_names_decides_on_nothing(
    packshot, out: Path, monkeypatch, words: list[str]
) -> None:
    before = verdicts(out)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    ended = packshot("review", out, *words, "-")
    assert (ended.code, verdicts(out)) == (0, before)
    assert "0 images" in ended.out


def test_names_from_standard_input(packshot, out: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("soap-001\n\nsoap-002\n"))
    assert packshot("review", out, "approve", "-").out == "Approved 2 images.\n"


def test_undo_gives_the_old_verdict_back(packshot, out: Path) -> None:
    packshot("review", out, "reject", "soap-000", "--reason", "wrong label")
    assert verdicts(out)["000"] == "rejected"
    assert packshot("review", out, "undo", "soap-000").code == 0
    assert verdicts(out)["000"] == "auto_approved"


def test_one_that_cannot_be_decided_on_does_not_stop_the_others(packshot, out: Path) -> None:
    ended = packshot("review", out, "approve", "soap-004", "soap-001")
    assert (ended.code, ended.out) == (1, "Approved 1 image.\n")
    assert ended.err.startswith("packshot: soap-004 primary: ")
    assert ended.err.endswith("(review_not_possible)\n")


def test_a_misspelt_name_changes_nothing(packshot, out: Path) -> None:
    before = verdicts(out)
    ended = packshot("review", out, "approve", "soap-001", "soap-xxx")
    assert ended.code == 2
    assert "soap-xxx" in ended.err
    assert verdicts(out) == before


@pytest.mark.parametrize(
    "words", [["approve"], ["approve", "x", "--above", "5"], ["reject", "soap-001"], ["undo"]]
)
def test_wrong_use(packshot, out: Path, words: list[str]) -> None:
    before = verdicts(out)
    assert packshot("review", out, *words).code == 2
    assert verdicts(out) == before


def test_images_go_by_id_and_by_its_first_characters(packshot, out: Path) -> None:
    with open_directory(out) as directory:
        ids = [one.image_id for one in directory.records() if one.qc_status is QcStatus.NEEDS_REVIEW]
    assert packshot("review", out, "approve", ids[0], ids[1][:10]).out == "Approved 2 images.\n"
    short = packshot("review", out, "approve", ids[2][:6])
    assert (short.code, "image_unknown" in short.err) == (2, True)
