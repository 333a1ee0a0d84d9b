"""A worker process: takes a task, runs the stages, stages the files, answers with facts.

Pixels never cross the process border. Finished files are written into the run's staging folder, in
the output's own file system, and the parent only renames them (see docs/decisions/0009-runner.md).
"""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packshot.adapters.fetch import local_fetcher
from packshot.adapters.local.disk import whole_file
from packshot.adapters.local.workspace import FolderWorkspace
from packshot.batches.outcome import error_facts
from packshot.contracts.records import ErrorFacts
from packshot.contracts.stages import CompressOutput, RenditionFile
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.errors import PackshotError
from packshot.local.stage_code import StageCode
from packshot.ports import Fetcher
from packshot.stages.context import StageContext
from packshot.stages.workspace import MemoryWorkspace
from packshot.workflow import FETCHES, STAGE_NAMES

if TYPE_CHECKING:
    from packshot.matting.model import MattingModel

#: What `Job.kind` can be.
REFERENCE: Final = "reference"
IMAGE: Final = "image"

#: Positions in the shared clock: which stage is running (-1: none), and since when (time.monotonic).
STAGE, SINCE = 0, 1


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know once.

    Attributes:
        settings: of the batch.
        code: the stages.
        staging: folder of this run's finished files, named as `staged_name` says.
        references: folder of the prepared references, one folder per reference in it.
        roots: folders that local photos may lie under.
    """

    settings: BatchSettings
    code: StageCode
    staging: Path
    references: Path
    roots: tuple[Path, ...]


def staged_name(image_id: str, one: RenditionFile) -> str:
    """Name of a finished file in the staging folder.

    Flat, since making and removing a folder per image costs more than its files on journalling
    file systems.
    """
    return f"{image_id}.{one.name}.{one.format.extension}"


@dataclass(frozen=True, slots=True)
class Job:
    """One task for a worker."""

    kind: str
    task: ImageTask


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says of a job.

    Attributes:
        outputs: of the stages, by name.
        retryable: the error may pass, and nobody has tried again yet.
        source_sha256: of the bytes that were read, or None.
    """

    job: Job
    outputs: Mapping[str, Any]
    error: ErrorFacts | None
    retryable: bool = False
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    source_sha256: str | None = None


def main(connection: Connection, setup: Setup, clock: MutableSequence[float]) -> None:
    """The process's life: jobs in, answers out, until the parent hangs up; a `Setup` begins another batch."""
    # Ctrl-C goes to the whole group; the parent decides when work ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    setup.code.prepare()
    # Networks outlive a change of batch: loading one takes longer than a picture.
    matting = lru_cache(maxsize=4)(setup.code.load_model)
    worker = _Worker(setup, clock, matting)
    while True:
        try:
            given = connection.recv()
        except EOFError:
            return
        if isinstance(given, Setup):
            worker = _Worker(given, clock, matting)
        else:
            connection.send(worker.work(given))


def _die_with_parent() -> None:
    """A killed run must not leave workers behind that write where the next run writes."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


class _LastRead:
    """A `Fetcher` that knows what it read last, so that a photo that failed has a hash as well."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.data: bytes | None = None

    def fetch(self, source: str) -> bytes:
        self.data = self._fetcher.fetch(source)
        return self.data


class _Worker:
    def __init__(
        self, setup: Setup, clock: MutableSequence[float], matting: Callable[[str], MattingModel]
    ) -> None:
        self._setup = setup
        self._clock = clock
        self._fetcher = _LastRead(local_fetcher(setup.roots))
        # References are re-read from disk by each image otherwise; a few cover a manifest sorted by product.
        self._reference = lru_cache(maxsize=4)(self._open_reference)
        self._context = StageContext(
            fetcher=self._fetcher,
            matting=matting,
            reference=self._reference,
        )

    def work(self, job: Job) -> Answer:
        self._fetcher.data = None
        self._enter(STAGE_NAMES[0])
        try:
            return self._reference_job(job) if job.kind == REFERENCE else self._image_job(job)
        finally:
            self._clock[STAGE] = -1
            self._fetcher.data = None

    def _image_job(self, job: Job) -> Answer:
        workspace = MemoryWorkspace()
        state = {"task": job.task, "settings": self._setup.settings}
        outcome = self._setup.code.run_image(state, workspace, self._context, self._enter)
        outputs = {name: outcome.state[name] for name in STAGE_NAMES if name in outcome.state}
        if outcome.error is not None:
            return self._answer(job, outputs, outcome.error, outcome.timings_ms)
        try:
            self._stage_files(job.task, outputs["compress"], workspace)
        except PackshotError as error:
            return self._answer(job, outputs, error, outcome.timings_ms, retryable=error.retryable)
        return self._answer(job, outputs, None, outcome.timings_ms)

    def _reference_job(self, job: Job) -> Answer:
        self._reference.cache_clear()
        workspace = self._open_reference(job.task.image_id)
        workspace.clear()
        started = time.perf_counter()
        failure: PackshotError | None = None
        try:
            self._setup.code.run_reference(job.task, self._setup.settings, workspace, self._context)
        except PackshotError as error:
            failure = error
        timings = {FETCHES: (time.perf_counter() - started) * 1000}
        again = failure is not None and failure.retryable
        return self._answer(job, {}, failure, timings, retryable=again)

    def _answer(
        self,
        job: Job,
        outputs: dict[str, Any],
        error: PackshotError | None,
        timings: dict[str, float],
        *,
        retryable: bool = False,
    ) -> Answer:
        facts = None if error is None else error_facts(error)
        return Answer(job, outputs, facts, retryable, timings, self._hash(outputs))

    def _hash(self, outputs: dict[str, Any]) -> str | None:
        if "detect" in outputs:
            known: str = outputs["detect"].source.sha256
            return known
        data = self._fetcher.data
        return None if data is None else hashlib.sha256(data).hexdigest()

    def _stage_files(self, task: ImageTask, compressed: CompressOutput, workspace: MemoryWorkspace) -> None:
        for one in compressed.renditions:
            with whole_file(self._setup.staging / staged_name(task.image_id, one)) as file:
                file.write(workspace.get_bytes(f"renditions/{one.name}.{one.format.extension}"))

    def _open_reference(self, reference_id: str) -> FolderWorkspace:
        return FolderWorkspace(self._setup.references / reference_id)

    def _enter(self, stage: str) -> None:
        self._clock[SINCE] = time.monotonic()
        self._clock[STAGE] = STAGE_NAMES.index(stage)
