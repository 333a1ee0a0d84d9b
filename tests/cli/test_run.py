from __future__ import annotations

import json
from pathlib import Path

import pytest

from packshot.contracts.manifest import RowError
from packshot.local.request import Progress, RunRequest, RunResult
from tests.cli.folders import output_folder
from tests.report.samples import bad_line, batch, failed_record, record, review_record

BAD_LINE = RowError(
    line=7, column="image_url", code="row_value_missing", message="The column image_url is empty."
)


@pytest.fixture
def ran(monkeypatch):
    """Stands in for the engine: keeps the request, and answers with a result."""
    seen: list[RunRequest] = []

    def prepare(result: RunResult) -> list[RunRequest]:
        def run(request, progress=None):
            seen.append(request)
            if progress is not None:
                progress(Progress(1, 2, 1, 0, 0, 0.5, 2.0, ("a.jpg",)))
            return result

        monkeypatch.setattr("packshot.local.runner.run", run)
        return seen

    return prepare


def finished(**changes) -> RunResult:
    values = {
        "batch": batch(2),
        "row_errors": (),
        "reused": 3,
        "processed": 4,
        "elapsed_s": 2.0,
        "interrupted": False,
    }
    return RunResult(**(values | changes))


def test_every_option_reaches_the_engine(packshot, ran, tmp_path: Path) -> None:
    seen = ran(finished(dry_run=True))
    words = (
        "run photos --out DIR -p amazon --reference r.jpg --mode sharpen --background #f0f0f0 "
        "--target-size-kb 300 --jobs 2 --limit 9 --dry-run --fresh --resume --strict "
        "--allow-root /a --allow-root /b --model m --url-column Foto --sku-column Nr --quiet --json"
    )
    assert packshot(*words.replace("DIR", str(tmp_path)).split()).code == 0
    assert seen == [
        RunRequest(
            source="photos",
            out=tmp_path,
            preset="amazon",
            reference="r.jpg",
            mode="sharpen",
            background="#f0f0f0",
            target_size_kb=300,
            model="m",
            jobs=2,
            limit=9,
            fresh=True,
            strict=True,
            dry_run=True,
            allow_roots=(Path("/a"), Path("/b")),
            columns={"image_url": "Foto", "sku_id": "Nr"},
        )
    ]


def test_what_is_not_said_is_left_to_the_manifest(packshot, ran, tmp_path: Path) -> None:
    seen = ran(finished(dry_run=True))
    packshot("run", "photos", "--out", tmp_path)
    assert seen == [RunRequest(source="photos", out=tmp_path)]


def test_summary_report_and_exit_code(packshot, ran, tmp_path: Path) -> None:
    ran(finished())
    out = output_folder(
        tmp_path / "out", [record(0), record(1), review_record(2), failed_record(3), bad_line(9)]
    )
    ended = packshot("run", "photos", "--out", out)
    assert ended.code == 1
    assert ended.out.startswith("Done in 2.0 s: 4 images processed, 3 finished before, 2 images/s\n")
    counts = ended.out.split("\n\n")[1]
    assert " ".join(counts.split()) == "Ready 2 To review 1 Failed 2 Images 5"
    assert "low_score" in ended.out
    assert "line 9                   The column image_url is empty. (row_value_missing)" in ended.out
    assert "care/soap-003/front.jpg  The picture's file ends too early; part of it is missing." in ended.out
    assert f"Report     {out}/report.html" in ended.out
    assert (out / "report.html").read_text().startswith("<!doctype html>")
    assert ended.err == "1 of 2 done, 1 failed, 2.0 s an image, 2.0 s left\n"


@pytest.mark.parametrize(("processed", "rate"), [(1, "0.33"), (29, "9.7"), (299, "100"), (19_200, "6,400")])
def test_the_rate_is_a_number_that_people_write(packshot, ran, tmp_path: Path, processed, rate) -> None:
    ran(finished(processed=processed, elapsed_s=3.0, reused=0))
    ended = packshot("run", "photos", "-q", "--out", output_folder(tmp_path / "out", [record(0)]))
    assert ended.out.splitlines()[0].endswith(f" processed, {rate} images/s")


