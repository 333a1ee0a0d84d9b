"""Closing a batch: counts, the end's event, and what to do about images that never reported."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packshot.batches.batch_events import batch_event
from packshot.batches.outcome import Result, error_facts
from packshot.batches.record import FINAL, record
from packshot.contracts.base import Contract, Status
from packshot.contracts.events import DetailType
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import ImageTask
from packshot.delivery import Handover
from packshot.errors import InternalError, PackshotError
from packshot.ports import ANY_IMAGE, ImageQuery, JobTable, ObjectStore, Publish


class Tally(Contract):
    """What some of a batch's images came to.

    Attributes:
        counts: images by status, completed ones by qc_status too.
        digest: hash of what became of each of them.
    """

    counts: dict[str, int]
    digest: str


@dataclass(slots=True)
class Tallying:
    """Counts images one by one, in the order of their ids."""

    _counts: Counter[str] = field(default_factory=Counter)
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, image: ImageRecord) -> None:
        """Counts one image."""
        self._counts[image.status.value] += 1
        if image.status is Status.COMPLETED:
            self._counts[image.qc_status.value] += 1
        self._digest.update(f"{image.image_id} {image.revision} {image.status}\n".encode())

    @property
    def result(self) -> Tally:
        """What was counted so far."""
        return Tally(counts=dict(self._counts), digest=self._digest.hexdigest())


def summarise(
    batch: BatchRecord, table: JobTable, publish: Publish, now: dt.datetime, *, finished: bool = True
) -> BatchRecord:
    """Counts the batch's images anew, and concludes it; see `conclude`."""
    tallying = Tallying()
    for image in all_images(table, batch.batch_id):
        tallying.add(image)
    return conclude(batch, [tallying.result], table, publish, now, finished=finished)


def conclude(
    batch: BatchRecord,
    tallies: Iterable[Tally],
    table: JobTable,
    publish: Publish,
    now: dt.datetime,
    *,
    finished: bool = True,
) -> BatchRecord:
    """Sums up what its parts came to and, when it is finished, closes it and publishes Batch Completed.

    The event's id hangs on what became of each image, so that summing up twice says it once, and a
    retry that changed something says it again.

    Without `finished` the batch was interrupted: it stays `processing`, and nothing is said.
    """
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    for tally in tallies:
        counts.update(tally.counts)
        digest.update(tally.digest.encode())
    done = counts[Status.COMPLETED.value] + counts[Status.FAILED.value]
    counts[Status.PENDING.value] = max(0, batch.total - done - counts[Status.PROCESSING.value])
    closed = batch.model_copy(
        update={
            "counts": {name: count for name, count in sorted(counts.items()) if count},
            "status": Status.COMPLETED if finished else Status.PROCESSING,
            "finished_at": now if finished else None,
        }
    )
    with table.unit():
        table.put_batch(closed)
        if finished:
            publish(batch_event(DetailType.BATCH_COMPLETED, closed, now, digest.hexdigest()))
    return closed


def fail(
    batch: BatchRecord,
    error: PackshotError,
    table: JobTable,
    publish: Publish,
    now: dt.datetime,
    *end: str,
) -> BatchRecord:
    """Closes a batch that could not be run at all, and publishes Batch Failed.

    `end` tells one end from another of the same batch with the same error: one that was redriven fails anew.
    """
    failed = batch.model_copy(
        update={"status": Status.FAILED, "error": error_facts(error), "finished_at": now}
    )
    with table.unit():
        table.put_batch(failed)
        publish(batch_event(DetailType.BATCH_FAILED, failed, now, error.code, *end))
    return failed


def sweep(
    tasks: Iterable[ImageTask],
    batch: BatchRecord,
    *,
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
    now: dt.datetime,
) -> int:
    """Gives each task without a final record a failed one (`worker_lost`); returns how many there were."""
    swept = 0
    for task in tasks:
        known = table.get_image(task.batch_id, task.image_id, task.revision)
        if known is not None and known.status in FINAL:
            continue
        result = Result(task, {}, error_facts(InternalError("worker_lost")))
        record(
            result,
            batch.settings,
            table=table,
            files=files,
            handover=_NOTHING,
            publish=publish,
            now=now,
        )
        swept += 1
    return swept


def all_images(table: JobTable, batch_id: str, query: ImageQuery = ANY_IMAGE) -> Iterator[ImageRecord]:
    """Newest revisions of a batch's images (those that the query asks for), page by page."""
    cursor: str | None = None
    while True:
        page = table.images(batch_id, query, cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def _no_files(one: object, key: str) -> None:
    raise InternalError("internal_error", reason=f"a lost image has no file for {key}")


_NOTHING: Handover = _no_files
