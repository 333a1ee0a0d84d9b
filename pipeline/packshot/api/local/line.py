"""A line of jobs that a thread works off, one after the other."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from packshot.api.jobs import Job, put_job
from packshot.api.local.desks import Desks
from packshot.api.models.jobs import JobState
from packshot.batches.outcome import error_facts
from packshot.errors import InternalError, PackshotError, RequestError
from packshot.local.stopping import Stopping
from packshot.ports import Documents

_LOG: Final = logging.getLogger("packshot.api")
#: Seconds after which a job's end is written down again, when it could not be.
_AGAIN_S: Final = 1.0


class Interrupted(Exception):  # noqa: N818 - it is no fault: somebody asked for it
    """The job was asked to end before it was through."""


#: Does a job; returns it with what it found out. Raises `PackshotError` or `Interrupted`.
Do = Callable[[Job, Stopping], Job]


class Line:
    """One thread and the jobs that wait for it.

    Args:
        name: of the thread.
        desks: connections, to write down how jobs stand.
        do: does one.
        room: jobs that may wait.
    """

    def __init__(self, name: str, desks: Desks, do: Do, room: int) -> None:
        self._desks = desks
        self._do = do
        self._room = room
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._current: tuple[Job, Stopping] | None = None
        self._cancelled: set[str] = set()
        self._closing = False
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def add(self, job: Job, documents: Documents, *, again: bool = False) -> Job:
        """Appends a job.

        Args:
            job: which.
            documents: the caller's, where it is written down. A connection of the line's own would have to be
                waited for while it is locked, by requests that hold all of them and wait for the lock.
            again: it stood in the line before.

        Raises:
            RequestError: queue_full, unless it stood in the line before (`again`).
        """
        with self._changed:
            if len(self._waiting) >= self._room and not again:
                raise RequestError("queue_full", count=len(self._waiting))
            put_job(documents, job)
            self._waiting.append(job)
            self._changed.notify()
        return job

    def find(self, chosen: Callable[[Job], bool]) -> tuple[Job, int] | None:
        """The first job that waits or runs and fits, and how many are before it."""
        with self._changed:
            ahead = int(self._current is not None)
            if self._current is not None and chosen(self._current[0]):
                return self._current[0], 0
            for job in self._waiting:
                if chosen(job):
                    return job, ahead
                ahead += 1
        return None

    def cancel(self, job_id: str, documents: Documents) -> bool:
        """Ends a job; False when it neither waits nor runs. One that runs ends a little later.

        `documents` are the caller's, as for `add`.
        """
        with self._changed:
            for job in self._waiting:
                if job.job_id == job_id:
                    put_job(documents, _ended(job, JobState.CANCELLED, RequestError("job_cancelled")))
                    # Not before: one that can't be written down is still to be done.
                    self._waiting.remove(job)
                    return True
            if self._current is None or self._current[0].job_id != job_id:
                return False
            self._cancelled.add(job_id)
            self._current[1].ask()
            return True

    def is_cancelled(self, job_id: str) -> bool:
        """Somebody has cancelled the job that runs."""
        return job_id in self._cancelled

    def close(self, patience_s: float) -> None:
        """Asks the job that runs to end; those that wait stay written down for the next start."""
        with self._changed:
            self._closing = True
            if self._current is not None:
                self._current[1].ask()
            self._changed.notify()
        self._thread.join(patience_s)
        if self._thread.is_alive() and self._current is not None:
            self._current[1].ask()
            self._thread.join(patience_s)

    def _live(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if self._closing:
                    return
                job = self._waiting.popleft()
                stopping = Stopping()
                self._current = (job, stopping)
            try:
                self._work(job, stopping)
            finally:
                with self._changed:
                    self._current = None
                    self._cancelled.discard(job.job_id)

    def _work(self, job: Job, stopping: Stopping) -> None:
        outcome, told = self._outcome(job, stopping), False
        while True:
            try:
                self._keep(outcome)
            except PackshotError as error:
                # Of a full disk, for one: then no other job could be begun either.
                if not told:
                    _LOG.error("job %s can't be written down: %s", job.job_id, error)
                told = True
                with self._changed:
                    if self._changed.wait_for(lambda: self._closing, _AGAIN_S):
                        # As it was written down last, the next server does it again.
                        return
            else:
                return

    def _outcome(self, job: Job, stopping: Stopping) -> Job:
        """Does a job; how it then stands."""
        running = job.model_copy(update={"state": JobState.RUNNING, "started_at": _now()})
        try:
            self._keep(running)
            return _ended(self._do(running, stopping), JobState.COMPLETED, None)
        except Interrupted:
            if self.is_cancelled(job.job_id):
                return _ended(running, JobState.CANCELLED, RequestError("job_cancelled"))
            return job
        except PackshotError as error:
            return _ended(running, JobState.FAILED, error)
        except Exception as error:
            # A job must not take the line down with it.
            _LOG.exception("job %s", job.job_id)
            failure = InternalError("internal_error", reason=f"{type(error).__name__}: {error}")
            return _ended(running, JobState.FAILED, failure)

    def _keep(self, job: Job) -> None:
        with self._desks.desk() as desk:
            put_job(desk.documents, job)


def _ended(job: Job, state: JobState, error: PackshotError | None) -> Job:
    facts = error_facts(error) if error else None
    return job.model_copy(update={"state": state, "finished_at": _now(), "error": facts})


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