def test_all_well_is_0(packshot, ran, tmp_path: Path) -> None:
    ran(finished())
    ended = packshot("run", "photos", "-q", "--out", output_folder(tmp_path / "out", [record(0)]))
    assert (ended.code, ended.err) == (0, "")


def test_an_interrupted_run_says_how_to_go_on(packshot, ran, tmp_path: Path) -> None:
    ran(finished(interrupted=True))
    ended = packshot("run", "photos", "--out", output_folder(tmp_path / "out", [record(0)]))
    assert ended.code == 130
    assert " ".join(ended.out.split("\n\n")[1].split()) == "Ready 1 Not begun 1 Images 2"
    assert "Stopped after 2.0 s" in ended.out
    assert "The same command goes on from here." in ended.out


def test_json_is_one_object(packshot, ran, tmp_path: Path) -> None:
    ran(finished(row_errors=(BAD_LINE,)))
    out = output_folder(tmp_path / "out", [record(0), review_record(1), failed_record(2)])
    ended = packshot("run", "photos", "--json", "--quiet", "--out", out)
    answer = json.loads(ended.out)
    assert answer["outcomes"] == {"failed": 1, "review": 1, "rejected": 0, "unfinished": 0, "ready": 1}
    assert answer["failures"] == {"image_truncated": 1}
    assert answer["review_reasons"] == {"low_score": 1}
    assert answer["row_errors"][0]["line"] == 7
    assert answer["report"] == str(out / "report.html")
    assert (answer["processed"], answer["reused"], answer["interrupted"]) == (4, 3, False)


def test_dry_run_writes_nothing(packshot, ran, tmp_path: Path) -> None:
    ran(finished(dry_run=True, row_errors=(BAD_LINE,) * 30))
    ended = packshot("run", "photos", "--dry-run", "--out", tmp_path / "out")
    assert ended.code == 1
    assert "Would process 4 photos with the preset studio (2000 x 2000 px)" in ended.out
    assert "line 7  image_url  The column image_url is empty. (row_value_missing)" in ended.out
    assert "and 10 more" in ended.out
    assert not (tmp_path / "out").exists()


def test_a_long_list_of_failures_is_cut(packshot, ran, tmp_path: Path) -> None:
    ran(finished())
    out = output_folder(tmp_path / "out", [failed_record(number) for number in range(55)])
    ended = packshot("run", "photos", "--out", out)
    assert ended.out.count("image_truncated") == 20
    assert f"and 35 more: see {out}/results.csv" in ended.out


@pytest.mark.parametrize("colour", ["white", "#12ab9F", "transparent", "keep"])
def test_backgrounds(packshot, ran, tmp_path: Path, colour: str) -> None:
    seen = ran(finished(dry_run=True))
    assert packshot("run", "p", "--out", tmp_path, "--background", colour).code == 0
    assert seen[0].background == colour


@pytest.mark.parametrize("colour", ["blue", "#12", "#12345g", "white "])
def test_other_backgrounds_are_refused(packshot, ran, tmp_path: Path, colour: str) -> None:
    seen = ran(finished())
    assert packshot("run", "p", "--out", tmp_path, "--background", colour).code == 2
    assert not seen


def test_status_of_a_folder(packshot, tmp_path: Path) -> None:
    out = output_folder(tmp_path / "out", [record(0), review_record(1)])
    ended = packshot("status", out)
    assert ended.code == 0
    assert ended.out.startswith(
        "Batch bbbbbbbbbbbbbbbb of photos/autumn.csv, completed, begun 21 November 2026"
    )
    assert f"Next: packshot review {out} list" in ended.out
    spaced = output_folder(tmp_path / "my shop", [review_record(1)])
    assert f"Next: packshot review '{spaced}' list" in packshot("status", spaced).out
    assert json.loads(packshot("status", out, "--json").out)["outcomes"]["review"] == 1


def test_status_of_nothing(packshot, tmp_path: Path) -> None:
    ended = packshot("status", tmp_path)
    assert ended.code == 2
    assert "(directory_unknown)" in ended.err
