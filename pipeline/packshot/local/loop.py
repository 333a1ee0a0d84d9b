"""Keeps the pool busy: hands jobs out, runs what may pass a second time, ends when it is asked to."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Final

from packshot.local.pool import Lost, Pool
from packshot.local.stopping import Stopping
from packshot.local.worker import Answer, Job

#: Times a job is tried whose worker hung or was lost, or whose answer says that another try is worth it.
ATTEMPTS: Final = 2
#: Seconds before the second try of something that did not answer.
_BACKOFF_S: Final = 1.0
#: Jobs that may wait for their second try before no new ones are taken.
_MAX_WAITING: Final = 64
#: Seconds that images in work get to finish when the run is asked to end.
_GRACE_S: Final = 20.0
#: Seconds between two looks at the clock and at `Stopping`.
_TICK_S: Final = 0.2


class Loop:
    """Runs a stream of jobs to its end.

    Args:
        pool: the workers.
        stopping: asked at each tick.
        done: is told each job's final word; of a lost one, what became of its worker.
        tick: is called at least about every `_TICK_S` seconds.
    """

    def __init__(
        self,
        pool: Pool,
        stopping: Stopping,
        done: Callable[[Answer | Lost], None],
        tick: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._stopping = stopping
        self._done = done
        self._tick = tick
        self._waiting: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._tried: dict[str, int] = {}

    def run(self, jobs: Iterator[Job | None]) -> bool:
        """Works the stream off; a None in it is a breath that the loop takes.

        Returns:
            False when the run was asked to end before it was through.
        """
        open_ended = True
        while open_ended or self._waiting or self._pool.jobs:
            if self._stopping.asked:
                self._finish_current()
                return False
            open_ended = self._hand_out(jobs) if open_ended else False
            self._hand_out_waiting()
            for event in self._pool.wait(_TICK_S):
                self._judge(event)
            self._tick()
        return True

    def _hand_out(self, jobs: Iterator[Job | None]) -> bool:
        last_look = time.monotonic()
        while self._pool.room and len(self._waiting) < _MAX_WAITING:
            try:
                job = next(jobs)
            except StopIteration:
                return False
            if job is not None:
                self._pool.submit(job)
            # Reused images come by the thousand; those in work must not wait for them.
            if time.monotonic() - last_look > _TICK_S:
                break
        return True

    def _hand_out_waiting(self) -> None:
        while self._waiting and self._pool.room and self._waiting[0][0] <= time.monotonic():
            self._pool.submit(heapq.heappop(self._waiting)[2])

    def _judge(self, event: Answer | Lost) -> None:
        key = event.job.task.image_id
        passing = isinstance(event, Lost) or event.retryable
        tried = self._tried.pop(key, 0) + 1
        if passing and tried < ATTEMPTS:
            self._tried[key] = tried
            due = time.monotonic() + (0.0 if isinstance(event, Lost) else _BACKOFF_S)
            heapq.heappush(self._waiting, (due, next(self._order), event.job))
        else:
            self._done(event)

    def _finish_current(self) -> None:
        """Lets the images in work finish, so that their time is not thrown away, and forgets the rest."""
        current = {job.task.image_id for job in self._pool.in_work}
        until = time.monotonic() + _GRACE_S
        while current and not self._stopping.urgent and time.monotonic() < until:
            for event in self._pool.wait(_TICK_S):
                current.discard(event.job.task.image_id)
                # Whoever was killed along with the run did not fail; and nothing gets a second try now.
                if isinstance(event, Answer) and not event.retryable:
                    self._done(event)
            self._tick()
        self._pool.stop()
