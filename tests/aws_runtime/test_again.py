"""Requests to run images of a batch once more, as plan and close see them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from packshot.contracts.again import AgainRequest
from packshot.contracts.task import Overrides
from packshot.contracts.work_keys import again_key, batch_of_again, items_key
from packshot.errors import PermanentError
from tests.aws_runtime.conftest import UPLOADS, WORK, Stack, later
from tests.aws_runtime.endings import sum_up

Json = dict[str, Any]
MANIFEST = b"product_group_id,sku_id,image_url\ng,s1,photos/1 a.jpg\ng,s2,photos/2.jpg\ng,,3.jpg\n"
ARN = "arn:aws:states:eu-central-1:1:execution:batch:"


@pytest.fixture
def batch(stack: Stack) -> str:
    """A batch whose two images were lost."""
    event = {**stack.upload("manifests/spring/a.csv", MANIFEST), "execution": ARN + "first"}
    planned = stack.call("plan", event)
    sum_up(stack, planned)
    stack.said()
    batch_id: str = planned["batch_id"]
    return batch_id


def ask(stack: Stack, batch_id: str, **asked: Any) -> Json:
    key = again_key(batch_id, "again-1")
    request = AgainRequest(batch_id=batch_id, **asked)
    stack.s3.put_object(Bucket=WORK, Key=key, Body=request.model_dump_json().encode())
    return {
        "bucket": WORK,
        "key": key,
        "version_id": "",
        "started_at": later(600),
        "execution": ARN + "again",
    }


def test_failed_images_are_planned_as_their_next_revisions(stack: Stack, batch: str) -> None:
    planned = stack.call("plan", ask(stack, batch))
    assert (planned["outcome"], planned["images"], planned["references"]) == ("planned", 2, 0)
    tasks = [item["task"] for item in stack.items(planned["items_key"])]
    assert [task["revision"] for task in tasks] == [1, 1]
    # Beside the manifest that was uploaded by hand, as in the first run.
    assert {task["source"] for task in tasks} == {
        f"s3://{UPLOADS}/manifests/spring/photos/1 a.jpg",
        f"s3://{UPLOADS}/manifests/spring/photos/2.jpg",
    }
    assert planned["items_key"] != items_key(batch)
    record = stack.table.get_batch(batch)
    assert record is not None
    assert (record.status, record.execution) == ("processing", ARN + "again")
    # Its images are lost again, and found by their revision.
    assert sum_up(stack, planned)["swept"] == 2
    assert {one.revision for one in stack.table.images(batch).items if one.source} == {1}
    assert sum_up(stack, planned)["swept"] == 0


def test_a_second_attempt_of_plan_comes_to_the_same(stack: Stack, batch: str) -> None:
    event = ask(stack, batch)
    first = stack.call("plan", event)
    items = stack.items(first["items_key"])
    assert stack.call("plan", event) == first
    assert stack.items(first["items_key"]) == items


def test_a_rework_brings_its_reference(stack: Stack, batch: str) -> None:
    image = next(one for one in stack.table.images(batch).items if one.sku_id == "s1")
    overrides = Overrides(angle_deg=4, reference="photos/best.jpg")
    planned = stack.call("plan", ask(stack, batch, image_ids=(image.image_id,), overrides=overrides))
    assert (planned["images"], planned["references"]) == (1, 1)
    (item,) = stack.items(planned["references_key"])
    assert item["task"]["source"] == f"s3://{UPLOADS}/manifests/spring/photos/best.jpg"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"image_ids": ("img-none",)}, "image_unknown"),
        ({"image_ids": ("img-none",), "overrides": Overrides(angle_deg=1)}, "image_unknown"),
    ],
)
def test_what_can_t_be_planned_leaves_the_batch_as_it_is(
    stack: Stack, batch: str, asked: Json, code: str
) -> None:
    before = stack.table.get_batch(batch)
    event = ask(stack, batch, **asked)
    with pytest.raises(PermanentError) as refused:
        stack.call("plan", event)
    assert json.loads(str(refused.value))["code"] == code
    # The execution failed, and the rule for bad ends calls close.
    assert stack.call("close", ended(event, "FAILED"))["status"] == "completed"
    assert stack.table.get_batch(batch) == before
    assert stack.said() == []


def test_a_batch_that_is_gone_can_t_be_planned_again(stack: Stack) -> None:
    event = ask(stack, "batch-gone")
    with pytest.raises(PermanentError, match="batch_unknown"):
        stack.call("plan", event)
    assert stack.call("close", ended(event, "FAILED")) == {"batch_id": "batch-gone", "status": "unknown"}


def test_a_second_run_that_ends_badly_fails_the_batch_and_the_first_one_no_more(
    stack: Stack, batch: str
) -> None:
    event = ask(stack, batch)
    stack.call("plan", event)
    stack.said()
    first = {"bucket": UPLOADS, "key": "manifests/spring/a.csv", "execution": ARN + "first"}
    versions = stack.s3.list_object_versions(Bucket=UPLOADS)["Versions"]
    first |= {"version_id": versions[0]["VersionId"], "started_at": later(0)}
    assert stack.call("close", ended(first, "ABORTED"))["status"] == "processing"
    assert stack.call("close", ended(event, "ABORTED"))["status"] == "failed"
    assert stack.said() == ["Batch Failed"]


def test_keys_of_requests_are_told_from_others() -> None:
    assert batch_of_again(again_key("batch-1", "again-1")) == "batch-1"
    for key in ("manifests/a.csv", "batches/b/again/r/items.json", "batches/b/again/request.json"):
        assert batch_of_again(key) is None


def ended(event: Json, status: str) -> Json:
    asked = {name: event[name] for name in ("bucket", "key", "version_id")}
    millis = round(dt.datetime.fromisoformat(event["started_at"]).timestamp() * 1000)
    detail = {"status": status, "input": json.dumps(asked), "startDate": millis}
    return {"detail": {**detail, "executionArn": event["execution"]}}
