"""Batches whose execution failed, was aborted or timed out, and so could not end them itself."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from packshot.aws_runtime.options import settings_of
from packshot.aws_runtime.ports import ports_of
from packshot.aws_runtime.upload import Upload
from packshot.batches.record import FINAL
from packshot.batches.summarise import fail
from packshot.contracts.base import Status
from packshot.contracts.environment import RecordEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.work_keys import batch_of_again, batch_of_asked
from packshot.errors import InternalError

Json = dict[str, Any]


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
    if not isinstance(asked, dict) or not {"bucket", "key"} <= asked.keys():
        # Started by hand with something else; there was never a batch of it.
        return {"batch_id": None, "status": "unknown"}
    ports = ports_of(environment)
    now = dt.datetime.now(dt.UTC)
    ours = asked["bucket"] == environment.work_bucket
    again = batch_of_again(asked["key"]) or batch_of_asked(asked["key"]) if ours else None
    upload = Upload(asked["bucket"], asked["key"], asked.get("version_id"))
    batch_id = again or upload.batch_id
    batch = ports.table.get_batch(batch_id)
    if batch is None:
        if again is not None:
            return {"batch_id": batch_id, "status": "unknown"}
        batch = _never_planned(upload, detail, now, environment.model)
    # An execution that only repeated another's batch has no say in it.
    elif batch.status in FINAL or not _is_worked_on_by(batch, detail):
        return {"batch_id": batch_id, "status": batch.status.value}
    reason = f"the execution ended as {detail['status']} ({detail.get('error') or 'no error was told'})"
    error, end = InternalError("batch_stopped", reason=reason), str(detail.get("stopDate", ""))
    failed = fail(batch, error, ports.table, ports.publish, now, end)
    return {"batch_id": batch_id, "status": failed.status.value}


def _never_planned(upload: Upload, detail: Json, now: dt.datetime, model: str) -> BatchRecord:
    return BatchRecord(
        batch_id=upload.batch_id,
        status=Status.PENDING,
        manifest=upload.address,
        base=upload.base,
        settings=settings_of(now.date(), model=model),
        total=0,
        created_at=_start_of(detail, now),
    )


def _is_worked_on_by(batch: BatchRecord, detail: Json) -> bool:
    told = detail.get("executionArn")
    if batch.execution is not None and told is not None:
        return bool(batch.execution == told)
    return batch.created_at == _start_of(detail, batch.created_at)


def _start_of(detail: Json, otherwise: dt.datetime) -> dt.datetime:
    started_ms = detail.get("startDate")
    return otherwise if started_ms is None else dt.datetime.fromtimestamp(started_ms / 1000, dt.UTC)
