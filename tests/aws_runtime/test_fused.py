"""The fused function: images that are finished stay finished, whatever becomes of the call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.fetch_s3 import S3Reader
from packshot.aws_runtime import fused
from packshot.aws_runtime.fused import work_on_images
from packshot.contracts.environment import FusedEnvironment
from packshot.contracts.task import ImageTask
from packshot.errors import InternalError, SourceUnavailableError
from packshot.workflow import ALONE, FETCH_S, FUSED_RESERVE_S, STAGES
from tests import samples, worlds
from tests.aws import TABLE
from tests.aws_runtime.conftest import BUS, CATALOGUE, UPLOADS, WORK, Stack

Json = dict[str, Any]
ENVIRONMENT = FusedEnvironment(
    work_bucket=WORK, catalogue_bucket=CATALOGUE, table=TABLE, bus=BUS, upload_bucket=UPLOADS
)
MANIFEST = b"product_group_id,sku_id,image_url\nmugs,MUG-1,a.jpg\nmugs,MUG-2,b.jpg\n"


class Clock:
    """Lambda's context, in which each image takes a minute."""

    def __init__(self, seconds: int) -> None:
        self.left = seconds

    def get_remaining_time_in_millis(self) -> int:
        self.left -= 60
        return (self.left + 60) * 1000


@pytest.fixture
def tasks(stack: Stack) -> list[Json]:
    """Of two images whose photos are not there."""
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    stack.said()
    return [item["task"] for item in stack.items(planned["items_key"])]


def status(stack: Stack, task: Json) -> str | None:
    record = stack.table.get_image(task["batch_id"], task["image_id"])
    return record.error.code if record is not None and record.error is not None else None


def test_a_call_that_runs_short_of_time_leaves_the_rest_to_others(stack: Stack, tasks: list[Json]) -> None:
    with pytest.raises(InternalError) as ended:
        work_on_images({"tasks": tasks}, ENVIRONMENT, Clock(60 + FUSED_RESERVE_S - 1))
    assert ended.value.code == "stage_timeout"
    assert [status(stack, task) for task in tasks] == ["source_missing", None]
    assert stack.said() == ["Image Failed"]
    # Each alone, as the state machine then calls it.
    for task in tasks:
        work_on_images({"tasks": [task]}, ENVIRONMENT, Clock(140))
    assert [status(stack, task) for task in tasks] == ["source_missing", "source_missing"]


def test_an_image_that_ended_its_call_is_recorded_as_failed(stack: Stack, tasks: list[Json]) -> None:
    error = {"Error": "Runtime.ExitError", "Cause": json.dumps({"errorMessage": "signal: killed"})}
    answer = work_on_images({"tasks": tasks[:1], "error": error}, ENVIRONMENT, Clock(140))
    assert [one["error_code"] for one in answer["images"]] == ["out_of_memory"]
    assert stack.said() == ["Image Failed"]


def test_an_image_that_was_finished_before_its_call_was_lost_stays_as_it_is(
    stack: Stack, tasks: list[Json]
) -> None:
    work_on_images({"tasks": tasks[:1]}, ENVIRONMENT, Clock(140))
    error = {"Error": "Sandbox.Timedout", "Cause": ""}
    answer = work_on_images({"tasks": tasks[:1], "error": error}, ENVIRONMENT, Clock(140))
    assert [one["error_code"] for one in answer["images"]] == ["source_missing"]
    assert status(stack, tasks[0]) == "source_missing"


def test_a_call_that_was_lost_before_it_marked_what_it_replaces_is_mended(
    stack: Stack, tasks: list[Json]
) -> None:
    world = worlds.World(stack.table, S3ObjectStore(stack.s3, CATALOGUE))
    first = worlds.keep(world, ImageTask.model_validate(tasks[0]))
    # The next revision's record is the last thing that the call has written.
    changes = {"revision": 1, "version": 0, "updated_at": samples.later(60)}
    assert stack.table.put_image(first.model_copy(update=changes), None)
    work_on_images({"tasks": [{**tasks[0], "revision": 1}]}, ENVIRONMENT, Clock(140))
    assert [one.revision for one in stack.table.by_sku(first.sku_id).items] == [1]
    assert stack.said() == ["Image Processed"]


@pytest.mark.parametrize("alone", [True, False])
def test_a_photo_that_does_not_come_is_told_while_its_call_is_waited_for(
    stack: Stack, tasks: list[Json], monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    spent = 0.0

    def never(_: object, source: str) -> object:
        nonlocal spent
        spent += FETCH_S
        raise SourceUnavailableError("source_timeout", source=source, limit_s=FETCH_S)

    monkeypatch.setattr(S3Reader, "fetch", never)
    monkeypatch.setattr(fused, "monotonic", lambda: spent)
    monkeypatch.setattr(fused, "wait", lambda _: True)
    told = {"timeout_s": ALONE.timeout_s} if alone else {}
    work_on_images({"tasks": tasks[:1], **told}, ENVIRONMENT, Clock(600))
    assert status(stack, tasks[0]) == "source_timeout"
    assert spent < ALONE.timeout_s if alone else spent == FETCH_S * STAGES[0].attempts
