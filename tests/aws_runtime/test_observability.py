"""What a batch leaves in logs and metrics: a line for each image, and no id as a dimension."""

from __future__ import annotations

import logging
import re

import pytest

from packshot.workflow import STAGE_NAMES
from tests.aws_runtime import emf
from tests.aws_runtime.conftest import UPLOADS, Stack
from tests.aws_runtime.test_handlers import MANIFEST, photo, run_child

ID = re.compile(r"(batch|img|ref|evt)-[0-9a-f]{8,}")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "packshot")
    return caplog


def planned(stack: Stack) -> tuple[str, list[emf.Json]]:
    """A batch of two images, of which one has no photo, and of a line that can't be used."""
    stack.s3.put_object(Bucket=UPLOADS, Key="manifests/photos/mug 1.jpg", Body=photo())
    told = stack.call("plan", stack.upload("manifests/a.csv", MANIFEST))
    return told["batch_id"], stack.items(told["items_key"])


def measured(log: pytest.LogCaptureFixture) -> dict[tuple[str, ...], list[float]]:
    found = emf.metrics(emf.lines(log.records))
    for _, deployment, *rest in found:
        assert deployment == "packshot-dev"
        assert not any(ID.search(one) for one in rest)
    return {(name, *rest): values for (name, _, *rest), values in found.items()}


def total(found: dict[tuple[str, ...], list[float]], name: str) -> dict[str, float]:
    return {key[-1]: sum(values) for key, values in found.items() if key[0] == name}


def test_a_staged_batch(stack: Stack, log: pytest.LogCaptureFixture) -> None:
    batch_id, items = planned(stack)
    outcomes = [run_child(stack, item) for item in items]
    found = measured(log)
    assert set(total(found, "Duration")) == {"plan", *STAGE_NAMES, "record"}
    images = total(found, "Images")
    assert images.pop("failed") == 2
    assert sum(images.values()) == 1
    assert total(found, "Failures") == {"row_value_missing": 1, "source_missing": 1}
    assert total(found, "Batches") == {"accepted": 1, "started": 1}
    record = stack.table.get_image(batch_id, outcomes[0]["image_id"])
    assert record is not None
    assert found["SourceBytes",] == [len(photo())]
    main = next(one for one in record.renditions if one.name == "main")
    assert found["BytesSaved",] == [len(photo()) - main.bytes]
    assert found["Files",] == [len(record.renditions)]
    # Each line of a stage or a record is found by its image.
    lines = [one for one in emf.lines(log.records) if one["function"] in (*STAGE_NAMES, "record")]
    assert {one["batch_id"] for one in lines} == {batch_id}
    assert {one["image_id"] for one in lines} == {one["image_id"] for one in outcomes}
    failed = [one for one in lines if one["message"] == "failed"]
    assert [(one["function"], one["error_code"]) for one in failed] == [("detect", "source_missing")]


def test_a_fused_call(stack: Stack, log: pytest.LogCaptureFixture) -> None:
    batch_id, items = planned(stack)
    log.clear()
    outcomes = stack.call("fused", {"tasks": [item["task"] for item in items]})["images"]
    found = measured(log)
    # The stages tell their own times, beside that of the whole call.
    assert set(total(found, "Duration")) == {*STAGE_NAMES, "fused"}
    assert sum(total(found, "Images").values()) == 2
    assert total(found, "Failures") == {"source_missing": 1}
    lines = emf.lines(log.records)
    assert [one["image_id"] for one in lines if one["message"] == "image"] == [
        one["image_id"] for one in outcomes
    ]
    assert {one["batch_id"] for one in lines} == {batch_id}
    (done,) = (one for one in lines if one["message"] == "done")
    assert done["step"] == "fused"
    # Ten images are a dozen lines, not a hundred.
    assert len(lines) <= 2 + len({*STAGE_NAMES, "fused"}) + 1
