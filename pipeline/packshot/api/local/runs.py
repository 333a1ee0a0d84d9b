"""Batches and retries: the runner, one run at a time, with its progress at hand."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from packshot.api.jobs import Job
from packshot.api.kept.orders import RetryOrder, RunOrder
from packshot.api.local.desks import Desks, LocalDesk
from packshot.api.local.line import Interrupted, Line
from packshot.api.local.ordering import run_request
from packshot.api.local.place import Place
from packshot.api.models.batches import ProgressView
from packshot.api.models.jobs import JobKind
from packshot.batches.record import FINAL
from packshot.batches.summarise import fail
from packshot.errors import PackshotError, RequestError, StorageError
from packshot.local.request import Progress, RetryRequest, RunResult
from packshot.local.runner import Machinery, retry, run
from packshot.local.stopping import Stopping

#: Batches that may wait.
_ROOM: Final = 100
#: Seconds between two looks whether another process has left the folder.
_LOOK_S: Final = 1.0


class Runs:
    """The line of batches.

    Args:
        place: the output folder.
        desks: connections.
        machinery: what runs are made with.
        jobs: worker processes; None for one per core.
        roots: folders besides the lists' own that photos may lie under.
        ended: is told of each batch that a job has worked on.
    """

    def __init__(
        self,
        place: Place,
        desks: Desks,
        machinery: Machinery,
        jobs: int | None,
        roots: tuple[Path, ...],
        ended: Callable[[str], None],
    ) -> None:
        self._place = place
        self._desks = desks
        self._machinery = machinery
        self._jobs = jobs
        self._roots = roots
        self._ended = ended
        self._progress: dict[str, Progress] = {}
        self.line = Line("packshot-runs", desks, self._do, _ROOM)

    def progress(self, batch_id: str) -> tuple[ProgressView, str] | None:
        """How far a batch that waits or runs is, and its job's id."""
        found = self.line.find(lambda job: job.batch_id == batch_id)
        if found is None:
            return None
        job, ahead = found
        said = self._progress.get(job.job_id)
        if said is None:
            said = Progress(done=0, total=0, failed=0, needs_review=0, reused=0, rate_per_s=0.0, eta_s=None)
        view = ProgressView(
            done=said.done,
            total=said.total,
            reused=said.reused,
            rate_per_s=said.rate_per_s,
            eta_s=said.eta_s,
            current=said.current,
            ahead=ahead,
        )
        return view, job.job_id

    def cancelled(self, batch_id: str, desk: LocalDesk) -> None:
        """Closes a batch that was cancelled before it was through; one that had ended stays as it is.

        `desk` is the caller's: requests that hold all connections must not wait for another one.
        """
        batch = desk.table.get_batch(batch_id)
        if batch is not None and batch.status not in FINAL:
            _close(batch_id, RequestError("batch_cancelled"), desk)

    def _do(self, job: Job, stopping: Stopping) -> Job:
        try:
            result = self._when_free(job, stopping)
        except PackshotError as error:
            if job.kind is JobKind.BATCH and job.batch_id is not None:
                with self._desks.desk() as desk:
                    _close(job.batch_id, error, desk)
            raise
        finally:
            self._progress.pop(job.job_id, None)
            if job.batch_id is not None:
                self._ended(job.batch_id)
        if result.interrupted:
            self._interrupted(job)
            raise Interrupted
        return job

    def _when_free(self, job: Job, stopping: Stopping) -> RunResult:
        """Runs; while another process is at work in the folder, waits for it."""
        while True:
            try:
                return self._run(job, stopping)
            except StorageError as error:
                if error.code != "output_locked":
                    raise
            until = time.monotonic() + _LOOK_S
            while time.monotonic() < until:
                if stopping.asked:
                    self._interrupted(job)
                    raise Interrupted
                time.sleep(0.05)

    def _run(self, job: Job, stopping: Stopping) -> RunResult:
        machinery = replace(self._machinery, stopping=stopping)

        def report(progress: Progress) -> None:
            self._progress[job.job_id] = progress

        if job.kind is JobKind.RETRY:
            order = RetryOrder.model_validate(job.order)
            again = RetryRequest(
                self._place.root, order.image_ids, self._jobs, self._roots, batch_id=order.batch_id
            )
            return retry(again, report, machinery)
        run_order = RunOrder.model_validate(job.order)
        request = run_request(run_order, self._place, self._roots, self._jobs)
        return run(request, report, machinery)

    def _interrupted(self, job: Job) -> None:
        if self.line.is_cancelled(job.job_id) and job.batch_id is not None:
            with self._desks.desk() as desk:
                self.cancelled(job.batch_id, desk)


def _close(batch_id: str, error: PackshotError, desk: LocalDesk) -> None:
    batch = desk.table.get_batch(batch_id)
    if batch is not None:
        fail(batch, error, desk.table, desk.publish, dt.datetime.now(dt.UTC))
        desk.directory.events.flush()
