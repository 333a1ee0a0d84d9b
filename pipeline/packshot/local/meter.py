"""Counts what is done and tells the caller: at the start, after each image, about once a second."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import ImageRecord
from packshot.local.request import Progress, Report

#: Seconds over which the rate is measured.
_WINDOW_S: Final = 30.0
#: Reused images come by the thousand; they are told in bursts.
_QUIET_S: Final = 0.1
_HEARTBEAT_S: Final = 1.0


class Meter:
    """Progress of a run.

    Args:
        total: images of the batch.
        report: told; None for nobody.
    """

    def __init__(self, total: int, report: Report | None) -> None:
        self.reused_count = 0
        self.processed_count = 0
        self._total = total
        self._refused = 0
        self._failed = 0
        self._needs_review = 0
        self._report = report
        self._times: deque[float] = deque()
        self._started = time.monotonic()
        self._told = 0.0
        self._current: tuple[str, ...] = ()

    def start(self) -> None:
        """Tells that the work begins."""
        self._tell()

    def stands(self, record: ImageRecord, *, reused: bool) -> None:
        """Counts an image that needed no work: an earlier result stands, or its line was refused."""
        self.reused_count += reused
        self._refused += not reused
        self._count(record)
        if time.monotonic() - self._told > _QUIET_S:
            self._tell()

    def processed(self, record: ImageRecord) -> None:
        """Counts an image that was worked on."""
        self.processed_count += 1
        self._times.append(time.monotonic())
        self._count(record)
        self._tell()

    def tick(self, current: tuple[str, ...]) -> None:
        """Notes what is in work, and tells once a second."""
        self._current = current
        if time.monotonic() - self._told > _HEARTBEAT_S:
            self._tell()

    def finish(self) -> None:
        """Tells the last word."""
        self._current = ()
        self._tell()

    def _count(self, record: ImageRecord) -> None:
        self._failed += record.status is Status.FAILED
        self._needs_review += record.status is Status.COMPLETED and record.qc_status is QcStatus.NEEDS_REVIEW

    def _tell(self) -> None:
        self._told = time.monotonic()
        if self._report is None:
            return
        rate = self._rate()
        done = self.reused_count + self.processed_count + self._refused
        progress = Progress(
            done=done,
            total=self._total,
            failed=self._failed,
            needs_review=self._needs_review,
            reused=self.reused_count,
            rate_per_s=rate,
            eta_s=(self._total - done) / rate if rate > 0 else None,
            current=self._current,
        )
        self._report(progress)

    def _rate(self) -> float:
        now = time.monotonic()
        while self._times and now - self._times[0] > _WINDOW_S:
            self._times.popleft()
        span = min(now - self._started, _WINDOW_S)
        return len(self._times) / span if span > 0 else 0.0
