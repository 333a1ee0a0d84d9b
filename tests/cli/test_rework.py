from __future__ import annotations

from pathlib import Path

import pytest

from packshot.contracts.base import Mode
from packshot.contracts.task import Overrides
from packshot.local.request import RetryRequest, ReworkRequest, RunResult
from tests.cli.folders import output_folder
from tests.report.samples import batch, failed_record, record, review_record


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return output_folder(tmp_path / "out", [record(0), review_record(1), failed_record(2)])


@pytest.fixture
def asked(monkeypatch) -> list[object]:
    """Stands in for the engine and keeps what it was asked."""
    seen: list[object] = []

    def answer(request, progress=None) -> RunResult:
        seen.append(request)
        return RunResult(batch(3), (), 0, 1, 1.0, interrupted=False)

    monkeypatch.setattr("packshot.local.runner.retry", answer)
    monkeypatch.setattr("packshot.local.runner.rework", answer)
    return seen


def test_rework_passes_what_was_set_and_leaves_the_rest(packshot, out: Path, asked: list[object]) -> None:
    words = (
        "--mode none --background keep --box 10,20,300,400.5 --angle -7.5 --reference r.jpg --jobs 1 "
        "--target-size-kb 90 --model m"
    )
    assert packshot("rework", out, "soap-001", *words.split(), "-q").code == 1
    wanted = Overrides(
        mode=Mode.NONE,
        background="keep",
        target_size_kb=90,
        model="m",
        box=(10, 20, 300, 400.5),
        angle_deg=-7.5,
        reference="r.jpg",
    )
    assert asked == [ReworkRequest(out, (review_record(1).image_id,), wanted, 1, ())]


@pytest.mark.parametrize(("processed", "said"), [(0, True), (2, False)])
def test_a_retry_of_nothing_says_so(packshot, out: Path, monkeypatch, processed: int, said: bool) -> None:
    done = RunResult(batch(3), (), 0, processed, 1.0, interrupted=False)
    monkeypatch.setattr("packshot.local.runner.retry", lambda *_: done)
    assert ("nothing to try again" in packshot("retry", out, "-q").out) is said
    assert "try again" not in packshot("retry", out, "-q", "--json").out


def test_rework_without_a_reference(packshot, out: Path, asked: list[object]) -> None:
    packshot("rework", out, "soap-001", "--no-reference", "-q")
    assert asked[0].overrides == Overrides(reference="")


@pytest.mark.parametrize(
    "words",
    [
        "soap-001",
        "--mode none",
        "soap-001 --box 1,2,3",
        "soap-001 --box 1,2,0,4",
        "soap-001 --box nan,0,9,9",
        "soap-001 --box 0,0,inf,9",
        "soap-001 --angle 200",
        "soap-001 --angle nan",
        "soap-001 --reference r.jpg --no-reference",
        "soap-777 --mode none",
    ],
)
def test_wrong_use(packshot, out: Path, asked: list[object], words: str) -> None:
    assert packshot("rework", out, *words.split()).code == 2
    assert not asked


def test_retry_takes_all_failed_ones_or_those_named(packshot, out: Path, asked: list[object]) -> None:
    packshot("retry", out, "-q")
    packshot("retry", out, "soap-002", "--jobs", "2", "--allow-root", "/photos", "-q")
    named = RetryRequest(out, (failed_record(2).image_id,), 2, (Path("/photos"),))
    assert asked == [RetryRequest(out), named]
