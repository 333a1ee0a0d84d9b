"""From an uploaded manifest to a claimed batch, its settings and its lists of items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from packshot.aws_runtime.lists import answer, begin, count, write_lists
from packshot.aws_runtime.models import check_model
from packshot.aws_runtime.options import settings_of
from packshot.aws_runtime.planning_claimed import plan_claimed
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.replanning import plan_again
from packshot.aws_runtime.upload import Upload, open_upload
from packshot.batches.plan import BadRow, claim, plan
from packshot.batches.summarise import fail
from packshot.contracts.base import Status
from packshot.contracts.environment import PlanEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import batch_of_again, batch_of_asked
from packshot.errors import PermanentError

Json = dict[str, Any]


def plan_batch(event: Json, environment: PlanEnvironment) -> Json:
    """Claims the batch of {bucket, key, version_id, started_at, execution} and writes its lists.

    The batch names its execution and, as `created_at`, that one's start, so that a second attempt of this
    execution is told from a second delivery of the event: of the latter the outcome is `known`, and nothing
    is done.

    Returns:
        {outcome: planned, known or ignored, batch_id, images, references, items_key, references_key, parts,
        concurrency}.

    Raises:
        ManifestError, SettingsError: the batch is closed as failed before they leave.
    """
    if event["bucket"] == environment.work_bucket and batch_of_again(event["key"]) is not None:
        return plan_again(event, environment)
    if event["bucket"] == environment.work_bucket and batch_of_asked(event["key"]) is not None:
        return plan_claimed(event, environment)
    upload = Upload(event["bucket"], event["key"], event.get("version_id"))
    started_at = dt.datetime.fromisoformat(event["started_at"])
    ports = ports_of(environment)
    if not upload.is_manifest:
        return answer("ignored", upload.batch_id)
    known = ports.table.get_batch(upload.batch_id)
    batch = BatchRecord(
        batch_id=upload.batch_id,
        status=Status.PENDING,
        manifest=upload.address,
        base=upload.base,
        settings=settings_of(started_at.date(), model=environment.model),
        total=0,
        created_at=started_at,
        execution=event.get("execution"),
    )
    if known is not None and _is_of_another(known, batch):
        return answer("known", upload.batch_id)
    try:
        return _planned(batch, upload, environment, ports)
    except PermanentError as error:
        fail(ports.table.get_batch(batch.batch_id) or batch, error, ports.table, ports.publish, _now())
        raise


def _planned(batch: BatchRecord, upload: Upload, environment: PlanEnvironment, ports: Ports) -> Json:
    opened = open_upload(upload)
    settings = settings_of(batch.settings.as_of, *opened.said, model=environment.model)
    check_model(settings.model)

    def rows() -> Iterator[ImageTask | BadRow]:
        found = opened.manifest.rows_for(settings.preset)
        return plan(found, batch.batch_id, settings, opened.manifest.resolve)

    counts = count(rows(), settings)
    asked = batch.model_copy(
        update={"settings": settings, "total": counts.total, "rejected_rows": counts.bad}
    )
    claimed = claim(asked, ports.table, ports.publish)
    if _is_of_another(claimed, batch):
        return answer("known", upload.batch_id)
    planned = write_lists(
        batch.batch_id,
        settings,
        counts,
        rows,
        opened.manifest.resolve,
        environment=environment,
        ports=ports,
    )
    # Not what was claimed: an execution that is redriven may have been closed before it had read a row.
    return begin(claimed, asked, planned, ports)


def _is_of_another(known: BatchRecord, batch: BatchRecord) -> bool:
    """True of a batch that another execution has claimed; two may start in one millisecond."""
    # One that was closed before it was planned names no execution.
    named = None not in (known.execution, batch.execution)
    return known.created_at != batch.created_at or (named and known.execution != batch.execution)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
