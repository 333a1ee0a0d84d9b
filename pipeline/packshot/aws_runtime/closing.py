"""The end of a batch: the sweep, the sums, and executions that ended badly."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from packshot.aws_runtime.batch import read_list
from packshot.aws_runtime.options import settings_of
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.upload import Upload
from packshot.batches.record import FINAL
from packshot.batches.summarise import all_images, fail, summarise, sweep
from packshot.contracts.base import Status
from packshot.contracts.environment import RecordEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import items_key
from packshot.errors import InternalError

Json = dict[str, Any]


def close_batch(event: Json, environment: RecordEnvironment) -> Json:
    """Ends the batch of {batch_id}: each image without a final record gets a failed one, then the sums.

    Returns:
        {batch_id, counts, swept}.
    """
    batch_id = str(event["batch_id"])
    ports = ports_of(environment)
    batch = ports.table.get_batch(batch_id)
    if batch is None:
        raise InternalError("internal_error", reason=f"there is no batch {batch_id} to sum up")
    now = dt.datetime.now(dt.UTC)
    # A redriven batch had been closed as failed.
    batch = batch.model_copy(update={"error": None})
    swept = sweep(
        _unfinished(batch_id, environment.work_bucket, ports),
        batch,
        table=ports.table,
        files=ports.files,
        publish=ports.publish,
        now=now,
    )
    closed = summarise(batch, ports.table, ports.publish, now)
    return {"batch_id": batch_id, "counts": closed.counts, "swept": swept}


def execution_ended(event: Json, environment: RecordEnvironment) -> Json:
    """Closes the batch of an execution that failed, was aborted or timed out.

    Args:
        event: Step Functions' status change, as EventBridge gives it.
        environment: of this function.

    Returns:
        {batch_id, status}; a batch that has said itself why it failed is left as it is.
    """
    detail = event["detail"]
    asked = json.loads(detail.get("input") or "{}")
    upload = Upload(asked["bucket"], asked["key"], asked.get("version_id"))
    ports = ports_of(environment)
    now = dt.datetime.now(dt.UTC)
    batch = ports.table.get_batch(upload.batch_id)
    if batch is None:
        batch = BatchRecord(
            batch_id=upload.batch_id,
            status=Status.PENDING,
            manifest=upload.address,
            base=upload.base,
            settings=settings_of(now.date()),
            total=0,
            created_at=_start_of(detail, now),
        )
    # An execution that only repeated another's batch has no say in it.
    if batch.status in FINAL or batch.created_at != _start_of(detail, batch.created_at):
        return {"batch_id": batch.batch_id, "status": batch.status.value}
    reason = f"the execution ended as {detail['status']} ({detail.get('error') or 'no error was told'})"
    error = InternalError("internal_error", reason=reason)
    failed = fail(batch, error, ports.table, ports.publish, now)
    return {"batch_id": failed.batch_id, "status": failed.status.value}


def _start_of(detail: Json, otherwise: dt.datetime) -> dt.datetime:
    started_ms = detail.get("startDate")
    return otherwise if started_ms is None else dt.datetime.fromtimestamp(started_ms / 1000, dt.UTC)


def _unfinished(batch_id: str, work_bucket: str, ports: Ports) -> Iterator[ImageTask]:
    """Planned images that have no final record, nor a later revision."""
    # Ids alone: a million of them are 100 MB, their records would be gigabytes.
    finished = {image.image_id for image in all_images(ports.table, batch_id) if image.status in FINAL}
    for item in read_list(work_bucket, items_key(batch_id)):
        for task in item.get("tasks") or (item["task"],):
            if task["image_id"] not in finished:
                yield ImageTask.model_validate(task)
