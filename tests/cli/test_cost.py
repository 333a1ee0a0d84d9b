from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest


def test_all_three_executions_side_by_side(packshot) -> None:
    ended = packshot("cost", "--images", 50_000)
    assert ended.code == 0, ended.err
    head, *_ = ended.out.splitlines()
    assert head == (
        "50,000 images of 12 megapixels on arm64, us-east-1; for each: jpeg 2000, webp 1000, jpeg 300"
    )
    columns = next(line for line in ended.out.splitlines() if line.startswith("USD")).split()
    assert columns == ["USD", "staged", "fused", "fused-by-ten"]
    for word in ("Lambda", "S3", "Together", "per 1,000 images", "+ logs", "Assumed:", "AWS Lambda Pricing"):
        assert word in ended.out


def test_one_execution_line_by_line(packshot) -> None:
    ended = packshot("cost", "--images", 1000, "--execution", "staged", "--architecture", "x86_64")
    assert "lambda.gb_second.x86_64" in ended.out
    assert [line.split()[0] for line in ended.out.splitlines() if line.endswith(" ms")][:2] == [
        "detect",
        "align",
    ]


def test_json_adds_up(packshot) -> None:
    facts = json.loads(packshot("cost", "--images", 50_000, "--json").out)
    assert set(facts["bills"]) == {"staged", "fused", "fused-by-ten"}
    for bill in facts["bills"].values():
        assert bill["usd"] == pytest.approx(sum(line["usd"] for line in bill["lines"]), abs=1e-3)
        assert bill["usd_per_1000"] == pytest.approx(bill["usd"] / 50, abs=1e-4)
    assert len(facts["assumptions"]) >= 7
    by_execution = {name: bill["usd"] for name, bill in facts["bills"].items()}
    assert by_execution["fused-by-ten"] < by_execution["fused"] < by_execution["staged"]


def usd(packshot, *words: object) -> float:
    facts = json.loads(packshot("cost", "--images", 1000, "--execution", "staged", "--json", *words).out)
    value: float = facts["bills"]["staged"]["usd"]
    return value


def test_more_work_costs_more(packshot) -> None:
    usual = usd(packshot)
    assert usd(packshot, "--preset", "studio") > usual
    assert usd(packshot, "--megapixels", 48) > usual
    assert usd(packshot, "--renditions", "jpeg:2000") < usual
    assert usd(packshot, "--renditions", "jpeg:1000") < usd(packshot, "--renditions", "jpeg:2000")
    assert usd(packshot, "--architecture", "x86_64") > usual


def test_measurements_of_ones_own(packshot, tmp_path: Path) -> None:
    text = resources.files("packshot.costs").joinpath("measured.json").read_text("utf-8")
    slower = json.loads(text)
    slower["functions"]["detect"]["cpu_ms"]["fixed"] = 10_000.0
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(slower))
    assert usd(packshot, "--durations", file) > 1.5 * usd(packshot)
    ended = packshot("cost", "--durations", tmp_path / "none.json")
    assert (ended.code, "(measurements_invalid)" in ended.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("--images", "0"),
        ("--preset", "studio", "--renditions", "jpeg:100"),
        ("--renditions", "gif:100"),
        ("--renditions", "jpeg"),
        ("--renditions", "jpeg:many"),
        ("--preset", "nonsense"),
        ("--megapixels", "100"),
    ],
)
def test_wrong_words(packshot, words: tuple[str, ...]) -> None:
    assert packshot("cost", *words).code == 2
