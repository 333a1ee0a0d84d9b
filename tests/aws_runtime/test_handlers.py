"""Functions as Lambda calls them, on services in this process: a batch from its manifest to its sums."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from typing import Any

import cv2
import numpy as np
import pytest

from packshot.aws_runtime.staging import stage_context, with_reference
from packshot.batches.summarise import all_images
from packshot.contracts.base import Status
from packshot.contracts.environment import StageEnvironment
from packshot.contracts.task import ImageTask
from packshot.errors import PermanentError
from packshot.workflow import STAGE_NAMES
from tests.aws_runtime.conftest import CATALOGUE, UPLOADS, WORK, Stack, later
from tests.aws_runtime.endings import sum_up

Json = dict[str, Any]
MANIFEST = b"""product_group_id,sku_id,image_url
mugs,MUG-1,photos/mug 1.jpg
mugs,MUG-2,photos/gone.jpg
mugs,,x.jpg
"""


def photo() -> bytes:
    """A dark mug on a light ground."""
    picture = np.full((480, 640, 3), 225, np.uint8)
    cv2.rectangle(picture, (220, 120), (420, 380), (60, 40, 140), -1)
    cv2.ellipse(picture, (425, 250), (50, 70), 0, -90, 90, (60, 40, 140), 22)
    noise = np.random.default_rng(7).normal(0, 3, picture.shape)
    done, data = cv2.imencode(".jpg", np.clip(picture + noise, 0, 255).astype(np.uint8))
    assert done
    return data.tobytes()


def failing(error: PermanentError) -> Json:
    """What Step Functions' Catch makes of an error."""
    cause = {"errorType": type(error).__name__, "errorMessage": str(error)}
    return {"Error": type(error).__name__, "Cause": json.dumps(cause)}


def run_child(stack: Stack, item: Json) -> Json:
    state = dict(item)
    for name in STAGE_NAMES:
        try:
            state[name] = stack.call(name, state)
        except PermanentError as error:
            state["error"] = failing(error)
            break
    return stack.call("record", state)


def test_a_batch_goes_from_its_manifest_to_the_catalogue(stack: Stack) -> None:
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    event = stack.upload("manifests/Spring mugs+tea ü.csv", MANIFEST, mode="none")
    planned = stack.call("plan", event)
    assert (planned["outcome"], planned["images"], planned["references"]) == ("planned", 2, 0)
    assert stack.said() == ["Batch Accepted", "Batch Started", "Image Failed"]
    items = stack.items(planned["items_key"])
    assert [one["task"]["source"] for one in items] == [
        f"s3://{UPLOADS}/manifests/photos/mug 1.jpg",
        f"s3://{UPLOADS}/manifests/photos/gone.jpg",
    ]

    good, missing = (run_child(stack, item) for item in items)
    assert good["status"] == "completed"
    assert (missing["status"], missing["error_code"]) == ("failed", "source_missing")
    record = stack.table.get_image(planned["batch_id"], good["image_id"])
    assert record is not None
    delivered = {one["Key"] for one in stack.s3.list_objects_v2(Bucket=CATALOGUE)["Contents"]}
    assert delivered == {one.path for one in record.renditions}
    for one in record.renditions:
        head = stack.s3.head_object(Bucket=CATALOGUE, Key=one.path)
        assert (head["ContentType"], head["ContentLength"]) == (f"image/{one.format.value}", one.bytes)
    assert set(record.timings_ms) == set(STAGE_NAMES)

    closed = sum_up(stack, planned)
    assert (closed["counts"]["completed"], closed["counts"]["failed"], closed["swept"]) == (1, 2, 0)
    assert stack.said()[0] == "Batch Completed"


