"""Batches that the HTTP API has claimed and whose rows it has judged: only their lists are left to write."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from packshot.aws_runtime.lists import answer, begin, count, write_lists
from packshot.aws_runtime.models import check_model
from packshot.aws_runtime.ports import ports_of
from packshot.batches.plan import BadRow, plan
from packshot.batches.summarise import fail
from packshot.contracts.environment import PlanEnvironment
from packshot.contracts.task import ImageTask
from packshot.contracts.work_keys import batch_of_asked
from packshot.errors import PermanentError, RequestError
from packshot.manifests.locate import Base
from packshot.manifests.prepared import read_prepared

Json = dict[str, Any]


def plan_claimed(event: Json, environment: PlanEnvironment) -> Json:
    """Plans the rows at {bucket, key, execution}, which stand beside the batch's record in the table.

    The record names the execution that may; of any other the outcome is `known`.

    Returns:
        As `packshot.aws_runtime.planning.plan_batch`.

    Raises:
        RequestError: batch_unknown.
        ManifestError, ModelError: the batch is closed as failed before they leave.
    """
    ports = ports_of(environment)
    batch_id = str(batch_of_asked(event["key"]))
    batch = ports.table.get_batch(batch_id)
    if batch is None:
        raise RequestError("batch_unknown", batch_id=batch_id)
    if batch.execution != event.get("execution"):
        return answer("known", batch_id)
    settings = batch.settings
    try:
        check_model(settings.model)
        prepared = read_prepared(io.BytesIO(ports.work.get(event["key"])), Base(batch.base))

        def rows() -> Iterator[ImageTask | BadRow]:
            return plan(prepared.rows_for(settings.preset), batch_id, settings, prepared.resolve)

        planned = write_lists(
            batch_id,
            settings,
            count(rows(), settings),
            rows,
            prepared.resolve,
            environment=environment,
            ports=ports,
        )
    except PermanentError as error:
        fail(batch, error, ports.table, ports.publish, dt.datetime.now(dt.UTC))
        raise
    return begin(batch, batch, planned, ports)
