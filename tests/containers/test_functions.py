"""Every function in its container, as deployed: real photos in, a catalogue out."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packshot.contracts.base import Status
from packshot.workflow import STAGE_NAMES
from tests.containers.conftest import Built
from tests.containers.engine import Engine
from tests.containers.function import ContainerFunction, FunctionError
from tests.containers.stack import Cloud

Json = dict[str, Any]
Functions = dict[str, ContainerFunction]

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT / "examples" / "photos" / "pantry"
MANIFEST = b"""product_group_id,sku_id,image_url,image_type,reference
pantry,SAUCE,sauce.jpg,primary,sauce.jpg
pantry,SAUCE,sauce at an angle.jpg,side,sauce.jpg
pantry,WATER,empty.jpg,primary,
"""
FILES = {
    "sauce.jpg": PHOTOS / "SAUCE-TOMATO-400" / "primary.jpg",
    "sauce at an angle.jpg": PHOTOS / "SAUCE-TOMATO-400" / "angle.jpg",
    "empty.jpg": PHOTOS / "WATER-LIME-330" / "back.jpg",
}


@pytest.fixture(scope="module")
def planned(warm: Functions, cloud: Cloud) -> Json:
    for name, file in FILES.items():
        cloud.upload(f"manifests/spring/{name}", file.read_bytes())
    return warm["plan"].call(cloud.upload("manifests/spring/pantry.csv", MANIFEST))


@pytest.fixture(scope="module")
def tasks(planned: Json, cloud: Cloud) -> list[Json]:
    return [one["task"] for one in listed(cloud, planned["items_key"])]


@pytest.fixture(scope="module")
def staged(warm: Functions, cloud: Cloud, planned: Json, tasks: list[Json]) -> list[Json]:
    """What `record` said of each image, after the stages in their order."""
    for item in listed(cloud, planned["references_key"]):
        assert warm["reference"].call(item)["fingerprint"]
    return [run_child(warm, {"task": task}) for task in tasks]


def listed(cloud: Cloud, key: str) -> list[Json]:
    data = cloud.client("s3").get_object(Bucket=cloud.bucket("Work"), Key=key)["Body"].read()
    found: list[Json] = json.loads(data)
    return found


def run_child(functions: Functions, state: Json) -> Json:
    """As the state machine's child does it."""
    for name in STAGE_NAMES:
        try:
            state[name] = functions[name].call(state)
        except FunctionError as error:
            state["error"] = error.caught
            break
    return functions["record"].call(state)


def test_a_manifest_becomes_a_batch(planned: Json, tasks: list[Json]) -> None:
    assert (planned["outcome"], planned["images"], planned["references"]) == ("planned", 3, 1)
    assert len(tasks) == 3


def test_real_photos_go_through_every_stage(staged: list[Json], cloud: Cloud, planned: Json) -> None:
    assert [one["status"] for one in staged] == ["completed", "completed", "failed"]
    assert staged[2]["error_code"] == "no_product_found"
    for one in staged[:2]:
        record = cloud.table.get_image(planned["batch_id"], one["image_id"])
        assert record is not None
        assert set(record.timings_ms) == set(STAGE_NAMES)
        assert "reference_unusable" not in record.review_reasons
        for file in record.renditions:
            assert hashlib.sha256(cloud.contents()[file.path]).hexdigest() == file.sha256
        assert record.alignment is not None


def test_the_catalogue_is_that_of_a_run_on_one_machine(
    staged: list[Json], cloud: Cloud, tmp_path: Path
) -> None:
    assert staged
    for name, file in FILES.items():
        shutil.copy(file, tmp_path / name)
    (tmp_path / "pantry.csv").write_bytes(MANIFEST)
    words = [sys.executable, "-m", "packshot.cli.main", "run", "pantry.csv", "--out", "out"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 1, done.stderr  # one photo shows nothing
    out = tmp_path / "out"
    local = {
        str(file.relative_to(out)): file.read_bytes()
        for folder in ("catalogue", "review")
        for file in (out / folder).rglob("*")
        if file.is_file()
    }
    assert local
    assert {name: digest(data) for name, data in cloud.contents().items() if name in local} == {
        name: digest(data) for name, data in local.items()
    }


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_fused_comes_to_the_same(
    warm: Functions, staged: list[Json], tasks: list[Json], cloud: Cloud
) -> None:
    before = cloud.contents()
    again = [{**task, "revision": 1} for task in tasks]
    answer = warm["fused"].call({"tasks": again})
    assert [one["status"] for one in answer["images"]] == [one["status"] for one in staged]
    assert [one["score"] for one in answer["images"]] == [one["score"] for one in staged]
    assert cloud.contents() == before


def test_summarise_and_close_end_batches(
    warm: Functions, staged: list[Json], planned: Json, cloud: Cloud
) -> None:
    assert staged
    cloud.said()
    batch_id = planned["batch_id"]
    for part in planned["parts"]:
        event = {"batch_id": batch_id, "items_key": planned["items_key"], "part": part}
        assert warm["summarise"].call(event)["swept"] == 0
    closed = warm["summarise"].call({"batch_id": batch_id, "parts": planned["parts"]})
    assert (closed["counts"]["completed"], closed["counts"]["failed"]) == (2, 1)
    assert "Batch Completed" in cloud.said()

    event = cloud.upload("manifests/spring/second.csv", MANIFEST)
    second = warm["plan"].call(event)
    asked = {name: event[name] for name in ("bucket", "key", "version_id")}
    started = dt.datetime.fromisoformat(event["started_at"]).timestamp()
    detail = {"status": "ABORTED", "input": json.dumps(asked), "startDate": round(started * 1000)}
    assert warm["close"].call({"detail": detail})["status"] == "failed"
    batch = cloud.table.get_batch(second["batch_id"])
    assert batch is not None
    assert batch.status is Status.FAILED
    assert "Batch Failed" in cloud.said()


def test_watch_counts_what_waits(warm: Functions, staged: list[Json], cloud: Cloud) -> None:
    assert staged
    told = warm["watch"].call({"detail-type": "Scheduled Event", "detail": {}})
    assert told["waiting"] == len(cloud.table.needs_review().items)


def test_each_function_stays_within_what_the_template_gives_it(
    warm: Functions,
    staged: list[Json],
    built: Built,
    engine: Engine,
    record_property: Callable[[str, str], None],
) -> None:
    assert staged
    rows = [f"{engine.described}; base {built.base or 'of the Dockerfile'}"]
    for name, function in warm.items():
        memory = function.peak_mb()
        figures, given = function.figures, function.deployed
        if not memory:
            continue
        assert memory < given.memory_mb
        rows.append(
            f"{name:<10} up after {figures.up_s:5.2f} s, first answer after {figures.first_answer_s:5.2f} s, "
            f"{memory:5.0f} of {given.memory_mb} MB"
        )
    # Some may have been ended by a test of their end; a new session starts them again.
    assert len(rows) == 1 + sum(function.running for function in warm.values()) > 1
    record_property("figures", "\n".join(rows))