def test_uploaded_photos_are_not_copied_and_failed_ones_are_named_by_their_hash(stack: Stack) -> None:
    blank = cv2.imencode(".jpg", np.full((480, 640, 3), 225, np.uint8))[1].tobytes()
    for name, data in (("mug 1", photo()), ("gone", blank)):
        stack.s3.put_object(Bucket=UPLOADS, Key=f"manifests/photos/{name}.jpg", Body=data)
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    good, bad = (run_child(stack, item) for item in stack.items(planned["items_key"]))
    assert (good["status"], bad["error_code"]) == ("completed", "no_product_found")
    for one, data in ((good, photo()), (bad, blank)):
        record = stack.table.get_image(planned["batch_id"], one["image_id"])
        assert record is not None
        assert record.source_sha256 == hashlib.sha256(data).hexdigest()
    listed = [one["Key"] for one in stack.s3.list_objects_v2(Bucket=WORK)["Contents"]]
    assert [bad["image_id"] in key for key in listed if key.endswith("/source")] == [True]


def test_a_rendition_that_is_not_what_compress_has_written_is_not_delivered(stack: Stack) -> None:
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    state = stack.items(planned["items_key"])[0]
    for name in STAGE_NAMES:
        state[name] = stack.call(name, state)
    key, first, size = state["compress"]["kept"]["renditions/main.jpg"]
    state["compress"]["kept"]["renditions/main.jpg"] = [key, first + 1, size - 1]
    with pytest.raises(PermanentError, match="store_corrupt"):
        stack.call("record", state)
    assert contents(stack) == {}


def test_the_maps_get_the_room_that_the_account_has(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packshot.aws_runtime.lists.children_at_once", lambda asked: asked - 192)
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    assert planned["concurrency"] == 8


def test_a_second_delivery_of_the_event_does_nothing(stack: Stack) -> None:
    event = stack.upload("manifests/a.csv", MANIFEST)
    first = stack.call("plan", event)
    stack.said()
    # The same execution may try again; another one has nothing to do.
    assert stack.call("plan", event)["outcome"] == "planned"
    stack.said()
    assert stack.call("plan", {**event, "started_at": later(1)})["outcome"] == "known"
    assert stack.said() == []
    batch = stack.table.get_batch(first["batch_id"])
    assert batch is not None
    assert (batch.total, batch.rejected_rows, batch.status) == (3, 1, Status.PROCESSING)


def test_of_two_executions_that_start_in_one_millisecond_the_second_does_nothing(stack: Stack) -> None:
    event = {**stack.upload("manifests/a.csv", MANIFEST), "execution": "arn:first"}
    assert [stack.call("plan", event)["outcome"] for _ in range(2)] == ["planned", "planned"]
    stack.said()
    assert stack.call("plan", {**event, "execution": "arn:second"})["outcome"] == "known"
    assert stack.said() == []
    assert stack.table.batches().items[0].execution == "arn:first"


def test_a_batch_that_was_closed_before_it_was_planned_is_planned_as_it_was_asked(stack: Stack) -> None:
    event = {**stack.upload("manifests/a.csv", MANIFEST, mode="sharpen"), "execution": "arn:of:it"}
    stack.call("close", ended_event(event, "FAILED"))
    closed = stack.table.batches().items[0]
    assert (closed.status, closed.total, closed.settings.mode.value) == (Status.FAILED, 0, "auto")
    # The execution is redriven, and begins with plan, whose start stays the first one.
    assert stack.call("plan", event)["outcome"] == "planned"
    batch = stack.table.batches().items[0]
    assert (batch.status, batch.total, batch.error) == (Status.PROCESSING, 3, None)
    assert (batch.settings.mode.value, batch.rejected_rows, batch.execution) == ("sharpen", 1, "arn:of:it")


def test_images_that_never_reported_are_swept(stack: Stack) -> None:
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    closed = sum_up(stack, planned)
    assert (closed["swept"], closed["counts"]) == (2, {"failed": 3})
    assert sum_up(stack, planned)["swept"] == 0


@pytest.mark.parametrize(
    ("key", "data", "code"),
    [
        ("manifests/empty.csv", b"", "manifest_empty"),
        ("manifests/broken.json", b"{", "manifest_unreadable"),
        ("manifests/all-bad.csv", b"product_group_id,sku_id,image_url\na,,x.jpg\n", "manifest_rows_invalid"),
    ],
)
def test_a_manifest_that_is_of_no_use_fails_its_batch(stack: Stack, key: str, data: bytes, code: str) -> None:
    event = stack.upload(key, data)
    with pytest.raises(PermanentError) as refused:
        stack.call("plan", event)
    assert type(refused.value) is PermanentError
    assert json.loads(str(refused.value))["code"] == code
    assert stack.said() == ["Batch Failed"]
    (batch,) = stack.table.batches().items
    assert batch.status is Status.FAILED
    assert batch.error is not None
    assert batch.error.code == code
    ended = stack.call("close", ended_event(event, "FAILED"))
    assert ended == {"batch_id": batch.batch_id, "status": "failed"}
    assert stack.said() == []


def test_options_lie_beside_the_manifest_and_metadata_stands_above_them(stack: Stack) -> None:
    beside = {"preset": "amazon", "options": {"mode": "denoise", "target_size_kb": 300}}
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/a.options.json", Body=json.dumps(beside).encode())
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST, mode="sharpen"))
    batch = stack.table.get_batch(planned["batch_id"])
    assert batch is not None
    found = batch.settings
    assert (found.preset.name, found.mode.value, found.target_size_kb) == ("amazon", "sharpen", 300)
    ignored = stack.call("plan", stack.upload("manifests/a.options.json", b"{}"))
    assert ignored["outcome"] == "ignored"


