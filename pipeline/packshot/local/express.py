"""Single images beside the runs: a photo to finish now, an image to make again while somebody waits.

One worker process is kept warm. It does not take the folder's lock: records are told apart by their
versions, as those of two functions on AWS are, and its files are staged in a folder of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from packshot.batches import again
from packshot.batches.plan import claim, start
from packshot.batches.summarise import summarise
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import BatchSettings, Overrides
from packshot.local.feed import Feed
from packshot.local.meter import Meter
from packshot.local.pool import Pool
from packshot.local.references import references_of
from packshot.local.request import RunRequest
from packshot.local.runner import DEFAULT, Machinery, Work, resolve_again
from packshot.local.session import Session
from packshot.local.stopping import Stopping
from packshot.local.store import LocalDirectory, open_or_make
from packshot.local.survey import Opened, open_for
from packshot.local.worker import Setup
from packshot.presets import DEFAULT_PRESET, load_preset

_STAGING: Final = "staging-express"


def look_at(request: RunRequest, machinery: Machinery = DEFAULT) -> Opened:
    """Opens a list and looks it through; nothing is written.

    Raises:
        ManifestError, SettingsError, ModelError: as `packshot.local.runner.run`.
    """
    return open_for(request, machinery.code, machinery.clock())


class Express:
    """Does one thing after the other with a worker process that stays.

    Args:
        out: the output folder.
        machinery: what it is made with.
    """

    def __init__(self, out: Path, machinery: Machinery) -> None:
        self._out = out
        self._machinery = machinery
        self._pool: Pool | None = None

    def single(self, request: RunRequest, stopping: Stopping) -> bool:
        """Runs a batch of few photos, whatever was finished before; False when it was asked to end."""
        looked_at = look_at(request, self._machinery)
        planned = looked_at.surveyed.planned
        with self._directory() as directory:
            batch = claim(looked_at.surveyed.batch, directory.table, directory.publish)
            batch = start(batch, directory.table, directory.publish, self._machinery.clock())
            work = Work(
                looked_at.manifest.resolve,
                looked_at.manifest.roots,
                references_of(planned(batch.settings), batch, None),
                planned(batch.settings),
                Feed.everything,
            )
            finished = self._work(directory, batch, work, stopping)
            summarise(batch, directory.table, directory.publish, self._machinery.clock(), finished=finished)
            return finished

    def rework(
        self,
        batch_id: str,
        image_ids: Iterable[str],
        overrides: Overrides,
        roots: tuple[Path, ...],
        stopping: Stopping,
    ) -> bool:
        """Runs images of a batch again with other settings; False when it was asked to end.

        Raises:
            SettingsError: image_unknown, option_invalid, directory_unknown.
        """
        with self._directory() as directory:
            batch = directory.batch(batch_id)
            resolve = resolve_again(batch.base, roots)
            tasks = list(again.rework(batch, directory.table, resolve, image_ids, overrides))
            allowed = (Path(batch.base), *roots) if batch.base.startswith("/") else roots
            work = Work(resolve, allowed, references_of(tasks, batch, None), tasks, Feed.everything)
            finished = self._work(directory, batch, work, stopping)
            self._sum_up(batch_id, directory)
            return finished

    def warm_up(self) -> None:
        """Starts the process, so that the first photo does not wait for it."""
        with self._directory() as directory:
            settings = BatchSettings(preset=load_preset(DEFAULT_PRESET), as_of=self._machinery.clock().date())
            setup = Setup(settings, self._machinery.code, directory.staging, directory.references, ())
        self._pool_for(setup, 1).warm_up()

    def close(self) -> None:
        """Ends the process."""
        if self._pool is not None:
            self._pool.stop()
            self._pool = None

    def _sum_up(self, batch_id: str, directory: LocalDirectory) -> None:
        batch = directory.batch(batch_id)
        # A batch whose run goes on is summed up by that run.
        if batch.status is Status.COMPLETED:
            summarise(batch, directory.table, directory.publish, self._machinery.clock())

    def _directory(self) -> LocalDirectory:
        return dataclasses.replace(open_or_make(self._out), staging_name=_STAGING)

    def _work(self, directory: LocalDirectory, batch: BatchRecord, work: Work, stopping: Stopping) -> bool:
        session = Session(
            directory=directory,
            batch=batch,
            resolve=work.resolve,
            roots=work.roots,
            code=self._machinery.code,
            jobs=1,
            make_pool=self._pool_for,
            clock=self._machinery.clock,
            stopping=stopping,
            meter=Meter(1, None),
            keeps_pool=True,
        )
        return session.work(work.references, work.planned, work.decide)

    def _pool_for(self, setup: Setup, size: int) -> Pool:
        if self._pool is None:
            self._pool = self._machinery.pool(setup, size, self._machinery.patience)
        else:
            self._pool.renew(setup)
        return self._pool
