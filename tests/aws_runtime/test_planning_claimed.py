"""Batches that the HTTP API has claimed: planned from their judged rows, by their own execution alone."""

from __future__ import annotations

import io
from typing import Any

import pytest

from packshot.contracts.base import Status
from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import BatchSettings
from packshot.contracts.work_keys import asked_key, batch_of_asked
from packshot.errors import PermanentError
from packshot.manifests.prepared import write_rows
from packshot.presets import load_preset
from tests import samples
from tests.aws_runtime.conftest import STARTED, UPLOADS, WORK, Stack

Json = dict[str, Any]
BATCH = "batch-of-the-api"
ARN = "arn:aws:states:eu-central-1:123456789012:execution:packshot-dev-batch:batch-of-the-api"


def claim(stack: Stack, *rows: ManifestRow | RowError, **settings: Any) -> Json:
    """The event of its execution."""
    file = io.BytesIO()
    write_rows(file, {}, rows, "")
    stack.s3.put_object(Bucket=WORK, Key=asked_key(BATCH), Body=file.getvalue())
    stack.table.claim_batch(
        BatchRecord(
            batch_id=BATCH,
            status=Status.PENDING,
            manifest=f"s3://{UPLOADS}/incoming/fld-1/spring",
            base=f"s3://{UPLOADS}/incoming/fld-1/spring",
            settings=BatchSettings(preset=load_preset("ebay"), as_of=samples.NOW.date(), **settings),
            total=len(rows),
            created_at=samples.NOW,
            execution=ARN,
        )
    )
    return {
        "bucket": WORK,
        "key": asked_key(BATCH),
        "version_id": "",
        "started_at": STARTED,
        "execution": ARN,
    }


def row(number: int, source: str) -> ManifestRow:
    return ManifestRow(line=number, product_group_id="g", sku_id=f"s{number}", image_url=source)


def test_its_lists_are_written_under_its_own_settings(stack: Stack) -> None:
    bad = RowError(line=9, column="sku_id", code="row_value_missing", message="The column sku_id is empty.")
    planned = stack.call(
        "plan", claim(stack, row(1, "mugs/a.jpg"), row(2, "../../out.jpg"), bad, reference="mugs/a.jpg")
    )
    assert (planned["outcome"], planned["batch_id"]) == ("planned", BATCH)
    assert (planned["images"], planned["references"]) == (1, 1)
    (item,) = stack.items(planned["items_key"])
    assert item["task"]["source"] == f"s3://{UPLOADS}/incoming/fld-1/spring/mugs/a.jpg"
    batch = stack.table.get_batch(BATCH)
    assert batch is not None
    assert (batch.status, batch.settings.preset.name, batch.created_at) == (
        Status.PROCESSING,
        "ebay",
        samples.NOW,
    )
    codes = {one.error.code for one in stack.table.images(BATCH).items if one.error}
    assert codes == {"source_outside_root", "row_value_missing"}


def test_another_execution_has_no_say(stack: Stack) -> None:
    event = claim(stack, row(1, "a.jpg"))
    assert stack.call("plan", event | {"execution": "arn:of:another"})["outcome"] == "known"
    batch = stack.table.get_batch(BATCH)
    assert batch is not None
    assert batch.status is Status.PENDING


def test_a_batch_that_nobody_has_claimed_is_none(stack: Stack) -> None:
    event = {"bucket": WORK, "key": asked_key("batch-none"), "version_id": "", "started_at": STARTED}
    with pytest.raises(PermanentError, match="batch_unknown"):
        stack.call("plan", event)


@pytest.mark.parametrize(
    ("rows", "settings", "code"),
    [
        ([row(1, "a.jpg")], {"model": "none-such"}, "model_unknown"),
        ([row(1, "../a.jpg")], {}, "manifest_rows_invalid"),
        ([], {}, "manifest_empty"),
    ],
)
def test_what_can_not_be_planned_closes_the_batch(stack: Stack, rows: Any, settings: Json, code: str) -> None:
    with pytest.raises(PermanentError, match=code):
        stack.call("plan", claim(stack, *rows, **settings))
    batch = stack.table.get_batch(BATCH)
    assert batch is not None
    assert batch.error is not None
    assert (batch.status, batch.error.code) == (Status.FAILED, code)


def test_an_execution_that_was_stopped_closes_it(stack: Stack) -> None:
    event = claim(stack, row(1, "a.jpg"))
    asked = f'{{"bucket": "{WORK}", "key": "{event["key"]}", "version_id": ""}}'
    detail = {"status": "TIMED_OUT", "input": asked, "executionArn": ARN}
    assert stack.call("close", {"detail": detail})["status"] == "failed"
    batch = stack.table.get_batch(BATCH)
    assert batch is not None
    assert batch.error is not None
    assert batch.error.code == "batch_stopped"


def test_keys_of_rows_that_were_judged() -> None:
    assert batch_of_asked(asked_key("batch-1")) == "batch-1"
    for key in (
        "batches/batch-1/items.json",
        "batches/asked.jsonl",
        "batches/a/b/asked.jsonl",
        "manifests/asked.jsonl",
    ):
        assert batch_of_asked(key) is None