def test_the_json_form_brings_its_own_options_and_rows(stack: Stack) -> None:
    images = [{"product_group_id": "mugs", "sku_id": "MUG-1", "image_url": "a.jpg"}]
    said = {"preset": "amazon", "reference": "best.jpg", "options": {"mode": "denoise"}, "images": images}
    planned = stack.call("plan", stack.upload("manifests/a.json", json.dumps(said).encode(), mode="sharpen"))
    batch = stack.table.get_batch(planned["batch_id"])
    assert batch is not None
    found = batch.settings
    assert (found.preset.name, found.reference, found.mode.value) == ("amazon", "best.jpg", "sharpen")
    assert (planned["images"], planned["references"]) == (1, 1)
    line = json.dumps(images[0]).encode() + b"\n"
    again = stack.call("plan", stack.upload("manifests/a.jsonl", line, preset="ebay"))
    batch = stack.table.get_batch(again["batch_id"])
    assert batch is not None
    assert (again["images"], batch.settings.preset.name) == (1, "ebay")


def test_bad_lines_are_recorded_each_and_counted_each(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    lines = b"".join(b"mugs,,%d.jpg\n" % number for number in range(60))
    with caplog.at_level(logging.INFO, "packshot"):
        planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST + lines))
    assert planned["images"] == 2
    records = [one for one in all_images(stack.table, planned["batch_id"]) if one.error]
    assert sorted(one.line for one in records) == [4, *range(5, 65)]
    assert {one.error.code for one in records if one.error} == {"row_value_missing"}
    assert stack.said().count("Image Failed") == 61
    counted = [vars(one)["Failures"] for one in caplog.records if "Failures" in vars(one)]
    assert sum(counted) == 61


def test_a_network_that_the_stack_does_not_have_fails_the_batch_as_a_whole(stack: Stack) -> None:
    with pytest.raises(PermanentError, match="model_unknown"):
        stack.call("plan", stack.upload("manifests/a.csv", MANIFEST, model="ours"))
    assert stack.said() == ["Batch Failed"]


def test_a_reference_that_fails_leaves_its_images_to_the_preset(stack: Stack) -> None:
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    event = stack.upload("manifests/a.csv", MANIFEST, reference="photos/gone.jpg")
    planned = stack.call("plan", event)
    (item,) = stack.items(planned["references_key"])
    with pytest.raises(PermanentError, match="source_missing"):
        stack.call("reference", item)
    done = run_child(stack, stack.items(planned["items_key"])[0])
    record = stack.table.get_image(planned["batch_id"], done["image_id"])
    assert record is not None
    assert "reference_unusable" in record.review_reasons


def test_a_reference_that_is_ready_is_aligned_to(stack: Stack) -> None:
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    event = stack.upload("manifests/a.csv", MANIFEST, reference="photos/mug 1.jpg")
    planned = stack.call("plan", event)
    (item,) = stack.items(planned["references_key"])
    assert stack.call("reference", item)["fingerprint"]
    done = run_child(stack, stack.items(planned["items_key"])[0])
    record = stack.table.get_image(planned["batch_id"], done["image_id"])
    assert record is not None
    assert "reference_unusable" not in record.review_reasons
    assert record.alignment is not None
    assert record.alignment.method == "reference"


