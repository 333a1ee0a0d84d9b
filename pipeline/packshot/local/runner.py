"""The one-machine runner: plans a batch, keeps worker processes busy, records what they return."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from packshot.adapters.local.disk import translated
from packshot.batches import again
from packshot.batches.plan import BadRow, Resolve, claim, start
from packshot.batches.summarise import summarise
from packshot.batches.survey import Survey
from packshot.contracts.manifest import RowError
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import ImageTask
from packshot.local.cores import usable_cores
from packshot.local.feed import Feed, Reused
from packshot.local.meter import Meter
from packshot.local.options import check_options, reference_as_written
from packshot.local.pool import PATIENCE, Pool
from packshot.local.references import references_of
from packshot.local.request import Report, RetryRequest, ReworkRequest, RunRequest, RunResult
from packshot.local.session import Session
from packshot.local.spare import spare
from packshot.local.stage_code import PRODUCTION, StageCode
from packshot.local.stopping import Stopping
from packshot.local.store import (
    TABLE,
    LocalDirectory,
    lock,
    open_directory,
    open_or_make,
    remove_results,
    remove_scraps,
)
from packshot.local.survey import Opened, open_for, would_reuse
from packshot.local.worker import Setup
from packshot.manifests.locate import Base, base_of, resolve_listed

_ROOTS = "allow_roots"


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Machinery:
    """What a run is made with; tests bring their own.

    Attributes:
        code: the stages.
        patience: times the workflow's time-outs that a stage may take.
        clock: UTC now.
        stopping: asked whether to end; by default Ctrl-C and SIGTERM ask it.
        pool: makes the workers.
    """

    code: StageCode = PRODUCTION
    patience: float = PATIENCE
    clock: Callable[[], dt.datetime] = _utc_now
    stopping: Stopping | None = None
    pool: Callable[[Setup, int, float], Pool] = Pool


DEFAULT = Machinery()


def run(request: RunRequest, progress: Report | None = None, machinery: Machinery = DEFAULT) -> RunResult:
    """Runs a batch to its end, going on where an earlier run stopped.

    Raises:
        ManifestError: nothing in it can be used; with `strict`, any bad row (manifest_rows_invalid).
        SettingsError: unknown or unusable options; options_changed, output_taken.
        SourceError: the reference can't be one; source_outside_root.
        ModelError: the background network can't be used.
        StorageError: output_locked, output_not_writable, disk_full, store_corrupt.
    """
    started = time.monotonic()
    opened = open_for(request, machinery.code, machinery.clock())
    manifest, surveyed = opened.manifest, opened.surveyed
    spare(request)
    if request.dry_run:
        return _dry_run(request, opened, machinery, started)
    with translated(request.out):
        request.out.mkdir(parents=True, exist_ok=True)
    with lock(request.out):
        if request.fresh:
            remove_results(request.out)
        with open_or_make(request.out) as directory:
            if not request.mixed:
                check_options(surveyed.batch.settings, directory.database, request.out)
            directory.database.set_meta(_ROOTS, json.dumps([str(root) for root in manifest.roots]))
            batch = _claimed(surveyed, directory)
            directory.set_newest_batch(batch.batch_id)
            references = references_of(surveyed.planned(batch.settings), batch, directory)
            planned = surveyed.planned(batch.settings)
            work = Work(manifest.resolve, manifest.roots, references, planned, Feed.decide)
            return _work(
                directory,
                batch,
                machinery,
                work,
                jobs=request.jobs,
                total=batch.total,
                row_errors=surveyed.row_errors,
                progress=progress,
                started=started,
            )


def _claimed(surveyed: Survey, directory: LocalDirectory) -> BatchRecord:
    """The batch, with what the list says today: it may lie elsewhere, and more folders may be allowed."""
    batch = claim(surveyed.batch, directory.table, directory.publish)
    known = directory.table.refused_lines(batch.batch_id)
    if known:
        planned = surveyed.planned(batch.settings)
        refused = {item.image_id: item.error for item in planned if isinstance(item, BadRow)}
        for line in known:
            if line.error != refused.get(line.image_id):
                directory.table.forget_line(line)
    # The settings are the same ones but for the day, by which a rule may have come into force since.
    told = ("base", "manifest", "rejected_rows", "settings")
    return batch.model_copy(update={name: getattr(surveyed.batch, name) for name in told})


def retry(request: RetryRequest, progress: Report | None = None, machinery: Machinery = DEFAULT) -> RunResult:
    """Runs the failed images of the newest batch again, each as a new revision.

    Raises:
        SettingsError: directory_unknown, image_unknown.
        ModelError, StorageError: as `run`.
    """

    def tasks(batch: BatchRecord, directory: LocalDirectory, resolve: Resolve) -> Iterator[ImageTask]:
        return again.retry(batch, directory.table, resolve, request.image_ids)

    chosen = request.batch_id
    return _again(request.out, request.allow_roots, request.jobs, tasks, progress, machinery, chosen)


def rework(
    request: ReworkRequest, progress: Report | None = None, machinery: Machinery = DEFAULT
) -> RunResult:
    """Runs images of the newest batch again with other settings, each as a new revision.

    Raises:
        SettingsError: directory_unknown, image_unknown, option_invalid.
        SourceError: the reference can't be one.
        ModelError, StorageError: as `run`.
    """

    def tasks(batch: BatchRecord, directory: LocalDirectory, resolve: Resolve) -> Iterator[ImageTask]:
        overrides = request.overrides
        if overrides.reference is not None:
            reference = reference_as_written(overrides.reference, Base(batch.base), resolve)
            overrides = overrides.model_copy(update={"reference": reference})
        return again.rework(batch, directory.table, resolve, request.image_ids, overrides)

    return _again(request.out, request.allow_roots, request.jobs, tasks, progress, machinery)


@dataclass(frozen=True, slots=True)
class Work:
    """What a session is to do."""

    resolve: Resolve
    roots: tuple[Path, ...]
    references: dict[str, str]
    planned: Iterable[ImageTask | BadRow]
    decide: Callable[[Feed, Iterable[ImageTask | BadRow]], Iterator[ImageTask | Reused]]


def _work(
    directory: LocalDirectory,
    batch: BatchRecord,
    machinery: Machinery,
    work: Work,
    *,
    jobs: int | None,
    total: int,
    row_errors: tuple[RowError, ...],
    progress: Report | None,
    started: float,
) -> RunResult:
    remove_scraps(directory)
    batch = start(batch, directory.table, directory.publish, machinery.clock())
    meter = Meter(total, progress)
    with machinery.stopping or Stopping() as stopping:
        session = Session(
            directory=directory,
            batch=batch,
            resolve=work.resolve,
            roots=work.roots,
            code=machinery.code,
            jobs=jobs or usable_cores(),
            make_pool=lambda setup, size: machinery.pool(setup, size, machinery.patience),
            clock=machinery.clock,
            stopping=stopping,
            meter=meter,
        )
        meter.start()
        finished = session.work(work.references, work.planned, work.decide)
        batch = summarise(batch, directory.table, directory.publish, machinery.clock(), finished=finished)
        directory.write_results()
        meter.finish()
    return RunResult(
        batch=batch,
        row_errors=row_errors,
        reused=meter.reused_count,
        processed=meter.processed_count,
        elapsed_s=time.monotonic() - started,
        interrupted=not finished,
        stage_ms=dict(session.stage_ms),
    )


def _again(
    out: Path,
    allow_roots: tuple[Path, ...],
    jobs: int | None,
    tasks: Callable[[BatchRecord, LocalDirectory, Resolve], Iterator[ImageTask]],
    progress: Report | None,
    machinery: Machinery,
    batch_id: str | None = None,
) -> RunResult:
    started = time.monotonic()
    open_directory(out).close()
    with lock(out), open_directory(out) as directory:
        batch = directory.batch(batch_id)
        machinery.code.model_sha256(batch.settings.model)
        roots = tuple(Path(root) for root in json.loads(directory.database.get_meta(_ROOTS) or "[]"))
        if batch.base.startswith("/"):
            # The folder's last run may have been another batch's.
            roots = (Path(batch.base), *roots)
        resolve = resolve_again(batch.base, (*roots, *allow_roots))
        # Few, unlike a batch's images: they are known before the first one starts.
        chosen = list(tasks(batch, directory, resolve))
        references = references_of(chosen, batch, None)
        everything = Work(resolve, (*roots, *allow_roots), references, chosen, Feed.everything)
        return _work(
            directory,
            batch,
            machinery,
            everything,
            jobs=jobs,
            total=len(chosen),
            row_errors=(),
            progress=progress,
            started=started,
        )


def resolve_again(place: str, roots: tuple[Path, ...]) -> Resolve:
    """Resolves sources of a batch that was planned before, from its record's `base`."""
    return partial(resolve_listed, base=base_of(Path(place), roots))


def _dry_run(request: RunRequest, opened: Opened, machinery: Machinery, started: float) -> RunResult:
    surveyed, reused = opened.surveyed, 0
    if (request.out / TABLE).is_file() and not request.fresh:
        with open_directory(request.out) as directory:
            if not request.mixed:
                check_options(surveyed.batch.settings, directory.database, request.out, dry=True)
            reused = would_reuse(opened, directory, machinery.code.model_sha256, machinery.clock)
    return RunResult(
        batch=surveyed.batch,
        row_errors=surveyed.row_errors,
        reused=reused,
        processed=surveyed.batch.total - surveyed.batch.rejected_rows - reused,
        elapsed_s=time.monotonic() - started,
        interrupted=False,
        dry_run=True,
    )
