"""The command line over the deployed stack: photos handed over become what `packshot run` makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packshot.adapters.aws.clients import client
from packshot.cli.main import main
from packshot.contracts.work_keys import report_key
from packshot.local.request import RunRequest
from packshot.local.runner import run
from packshot.stack import follow
from packshot.stack.deployed import Stack
from tests.aws import REGION
from tests.deployed.deployment import NAME
from tests.deployed.photos import mug
from tests.deployed.stack import DeployedStack, Upload
from tests.local.catalogues import pictures

#: Fields of a result that say when and under which batch it was made, not what was made.
_OF_THE_RUN = ("batch_id", "timings_ms", "updated_at")
Json = dict[str, Any]
Command = Callable[..., tuple[int, Json]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command over the stack: its exit code, and its JSON."""
    client.cache_clear()
    monkeypatch.setattr(follow, "_EVERY_S", 0.1)
    monkeypatch.setattr(follow, "map_runs", _map_runs)

    def call(*words: object) -> tuple[int, Json]:
        code = main([*map(str, words), "--stack", NAME, "--region", REGION, "--json"])
        said = capsys.readouterr()
        assert said.out, said.err
        return code, json.loads(said.out)

    return call


def _map_runs(stack: Stack, execution: str, real: Any = follow.map_runs) -> dict[str, dict[str, int]]:
    try:
        found: dict[str, dict[str, int]] = real(stack, execution)
    except AttributeError:
        # moto has no answer in an execution's first milliseconds; Step Functions says that there are none.
        return {}
    return found


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Photos in a folder with names as people give them, one elsewhere, one that is not there yet."""
    folder = tmp_path / "shelf"
    (folder / "mugs ü").mkdir(parents=True)
    for number in range(2):
        (folder / "mugs ü" / f"mug {number}+a.jpg").write_bytes(mug(number))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mug.jpg").write_bytes(mug(2))
    lines = ["Artikel;Foto", "M-0;mugs ü/mug 0+a.jpg", "M-1;mugs ü/mug 1+a.jpg", "M-2;../elsewhere/mug.jpg"]
    (folder / "list.csv").write_text(
        "\n".join([*lines, "M-3;late.jpg", ";mugs ü/mug 0+a.jpg"]) + "\n", "utf-8"
    )
    return folder / "list.csv"


def started(stack: DeployedStack, address: str) -> None:
    """The execution that the event of an uploaded manifest starts, run to its end."""
    key = address.removeprefix(f"s3://{stack.uploads}/")
    head = stack.s3.head_object(Bucket=stack.uploads, Key=key)
    (execution,) = stack.started(Upload(key, head["VersionId"], head["ContentLength"]))
    assert execution.wait()["status"] == "SUCCEEDED"


def told(data: bytes) -> list[Json]:
    lines = [json.loads(line) for line in data.splitlines()]
    return [{name: line[name] for name in line if name not in _OF_THE_RUN} for line in lines]


def test_what_is_handed_over_comes_out_as_on_one_machine(
    stack: DeployedStack, command: Command, shelf: Path, tmp_path: Path
) -> None:
    columns = ("--sku-column", "Artikel", "--url-column", "Foto", "--preset", "google")
    words = (*columns, "--allow-root", tmp_path / "elsewhere")
    code, made = command("submit", shelf, *words)
    assert (code, made["photos_sent"], made["total"], made["rejected_rows"]) == (0, 3, 5, 1)
    assert [one["code"] for one in made["photos_refused"]] == ["source_missing"]
    started(stack, made["manifest"])
    code, stands = command("status", "--watch", "--batch", made["batch_id"])
    assert (code, stands["counts"]["completed"], stands["counts"]["failed"]) == (1, 3, 2)

    request = RunRequest(
        str(shelf),
        tmp_path / "out",
        preset="google",
        columns={"sku_id": "Artikel", "image_url": "Foto"},
        allow_roots=(tmp_path / "elsewhere",),
        jobs=1,
    )
    run(request)
    assert stack.pictures() == pictures(tmp_path / "out")
    key = report_key(made["batch_id"], "results.jsonl")
    theirs = stack.s3.get_object(Bucket=stack.catalogue, Key=key)["Body"].read()
    assert told(theirs) == told((tmp_path / "out" / "results.jsonl").read_bytes())

    # The photo has come; only its image runs again, in an execution of its own.
    (shelf.parent / "late.jpg").write_bytes(mug(3))
    again, _ = command("submit", shelf, *words, "--quiet")
    assert again == 0
    code, stands = command("retry", "--quiet", "--batch", made["batch_id"])
    assert (code, stands["processed"], stands["counts"]["completed"]) == (1, 1, 4)
    lines = told(stack.s3.get_object(Bucket=stack.catalogue, Key=key)["Body"].read())
    assert {line["sku_id"]: line["revision"] for line in lines if line["sku_id"]} == {
        "M-0": 0,
        "M-1": 0,
        "M-2": 0,
        "M-3": 1,
    }
