"""One run over one batch: references first, then images, each answer recorded as it comes."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from packshot.batches.outcome import Result
from packshot.batches.plan import BadRow, Resolve
from packshot.batches.record import record
from packshot.contracts.records import BatchRecord
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import ImageTask, effective_model
from packshot.errors import ModelError
from packshot.local.feed import Feed, Reused
from packshot.local.loop import Loop
from packshot.local.meter import Meter
from packshot.local.pool import Lost, Pool
from packshot.local.references import Preparation, References
from packshot.local.stage_code import StageCode
from packshot.local.stopping import Stopping
from packshot.local.store import LocalDirectory
from packshot.local.worker import IMAGE, REFERENCE, Answer, Job, Setup, staged_name

Clock = Callable[[], dt.datetime]

#: Seconds between two looks at the event log; it is made whole at the end in any case.
_FLUSH_S: Final = 1.0


@dataclass(slots=True)
class Session:
    """What a run holds while it lasts.

    Attributes:
        directory: the output folder, locked.
        batch: the batch, claimed.
        resolve: sources as written to places.
        roots: folders that local photos may lie under.
        code: the stages.
        jobs: worker processes.
        make_pool: workers, of a set-up and how many.
        clock: UTC now.
        stopping: whether somebody asked the run to end.
        meter: counts, and tells the caller.
        keeps_pool: the idle workers stay, for whoever made them.
    """

    directory: LocalDirectory
    batch: BatchRecord
    resolve: Resolve
    roots: tuple[Path, ...]
    code: StageCode
    jobs: int
    make_pool: Callable[[Setup, int], Pool]
    clock: Clock
    stopping: Stopping
    meter: Meter
    keeps_pool: bool = False
    stage_ms: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, os.stat_result] = field(default_factory=dict)
    _flushed: float = 0.0

    def work(
        self,
        references: Mapping[str, str],
        planned: Iterable[ImageTask | BadRow],
        decide: Callable[[Feed, Iterable[ImageTask | BadRow]], Iterator[ImageTask | Reused]],
    ) -> bool:
        """Runs references and images; False when it was asked to end before it was through.

        Args:
            references: sources as written, by reference id.
            planned: the images.
            decide: which of them to work on; `Feed.decide`, or everything.
        """
        model_sha256 = lru_cache(maxsize=None)(self._model_sha256)
        run_folder = self.directory.new_staging()
        setup = Setup(self.batch.settings, self.code, run_folder, self.directory.references, self.roots)
        pool = self.make_pool(setup, self.jobs)
        try:
            prepared = self._prepare(references, pool, model_sha256)
            if prepared is None:
                return False
            feed = Feed(
                self.directory, self.batch, prepared, self.resolve, self.roots, model_sha256, self.clock
            )

            def done(event: Answer | Lost) -> None:
                self._record(event, feed, model_sha256, run_folder)

            loop = Loop(pool, self.stopping, done, lambda: self._tick(pool))
            return loop.run(self._image_jobs(decide(feed, planned)))
        finally:
            if self.keeps_pool:
                pool.rest()
            else:
                pool.stop()
            shutil.rmtree(run_folder, ignore_errors=True)

    def _model_sha256(self, name: str) -> str:
        try:
            return self.code.model_sha256(name)
        except ModelError:
            # The batch's own model was checked at the start; a row's own fails with that row.
            return ""

    def _image_jobs(self, items: Iterator[ImageTask | Reused]) -> Iterator[Job | None]:
        for item in items:
            if isinstance(item, Reused):
                self.meter.stands(item.record, reused=not item.refused)
                yield None
                continue
            if "://" not in item.source:
                # How the file looked before it was read; its hash is remembered if it still does after.
                with contextlib.suppress(OSError):
                    self._seen[item.image_id] = Path(item.source).stat()
            yield Job(IMAGE, item)

    def _record(
        self, event: Answer | Lost, feed: Feed, model_sha256: Callable[[str], str], run_folder: Path
    ) -> None:
        task = event.job.task
        answer = event if isinstance(event, Answer) else None
        sha256 = answer.source_sha256 if answer else None
        seen = self._seen.pop(task.image_id, None)
        if sha256 is not None and seen is not None:
            self.directory.sources.remember(Path(task.source), seen, sha256)
        result = Result(
            task=task,
            state=answer.outputs if answer else {},
            error=event.error,
            timings_ms=answer.timings_ms if answer else {},
            source_sha256=sha256,
            model_sha256=model_sha256(effective_model(task, self.batch.settings)),
            fingerprint=feed.fingerprint(task, sha256),
        )

        def handover(one: RenditionFile, key: str) -> None:
            self.directory.files.take(run_folder / staged_name(task.image_id, one), key)

        written = record(
            result,
            self.batch.settings,
            table=self.directory.table,
            files=self.directory.files,
            handover=handover,
            publish=self.directory.publish,
            now=self.clock(),
        )
        self.stage_ms.update(written.timings_ms)
        self.meter.processed(written)

    def _prepare(
        self, references: Mapping[str, str], pool: Pool, model_sha256: Callable[[str], str]
    ) -> References | None:
        """Prepares the references that are not ready yet; None when the run was asked to end."""
        model = model_sha256(self.batch.settings.model)
        preparation = Preparation(self.directory, self.batch, self.resolve, self.roots, model)

        def done(event: Answer | Lost) -> None:
            if event.error is None and isinstance(event, Answer):
                preparation.keep(event.job.task.image_id, event.source_sha256)

        jobs = (Job(REFERENCE, task) for task in preparation.missing(references))
        loop = Loop(pool, self.stopping, done, lambda: self._tick(pool))
        return preparation.result if loop.run(jobs) else None

    def _tick(self, pool: Pool) -> None:
        if time.monotonic() - self._flushed > _FLUSH_S:
            self.directory.events.flush()
            self._flushed = time.monotonic()
        self.meter.tick(tuple(job.task.row.image_url for job in pool.in_work))
