"""A pool without processes: what a worker would do, done when its answer is waited for.

The pool's own behaviour has its own tests; here it would only cost seconds per batch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from packshot.local.pool import Lost, Pool
from packshot.local.worker import Answer, Job, Setup, _Worker


class InlinePool(Pool):
    def __init__(self, setup: Setup, size: int, patience: float = 1.0) -> None:
        super().__init__(setup, size, patience)
        self._jobs: deque[Job] = deque()
        self.renew(setup)

    def renew(self, setup: Setup) -> None:
        self._worker = _Worker(setup, [-1.0, 0.0], setup.code.load_model)

    def warm_up(self) -> None:
        return None

    @property
    def room(self) -> bool:
        return len(self._jobs) < 2

    @property
    def jobs(self) -> list[Job]:
        return list(self._jobs)

    @property
    def in_work(self) -> list[Job]:
        return list(self._jobs)[:1]

    def submit(self, job: Job) -> None:
        self._jobs.append(job)

    def wait(self, timeout: float) -> Iterator[Answer | Lost]:
        if self._jobs:
            yield self._worker.work(self._jobs.popleft())

    def stop(self) -> None:
        self._jobs.clear()

    def rest(self) -> None:
        self._jobs.clear()
