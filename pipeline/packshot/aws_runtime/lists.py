"""A batch's lists: what its Maps go through, from its rows; a first pass counts, a second one writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from packshot.aws_runtime.batch import items_of, put_list, put_settings, reference_items, task_json
from packshot.aws_runtime.parts import parts_of
from packshot.aws_runtime.places import children_at_once
from packshot.aws_runtime.ports import Ports
from packshot.aws_runtime.side_by_side import SideBySide
from packshot.batches.plan import BadRow, Resolve, effective_reference, start
from packshot.batches.record import FINAL, record_bad_row
from packshot.contracts.environment import PlanEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.contracts.work_keys import items_key, references_key
from packshot.errors import ManifestError

Json = dict[str, Any]
Pass = Callable[[], Iterator[ImageTask | BadRow]]


@dataclass(slots=True)
class Counts:
    """What a first pass over the rows has found; `bad` are those that can't become an image."""

    total: int = 0
    bad: int = 0
    #: Sources as written, by reference id.
    references: dict[str, str] = field(default_factory=dict)


def count(planned: Iterator[ImageTask | BadRow], settings: BatchSettings) -> Counts:
    """A first pass: the batch is claimed before anything of it is written.

    Raises:
        ManifestError: manifest_empty; manifest_rows_invalid when no row can be used.
    """
    counts = Counts()
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


def write_lists(
    batch_id: str,
    settings: BatchSettings,
    counts: Counts,
    rows: Pass,
    resolve: Resolve,
    *,
    environment: PlanEnvironment,
    ports: Ports,
) -> Json:
    """Writes a batch's settings and lists; returns what the state machine goes on with."""
    work = environment.work_bucket
    put_settings(work, batch_id, settings)
    references = put_list(
        work, references_key(batch_id), reference_items(counts.references, batch_id, resolve)
    )
    tasks = _tasks(rows, batch_id, settings, ports)
    put_list(work, items_key(batch_id), items_of(tasks, environment.images_per_item))
    return answer(
        "planned",
        batch_id,
        images=counts.total - counts.bad,
        references=references,
        parts=parts_of(counts.total),
        concurrency=children_at_once(environment.concurrency),
    )


def begin(seen: BatchRecord, batch: BatchRecord, planned: Json, ports: Ports) -> Json:
    """Starts a batch whose lists are written; plan answers `ignored` for one that was closed since.

    Whoever stops an execution, or cancels its batch, does not end the call that plans it.

    Args:
        seen: its record as it was when the lists were begun.
        batch: as it goes on.
        planned: what its lists came to.
        ports: of the stack.
    """
    now = ports.table.get_batch(batch.batch_id)
    if now is not None and now.status in FINAL and now != seen:
        return answer("ignored", batch.batch_id)
    start(batch, ports.table, ports.publish, _now())
    return planned


def answer(
    outcome: str,
    batch_id: str,
    *,
    images: int = 0,
    references: int = 0,
    parts: tuple[str, ...] = (),
    concurrency: int = 1,
) -> Json:
    """What plan answers."""
    return {
        "outcome": outcome,
        "batch_id": batch_id,
        "images": images,
        "references": references,
        "items_key": items_key(batch_id),
        "references_key": references_key(batch_id),
        "parts": list(parts),
        "concurrency": concurrency,
    }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
