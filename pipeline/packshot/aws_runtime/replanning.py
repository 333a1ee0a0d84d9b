"""Images of a batch once more: a request in the work bucket becomes lists, as a manifest does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from packshot.aws_runtime.batch import items_of, put_list, put_settings, reference_items, task_json
from packshot.aws_runtime.parts import parts_of
from packshot.aws_runtime.places import children_at_once
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.batches import again
from packshot.batches.plan import effective_reference, start
from packshot.contracts.again import AgainRequest
from packshot.contracts.environment import PlanEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import ImageTask
from packshot.errors import SettingsError
from packshot.manifests.uploaded import resolver_of

Json = dict[str, Any]


def plan_again(event: Json, environment: PlanEnvironment) -> Json:
    """Plans the request at {bucket, key}: its images as their next revisions, in the batch that they are of.

    Whoever starts the execution gives it the request's name, so that one request is one execution. A second
    attempt comes to the same revisions: nothing of them has begun before the lists are there.

    Returns:
        As `plan_batch`.

    Raises:
        SettingsError: batch_unknown, image_unknown, option_invalid; the batch stays as it is.
    """
    ports = ports_of(environment)
    request = AgainRequest.model_validate_json(ports.work.get(event["key"]))
    batch = ports.table.get_batch(request.batch_id)
    if batch is None:
        raise SettingsError("batch_unknown", batch_id=request.batch_id)
    folder = event["key"].rpartition("/")[0]
    listed, prepared = f"{folder}/items.json", f"{folder}/references.json"
    work, references = environment.work_bucket, dict[str, str]()
    count = _Count()
    tasks = _tasks(request, batch, ports, references, count)
    put_list(work, listed, items_of(tasks, environment.images_per_item))
    # Made ready anew, all of them: what the batch's own run has left may have expired.
    found = reference_items(references, batch.batch_id, resolver_of(batch.base))
    unprepared = put_list(work, prepared, found)
    put_settings(work, batch.batch_id, batch.settings)
    taken = batch.model_copy(update={"execution": event.get("execution")})
    start(taken, ports.table, ports.publish, dt.datetime.now(dt.UTC))
    return {
        "outcome": "planned",
        "batch_id": batch.batch_id,
        "images": count.images,
        "references": unprepared,
        "items_key": listed,
        "references_key": prepared,
        "parts": list(parts_of(batch.total)),
        "concurrency": children_at_once(environment.concurrency),
    }


class _Count:
    images = 0


def _tasks(
    request: AgainRequest, batch: BatchRecord, ports: Ports, references: dict[str, str], count: _Count
) -> Iterator[Json]:
    """Tasks as they travel; notes on the way which references they need, and how many there are."""
    for task in _chosen(request, batch, ports):
        count.images += 1
        if task.reference_id is not None:
            written = effective_reference(task.row, task.overrides, batch.settings)
            if written:
                references.setdefault(task.reference_id, written)
        yield task_json(task)


def _chosen(request: AgainRequest, batch: BatchRecord, ports: Ports) -> Iterator[ImageTask]:
    resolve = resolver_of(batch.base)
    if request.overrides is None:
        return again.retry(batch, ports.table, resolve, request.image_ids)
    return again.rework(batch, ports.table, resolve, request.image_ids, request.overrides)
