"""From an uploaded manifest to a claimed batch, its settings and its lists of items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from packshot.aws_runtime.batch import items_of, put_list, put_settings, reference_items, task_json
from packshot.aws_runtime.models import stack_models
from packshot.aws_runtime.options import settings_of
from packshot.aws_runtime.parts import parts_of
from packshot.aws_runtime.places import children_at_once
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.replanning import plan_again
from packshot.aws_runtime.side_by_side import SideBySide
from packshot.aws_runtime.upload import Upload, open_upload
from packshot.batches.plan import BadRow, claim, effective_reference, plan, start
from packshot.batches.record import record_bad_row
from packshot.batches.summarise import fail
from packshot.contracts.base import Status
from packshot.contracts.environment import PlanEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.contracts.work_keys import batch_of_again, items_key, references_key
from packshot.errors import ManifestError, ModelError, PermanentError

Json = dict[str, Any]
Pass = Callable[[], Iterator[ImageTask | BadRow]]


def plan_batch(event: Json, environment: PlanEnvironment) -> Json:
    """Claims the batch of {bucket, key, version_id, started_at, execution} and writes its lists.

    The batch's `created_at` is the execution's start, so that a second attempt of this execution is told
    from a second delivery of the event: of the latter the outcome is `known`, and nothing is done.

    Returns:
        {outcome: planned, known or ignored, batch_id, images, references, items_key, references_key, parts,
        concurrency}.

    Raises:
        ManifestError, SettingsError: the batch is closed as failed before they leave.
    """
    if event["bucket"] == environment.work_bucket and batch_of_again(event["key"]) is not None:
        return plan_again(event, environment)
    upload = Upload(event["bucket"], event["key"], event.get("version_id"))
    started_at = dt.datetime.fromisoformat(event["started_at"])
    ports = ports_of(environment)
    if not upload.is_manifest:
        return _answer("ignored", upload)
    known = ports.table.get_batch(upload.batch_id)
    if known is not None and known.created_at != started_at:
        return _answer("known", upload)
    batch = BatchRecord(
        batch_id=upload.batch_id,
        status=Status.PENDING,
        manifest=upload.address,
        base=upload.base,
        settings=settings_of(started_at.date()),
        total=0,
        created_at=started_at,
        execution=event.get("execution"),
    )
    try:
        return _planned(batch, upload, environment, ports)
    except PermanentError as error:
        fail(ports.table.get_batch(batch.batch_id) or batch, error, ports.table, ports.publish, _now())
        raise


def _planned(batch: BatchRecord, upload: Upload, environment: PlanEnvironment, ports: Ports) -> Json:
    opened = open_upload(upload)
    settings = settings_of(batch.settings.as_of, *opened.said)
    if settings.model not in stack_models():
        # Said once here, instead of by each of a million images.
        raise ModelError("model_unknown", name=settings.model, known=", ".join(stack_models()))

    def rows() -> Iterator[ImageTask | BadRow]:
        found = opened.manifest.rows_for(settings.preset)
        return plan(found, batch.batch_id, settings, opened.manifest.resolve)

    counts = _count(rows(), settings)
    asked = batch.model_copy(
        update={"settings": settings, "total": counts.total, "rejected_rows": counts.bad}
    )
    claimed = claim(asked, ports.table, ports.publish)
    if claimed.created_at != batch.created_at:
        return _answer("known", upload)
    work, batch_id = environment.work_bucket, batch.batch_id
    put_settings(work, batch_id, settings)
    found = reference_items(counts.references, batch_id, opened.manifest.resolve)
    references = put_list(work, references_key(batch_id), found)
    tasks = _tasks(rows, batch_id, settings, ports)
    put_list(work, items_key(batch_id), items_of(tasks, environment.images_per_item))
    # Not what was claimed: an execution that is redriven may have been closed before it had read a row.
    start(asked, ports.table, ports.publish)
    return _answer(
        "planned",
        upload,
        images=counts.total - counts.bad,
        references=references,
        parts=parts_of(counts.total),
        concurrency=children_at_once(environment.concurrency),
    )


@dataclass(slots=True)
class _Counts:
    total: int = 0
    bad: int = 0
    #: Sources as written, by reference id.
    references: dict[str, str] = field(default_factory=dict)


def _count(planned: Iterator[ImageTask | BadRow], settings: BatchSettings) -> _Counts:
    """A first pass: the batch is claimed before anything of it is written.

    Raises:
        ManifestError: manifest_empty; manifest_rows_invalid when no row can be used.
    """
    counts = _Counts()
    first: BadRow | None = None
    for item in planned:
        counts.total += 1
        if isinstance(item, BadRow):
            counts.bad += 1
            first = first or item
        elif item.reference_id is not None:
            written = effective_reference(item.row, item.overrides, settings)
            if written:
                counts.references.setdefault(item.reference_id, written)
    if counts.total == 0:
        raise ManifestError("manifest_empty")
    if first is not None and counts.bad == counts.total:
        raise ManifestError(
            "manifest_rows_invalid", count=counts.bad, line=first.line, reason=first.error.message
        )
    return counts


def _tasks(rows: Pass, batch_id: str, settings: BatchSettings, ports: Ports) -> Iterator[Json]:
    """The second pass: tasks as they travel; lines that can't become one are recorded on the way.

    Side by side: each is some requests long, and a list of a million may have tens of thousands of them.
    """

    def record_bad(row: BadRow) -> None:
        record_bad_row(
            row,
            batch_id,
            settings,
            table=ports.table,
            files=ports.files,
            publish=ports.publish,
            now=_now(),
        )

    with SideBySide(record_bad) as recording:
        for item in rows():
            if isinstance(item, ImageTask):
                yield task_json(item)
            else:
                recording.add(item)


def _answer(
    outcome: str,
    upload: Upload,
    *,
    images: int = 0,
    references: int = 0,
    parts: tuple[str, ...] = (),
    concurrency: int = 1,
) -> Json:
    return {
        "outcome": outcome,
        "batch_id": upload.batch_id,
        "images": images,
        "references": references,
        "items_key": items_key(upload.batch_id),
        "references_key": references_key(upload.batch_id),
        "parts": list(parts),
        "concurrency": concurrency,
    }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
