"""Claiming a batch, and turning its manifest's rows into tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from packshot.batches.batch_events import batch_event
from packshot.contracts import ids
from packshot.contracts.base import Status
from packshot.contracts.events import DetailType
from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.records import BatchRecord, ErrorFacts
from packshot.contracts.task import BatchSettings, ImageTask, Overrides
from packshot.errors import PackshotError
from packshot.ports import JobTable, Publish

#: The absolute path or address of a source as written; raises `SourceError` when it can't be one.
Resolve = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that can't become a task: its errors, and the first of them as its image's failure."""

    image_id: str
    line: int
    errors: tuple[RowError, ...]

    @property
    def error(self) -> ErrorFacts:
        """Why its image fails."""
        return ErrorFacts(code=self.errors[0].code, message=self.errors[0].message)


def claim(batch: BatchRecord, table: JobTable, publish: Publish) -> BatchRecord:
    """Writes a new batch and publishes Batch Accepted; a batch that is there already is returned as it is.

    The event goes out either way: its id is the same, and an earlier call may have died before it.
    """
    with table.unit():
        table.claim_batch(batch)
        known = table.get_batch(batch.batch_id) or batch
        publish(batch_event(DetailType.BATCH_ACCEPTED, _as_accepted(known, batch), known.created_at))
    return known


def _as_accepted(known: BatchRecord, batch: BatchRecord) -> BatchRecord:
    """The batch as it was before it ended, for whoever claims it once more."""
    # One that was closed before its manifest was read has learnt its total only now.
    first = batch if batch.created_at == known.created_at else known
    return first.model_copy(update={"counts": {}, "finished_at": None, "error": None})


def start(
    batch: BatchRecord, table: JobTable, publish: Publish, now: dt.datetime, *after: str
) -> BatchRecord:
    """Marks a batch as being worked on and publishes Batch Started; another execution's start is another.

    `after` tells one start from another of the same execution: one that is redriven starts anew.
    """
    started = batch.model_copy(update={"status": Status.PROCESSING, "finished_at": None, "error": None})
    with table.unit():
        table.put_batch(started)
        by = [started.execution] if started.execution else []
        publish(batch_event(DetailType.BATCH_STARTED, started, now, *by, *after))
    return started


def plan(
    rows: Iterable[ManifestRow | RowError], batch_id: str, settings: BatchSettings, resolve: Resolve
) -> Iterator[ImageTask | BadRow]:
    """Tasks in the manifest's order; errors of one row become one `BadRow`. Streams, holding one row."""
    number = 0
    pending: list[RowError] = []
    for row in rows:
        if isinstance(row, RowError) and pending and 0 != row.row == pending[0].row:
            pending.append(row)
            continue
        if pending:
            yield _bad_row(pending, number)
            pending = []
        number += 1
        if isinstance(row, RowError):
            pending = [row]
            continue
        try:
            yield image_task(batch_id, row, settings, resolve)
        except PackshotError as error:
            pending = [RowError(line=row.line, column=None, code=error.code, message=error.message)]
    if pending:
        yield _bad_row(pending, number)


def image_task(
    batch_id: str,
    row: ManifestRow,
    settings: BatchSettings,
    resolve: Resolve,
    *,
    revision: int = 0,
    overrides: Overrides | None = None,
) -> ImageTask:
    """The task of a row.

    Raises:
        SourceError: the source, or the reference set by hand, can't be resolved.
    """
    overrides = overrides or Overrides()
    reference = effective_reference(row, overrides, settings)
    return ImageTask(
        batch_id=batch_id,
        image_id=ids.image_id(row.product_group_id, row.sku_id, row.image_type, row.image_url),
        revision=revision,
        row=row,
        source=resolve(row.image_url),
        reference_id=ids.reference_id(reference) if reference else None,
        is_reference=reference == row.image_url,
        overrides=overrides,
    )


def effective_reference(row: ManifestRow, overrides: Overrides, settings: BatchSettings) -> str | None:
    """What an image is aligned to, as written: by hand (empty for nothing), else the row's, the batch's."""
    if overrides.reference is not None:
        return overrides.reference or None
    return row.reference or settings.reference


def reference_task(reference: str, batch_id: str, resolve: Resolve) -> ImageTask:
    """The task of preparing a reference photo.

    Raises:
        SourceError: it can't be resolved.
    """
    row = ManifestRow(line=0, product_group_id="reference", sku_id="reference", image_url=reference)
    reference_id = ids.reference_id(reference)
    return ImageTask(
        batch_id=batch_id,
        image_id=reference_id,
        row=row,
        source=resolve(reference),
        reference_id=reference_id,
        is_reference=True,
    )


def _bad_row(errors: list[RowError], number: int) -> BadRow:
    # There is nothing else to tell it by: the values are what could not be read, and lines may be shared.
    return BadRow(ids.image_id("", "", "", f"row {number}"), errors[0].line, tuple(errors))
