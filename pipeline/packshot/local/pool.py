"""Worker processes: fed one job ahead, watched, and replaced when they die or hang."""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import connection, resource_tracker
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from packshot.batches.outcome import error_facts
from packshot.contracts.records import ErrorFacts
from packshot.errors import InternalError
from packshot.local.worker import SINCE, STAGE, Answer, Job, Setup, main
from packshot.workflow import STAGES

#: Jobs that a worker holds: the one in work, and one so that it never waits for the parent.
_AHEAD: Final = 2
#: A stage may take this many times the workflow's time-out, whose figures are for a quiet processor.
PATIENCE: Final = 3.0
#: Seconds for a new process to import its code and answer for the first time, on top of the stage's.
_START_S: Final = 120.0
#: Processes in a row that die before they begin a job: then it is not the photos.
_MAX_STILLBORN: Final = 4


@dataclass(frozen=True, slots=True)
class Lost:
    """A job whose worker died or hung; `hung` names the stage when it was killed for its time."""

    job: Job
    error: ErrorFacts


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """A process that is started inside is born deaf to Ctrl-C, which goes to the whole group.

    It is the parent's to hear, and until `worker.main` says so the newborn would die of it, with a traceback.
    """
    # Started by the first process otherwise, and it lets the interrupts loose again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """One process as the parent sees it."""

    def __init__(self, setup: Setup) -> None:
        # Forking a process that holds SQLite and locks is unsafe; spawn is also what macOS does.
        context = mp.get_context("spawn")
        self.clock: Any = context.RawArray("d", [-1.0, 0.0])
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=main, args=(theirs, setup, self.clock), daemon=True, name="packshot-worker"
        )
        with _interrupts_held():
            self.process.start()
        theirs.close()
        self.jobs: deque[Job] = deque()
        self.busy_since = time.monotonic()

    def send(self, job: Job) -> None:
        if not self.jobs:
            self.busy_since = time.monotonic()
        self.jobs.append(job)
        try:
            self.pipe.send(job)
        except (BrokenPipeError, ConnectionResetError):
            # It has just died; the sentinel tells, and the job is counted among its jobs.
            return

    def tell(self, setup: Setup) -> bool:
        """Tells it, while idle, of another batch; False when it has died."""
        try:
            self.pipe.send(setup)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return self.process.is_alive()

    def receive(self) -> Answer | None:
        """Its next answer, or None when it has died in the middle of one."""
        try:
            answer: Answer = self.pipe.recv()
        except (EOFError, OSError):
            # Nothing more, or a message that breaks off.
            return None
        self.jobs.popleft()
        self.busy_since = time.monotonic()
        return answer

    def hung_stage(self, patience: float) -> str | None:
        """The stage that has run for too long, or None."""
        if not self.jobs:
            return None
        now, index = time.monotonic(), int(self.clock[STAGE])
        if index < 0:
            return STAGES[0].name if now - self.busy_since > _START_S else None
        stage = STAGES[index]
        return stage.name if now - self.clock[SINCE] > stage.timeout_s * patience else None

    @property
    def unborn(self) -> bool:
        """It has not begun any job."""
        return bool(self.clock[SINCE] == 0.0)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """A fixed number of worker processes, started with the first job.

    Args:
        setup: what each worker is told.
        size: how many; at least one.
        patience: times the workflow's time-outs that a stage may take.

    Raises (from `wait`):
        InternalError: worker_lost, when processes die again and again before they begin a job.
    """

    def __init__(self, setup: Setup, size: int, patience: float = PATIENCE) -> None:
        self._setup = setup
        self._size = size
        self._patience = patience
        self._workers: list[_Worker] = []
        self._stillborn = 0

    def renew(self, setup: Setup) -> None:
        """Begins another batch with the idle processes that there are."""
        self.rest()
        self._setup = setup
        for worker in list(self._workers):
            if not worker.tell(setup):
                worker.kill()
                self._workers.remove(worker)

    def rest(self) -> None:
        """Ends the processes that are at work, and keeps the idle ones."""
        for worker in [worker for worker in self._workers if worker.jobs]:
            worker.kill()
            self._workers.remove(worker)

    def warm_up(self) -> None:
        """Starts the processes before the first job comes."""
        while len(self._workers) < self._size:
            self._workers.append(_Worker(self._setup))

    @property
    def room(self) -> bool:
        """True when a job can be handed out without piling up."""
        return len(self._workers) < self._size or any(len(one.jobs) < _AHEAD for one in self._workers)

    @property
    def jobs(self) -> list[Job]:
        """All jobs that are handed out."""
        return [job for worker in self._workers for job in worker.jobs]

    @property
    def in_work(self) -> list[Job]:
        """The job that each busy worker is at."""
        return [worker.jobs[0] for worker in self._workers if worker.jobs]

    def submit(self, job: Job) -> None:
        """Hands a job to the worker with the fewest."""
        idle = any(not worker.jobs for worker in self._workers)
        if not idle and len(self._workers) < self._size:
            self._workers.append(_Worker(self._setup))
        min(self._workers, key=lambda worker: len(worker.jobs)).send(job)

    def wait(self, timeout: float) -> Iterator[Answer | Lost]:
        """Answers and losses, as they come; ends when there are none, after at most `timeout` seconds."""
        by_handle: dict[Any, _Worker] = {}
        for worker in self._workers:
            by_handle[worker.pipe] = worker
            by_handle[worker.process.sentinel] = worker
        ready = connection.wait(list(by_handle), timeout) if by_handle else []
        # One look at each worker, though pipe and sentinel may both be ready.
        for worker in dict.fromkeys(by_handle[handle] for handle in ready):
            yield from self._hear(worker)
        for worker in list(self._workers):
            stage = worker.hung_stage(self._patience)
            if stage is not None:
                error = InternalError("stage_timeout", stage=stage)
                error.stage = stage
                yield from self._bury(worker, error)

    def stop(self) -> None:
        """Ends all workers at once; what they had in work is forgotten."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def _hear(self, worker: _Worker) -> Iterator[Answer | Lost]:
        # What a dying process had sent is still in the pipe, and counts.
        while worker.jobs and worker.pipe.poll():
            answer = worker.receive()
            if answer is None:
                break
            yield answer
        if not worker.process.is_alive():
            yield from self._bury(worker, InternalError("worker_lost"))

    def _bury(self, worker: _Worker, error: InternalError) -> Iterator[Lost]:
        if worker not in self._workers:
            return
        worker.kill()
        self._workers.remove(worker)
        # Of a process that never began a job, the photo is not to blame.
        self._stillborn = self._stillborn + 1 if worker.unborn else 0
        if self._stillborn >= _MAX_STILLBORN:
            raise InternalError("worker_lost")
        jobs = list(worker.jobs)
        # Only the first was in work; the others did nothing wrong.
        for job in jobs[1:]:
            self.submit(job)
        if jobs:
            yield Lost(jobs[0], error_facts(error))