def test_a_reference_that_is_made_anew_is_seen_by_functions_that_are_warm(stack: Stack) -> None:
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    reference = "manifests/photos/best.jpg"
    stack.s3.put_object(Bucket=UPLOADS, Key=reference, Body=photo())
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST, reference="photos/best.jpg"))
    (item,) = stack.items(planned["references_key"])
    task = stack.items(planned["items_key"])[0]["task"]
    facts = []
    for data in (
        photo(),
        cv2.imencode(".jpg", cv2.imdecode(np.frombuffer(photo(), np.uint8), 1)[:, ::-1])[1],
    ):
        stack.s3.put_object(Bucket=UPLOADS, Key=reference, Body=bytes(data))
        made = stack.call("reference", item)
        told, found = with_reference(ImageTask.model_validate(task), WORK)
        assert (told.reference_unusable, found) == (False, made["fingerprint"])
        environment = StageEnvironment(work_bucket=WORK)
        context = stage_context(environment, planned["batch_id"], found)
        assert context.reference(item["task"]["image_id"]) is context.reference(item["task"]["image_id"])
        facts.append(context.reference(item["task"]["image_id"]).get_bytes("facts.json"))
    assert facts[0] != facts[1]


def test_fused_delivers_what_staged_delivers(stack: Stack) -> None:
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    tasks = [item["task"] for item in stack.items(planned["items_key"])]
    staged = run_child(stack, {"task": tasks[0]})
    first = contents(stack)
    answer = stack.call("fused", {"tasks": [{**task, "revision": 1} for task in tasks]})
    assert [one["status"] for one in answer["images"]] == ["completed", "failed"]
    assert answer["images"][0]["score"] == staged["score"]
    assert contents(stack) == first
    stack.said()
    # Called again, nothing is made again; its events go out once more.
    assert stack.call("fused", {"tasks": [{**task, "revision": 1} for task in tasks]}) == answer
    assert len(stack.said()) == 2


@pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT"])
def test_an_execution_that_ends_badly_fails_its_batch(stack: Stack, status: str) -> None:
    event = stack.upload("manifests/a.csv", MANIFEST)
    stack.call("plan", event)
    stack.said()
    assert stack.call("close", ended_event(event, status))["status"] == "failed"
    assert stack.said() == ["Batch Failed"]
    # One that only repeated another's batch has no say in it.
    other = ended_event({**event, "started_at": later(5)}, status)
    stack.call("close", other)
    assert stack.said() == []


@pytest.mark.parametrize("asked", [None, "{}", "[]", '"manifest.csv"', '{"bucket": "b"}'])
def test_an_execution_that_was_started_by_hand_with_something_else_has_no_batch(
    stack: Stack, asked: str | None
) -> None:
    told = {} if asked is None else {"input": asked}
    assert stack.call("close", {"detail": {"status": "FAILED", **told}}) == {
        "batch_id": None,
        "status": "unknown",
    }
    assert stack.table.batches().items == ()
    assert stack.said() == []


def ended_event(event: Json, status: str) -> Json:

    started = dt.datetime.fromisoformat(event["started_at"])
    asked = {name: event[name] for name in ("bucket", "key", "version_id")}
    millis = round(started.timestamp() * 1000)
    return {"detail": {"status": status, "input": json.dumps(asked), "startDate": millis}}


def contents(stack: Stack) -> dict[str, bytes]:
    listed = stack.s3.list_objects_v2(Bucket=CATALOGUE).get("Contents", ())
    return {
        one["Key"]: stack.s3.get_object(Bucket=CATALOGUE, Key=one["Key"])["Body"].read() for one in listed
    }


def test_what_lies_between_is_in_the_work_bucket_alone(stack: Stack) -> None:
    planned = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    keys = [one["Key"] for one in stack.s3.list_objects_v2(Bucket=WORK)["Contents"]]
    assert all(key.startswith(f"batches/{planned['batch_id']}/") for key in keys)
