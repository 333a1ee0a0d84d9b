"""Counts and sums on one machine: computed from the table, and remembered as long as they hold."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import ValidationError

from packshot.api.backend import Desk
from packshot.api.local.desks import LocalDesk, local_desk
from packshot.api.models.batches import Counts
from packshot.api.models.overview import Overview
from packshot.api.sums import overview_of
from packshot.api.window import Window
from packshot.batches.summarise import all_images
from packshot.batches.sums import BatchSums
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import BatchRecord, ImageRecord

_KIND: Final = "sums"
#: Seconds that counts hold: of a batch at work, and of one that only another process might change.
_LIVE_S: Final = 1.0
_STILL_S: Final = 20.0
#: Seconds that the sums of a batch hold while it changes.
_SUMS_S: Final = 10.0


class LocalSums:
    """Remembers counts and sums by batch; `forget` says which have changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[float, Counts]] = {}
        self._sums: dict[str, tuple[float, BatchSums]] = {}
        self._stale: set[str] = set()

    def counts(self, desk: Desk, batch: BatchRecord) -> Counts:
        holds = _STILL_S if batch.status is Status.COMPLETED else _LIVE_S
        with self._lock:
            known = self._counts.get(batch.batch_id)
        if known is not None and time.monotonic() - known[0] < holds:
            return known[1]
        counted = _counted(local_desk(desk), batch)
        with self._lock:
            if len(self._counts) > 1000:
                self._counts.clear()
            self._counts[batch.batch_id] = (time.monotonic(), counted)
        return counted

    def overview(self, desk: Desk, window: Window) -> Overview:
        return overview_of(window, (self._sums_of(desk, batch) for batch in _batches(desk, window)))

    def changed(self, desk: Desk, images: Sequence[ImageRecord]) -> None:
        del desk
        self.forget(*{image.batch_id for image in images})

    def forget(self, *batch_ids: str) -> None:
        """What is remembered of these batches does not hold any more."""
        with self._lock:
            for batch_id in batch_ids:
                self._counts.pop(batch_id, None)
                self._stale.add(batch_id)

    def ended(self, desk: Desk, batch_id: str) -> None:
        """Computes a batch's sums when its job has ended, so that nobody has to wait for them."""
        self.forget(batch_id)
        batch = desk.table.get_batch(batch_id)
        if batch is not None:
            self._compute(desk, batch)

    def _sums_of(self, desk: Desk, batch: BatchRecord) -> BatchSums:
        with self._lock:
            known = self._sums.get(batch.batch_id)
            stale = batch.batch_id in self._stale
        still = batch.status in (Status.COMPLETED, Status.FAILED) and not stale
        if known is None and still:
            kept = desk.documents.get(_KIND, batch.batch_id)
            sums = _parsed(kept)
            if sums is not None:
                known = (time.monotonic(), sums)
                with self._lock:
                    self._sums[batch.batch_id] = known
        if known is not None and (still or time.monotonic() - known[0] < _SUMS_S):
            return known[1]
        return self._compute(desk, batch)

    def _compute(self, desk: Desk, batch: BatchRecord) -> BatchSums:
        with self._lock:
            # Before the first is read: what changes from here on makes it stale once more.
            self._stale.discard(batch.batch_id)
        sums = BatchSums.of(batch)
        for image in all_images(desk.table, batch.batch_id):
            sums.add(image)
        with self._lock:
            if len(self._sums) > 1000:
                # They are kept as documents; memory need not hold every batch there ever was.
                self._sums.clear()
            self._sums[batch.batch_id] = (time.monotonic(), sums)
        desk.documents.put(_KIND, batch.batch_id, sums.model_dump(mode="json"))
        return sums


def _counted(desk: LocalDesk, batch: BatchRecord) -> Counts:
    counts: Counter[str] = Counter()
    for status, qc_status, images in desk.directory.table.tally(batch.batch_id):
        counts[status.value] += images
        if status is Status.COMPLETED:
            counts[qc_status.value] += images
    done = sum(counts[one.value] for one in (Status.COMPLETED, Status.FAILED, Status.PROCESSING))
    names = [one.value for one in (*Status, *QcStatus) if one is not QcStatus.PENDING]
    facts = {name: counts[name] for name in names}
    # Images that nobody has begun with have no record yet.
    facts["pending"] = max(0, batch.total - done)
    return Counts(total=max(batch.total, done), **facts)


def _batches(desk: Desk, window: Window) -> Iterator[BatchRecord]:
    cursor: str | None = None
    while True:
        page = desk.table.batches(200, cursor)
        for batch in page.items:
            if batch.created_at.date() < window.since:
                # The newest come first.
                return
            if window.holds(batch.created_at):
                yield batch
        cursor = page.cursor
        if cursor is None:
            return


def _parsed(kept: object) -> BatchSums | None:
    try:
        return BatchSums.model_validate(kept) if kept is not None else None
    except ValidationError:
        # Of another version of Packshot: it is computed anew.
        return None
