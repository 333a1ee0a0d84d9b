"""Counts and sums, from what summarise has left; only of small batches that change are images read."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from packshot.api.aws.desks import STALE, desk_of
from packshot.api.aws.executions import Executions
from packshot.api.aws.sending import Send
from packshot.api.backend import Desk
from packshot.api.models.batches import Counts
from packshot.api.models.overview import Overview
from packshot.api.sums import overview_of
from packshot.api.window import Window
from packshot.aws_runtime.parts import SUMS_KIND
from packshot.batches.summarise import all_images
from packshot.batches.sums import BatchSums
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.table import shard_of
from packshot.ports import Documents

#: Images of a batch that are counted one by one while it changes.
COUNTED: Final = 2000
#: Seconds that counts of a batch at work hold.
_LIVE_S: Final = 2.0
#: Of batches whose renewal is on its way; when it does not come, the next decision asks again.
RENEWAL: Final = "renewal"
_RENEWAL_S: Final = dt.timedelta(minutes=2)
_KEPT: Final = dt.timedelta(days=14)
#: No batch is older than Packshot.
_FIRST: Final = dt.date(2024, 1, 1)


class AwsSums:
    """Counts and sums.

    Args:
        executions: how far batches are that are worked on.
        send: calls the worker function.
        clock: seconds.
    """

    def __init__(
        self, executions: Executions, send: Send, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._executions = executions
        self._send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._live: dict[str, tuple[float, Counts]] = {}

    def counts(self, desk: Desk, batch: BatchRecord) -> Counts:
        small = batch.total <= COUNTED
        if batch.status is Status.COMPLETED and not (small and desk_of(desk).is_stale(batch.batch_id)):
            return _counts(Counter(batch.counts), batch.total)
        if small:
            return self._counted(desk, batch)
        view = self._executions.progress(batch, None)
        done = view.done if view is not None else 0
        # What they came to is known when all is summed up.
        found = {"completed": max(0, done - batch.rejected_rows), "failed": batch.rejected_rows}
        return _counts(Counter(found), batch.total)

    def overview(self, desk: Desk, window: Window) -> Overview:
        return overview_of(window, _sums(desk.documents, window))

    def changed(self, desk: Desk, images: Sequence[ImageRecord]) -> None:
        with self._lock:
            for image in images:
                self._live.pop(image.batch_id, None)
        ends = dt.datetime.now(dt.UTC) + _KEPT
        stamp = {"at": time.time_ns()}
        for batch_id, shard in {(image.batch_id, shard_of(image.image_id)) for image in images}:
            mark = stamp | {"batch_id": batch_id, "shard": shard}
            desk.documents.put(STALE, f"{batch_id}/{shard}", mark, ends)
        for batch_id in {image.batch_id for image in images}:
            until = dt.datetime.now(dt.UTC) + _RENEWAL_S
            if desk.documents.create(RENEWAL, batch_id, {}, until):
                self._send({"errand": "renew", "batch_id": batch_id})

    def _counted(self, desk: Desk, batch: BatchRecord) -> Counts:
        with self._lock:
            known = self._live.get(batch.batch_id)
            if (
                known is not None
                and batch.status is not Status.COMPLETED
                and self._clock() - known[0] < _LIVE_S
            ):
                return known[1]
        found: Counter[str] = Counter()
        for image in all_images(desk.table, batch.batch_id):
            found[image.status.value] += 1
            if image.status is Status.COMPLETED:
                found[image.qc_status.value] += 1
        counted = _counts(found, batch.total)
        with self._lock:
            if len(self._live) > 1000:
                self._live.clear()
            self._live[batch.batch_id] = (self._clock(), counted)
        return counted


def _counts(found: Counter[str], total: int) -> Counts:
    done = sum(found[one.value] for one in (Status.COMPLETED, Status.FAILED, Status.PROCESSING))
    names = [one.value for one in (*Status, *QcStatus) if one is not QcStatus.PENDING]
    facts = {name: found[name] for name in names}
    # Images that nobody has begun with have no record yet.
    facts["pending"] = max(0, total - done)
    return Counts(total=max(total, done), **facts)


def _sums(documents: Documents, window: Window) -> Iterator[BatchSums]:
    for prefix in prefixes(window, dt.datetime.now(dt.UTC).date()):
        cursor: str | None = None
        while True:
            page = documents.page(SUMS_KIND, 50, cursor, prefix=prefix)
            yield from (BatchSums.model_validate(one) for one in page.items)
            cursor = page.cursor
            if cursor is None:
                break


def prefixes(window: Window, today: dt.date) -> Iterator[str]:
    """The beginnings of the keys of a window's sums: whole months at once, else days.

    Each is a question to the table; so none is asked of days on which there can have been no batch.
    """
    day = max(window.since, _FIRST)
    last = min(window.until, today + dt.timedelta(days=31))
    while day <= last:
        following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        if day.day == 1 and following - dt.timedelta(days=1) <= last:
            yield f"{day:%Y-%m}-"
            day = following
        else:
            yield f"{day.isoformat()}#"
            day += dt.timedelta(days=1)
