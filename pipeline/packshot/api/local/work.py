"""The work behind the API on one machine: three lines of jobs, and what is put into them."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import dataclass, replace
from typing import Final

from packshot.api.backend import Backend, Desk
from packshot.api.jobs import Job, get_job, new_job, page_of_jobs
from packshot.api.kept.ordering import order_of
from packshot.api.kept.orders import DownloadOrder, RetryOrder, ReworkOrder
from packshot.api.lists import MOST, look_through
from packshot.api.local.desks import local_desk
from packshot.api.local.line import Line
from packshot.api.local.ordering import Ordering
from packshot.api.local.runs import Runs
from packshot.api.local.singles import Singles
from packshot.api.local.uploads import LocalUploads
from packshot.api.local.zips import Zips
from packshot.api.models.batches import (
    BatchRequest,
    BatchStarted,
    DownloadRequest,
    DryRun,
    ProgressView,
)
from packshot.api.models.enhance import EnhanceSettings
from packshot.api.models.jobs import JobKind, JobState, JobView
from packshot.api.views import batch_view
from packshot.batches import again
from packshot.batches.plan import claim
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import ImageTask, Overrides
from packshot.errors import ManifestError, RequestError, SettingsError
from packshot.local.runner import Machinery, resolve_again, run

_TICK_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Lines:
    """What does the work."""

    runs: Runs
    singles: Singles
    zips: Zips

    @property
    def all(self) -> tuple[Line, ...]:
        """The lines themselves."""
        return (self.runs.line, self.singles.line, self.zips.line)

    def of(self, kind: JobKind) -> Line:
        """The line of a kind of job."""
        match kind:
            case JobKind.BATCH | JobKind.RETRY:
                return self.runs.line
            case JobKind.REWORK | JobKind.ENHANCE:
                return self.singles.line
            case JobKind.DOWNLOAD:
                return self.zips.line


class LocalWork:
    """Takes orders.

    Args:
        lines: what does the work.
        ordering: turns requests into orders.
        uploads: whose files are worked on.
        machinery: what it is done with.
    """

    #: Set when the whole is put together; batches are shown as all of it sees them.
    backend: Backend

    def __init__(self, lines: Lines, ordering: Ordering, uploads: LocalUploads, machinery: Machinery) -> None:
        self._lines = lines
        self._ordering = ordering
        self._uploads = uploads
        self._machinery = machinery

    def start(self, desk: Desk, request: BatchRequest) -> BatchStarted:
        ordered = self._ordering.batch(desk, request)
        surveyed = self._ordering.look_at(ordered.order).surveyed
        batch_id = surveyed.batch.batch_id
        if self._lines.runs.line.find(lambda job: job.batch_id == batch_id) is None:
            order = ordered.order.model_dump(mode="json")
            job = new_job(JobKind.BATCH, _now(), order, batch_id=batch_id)
            self._lines.runs.line.add(job, desk.documents)
        batch = claim(surveyed.batch, desk.table, desk.publish)
        self._uploads.mark_used(desk, ordered.named.folder)
        return BatchStarted(
            batch=batch_view(batch, self.backend, desk),
            row_errors=surveyed.row_errors[:MOST],
            row_errors_left=max(0, len(surveyed.row_errors) - MOST),
        )

    def check(self, desk: Desk, request: BatchRequest) -> DryRun:
        ordered = self._ordering.batch(desk, request, dry=True)
        facts = look_through(ordered.order.rules.applied(ordered.manifest.rows))
        try:
            found = run(replace(self._ordering.request(ordered.order), dry_run=True), None, self._machinery)
        except ManifestError as error:
            if error.code != "manifest_rows_invalid":
                raise
            # Not one row can be used: that is what a dry run is there to say.
            return DryRun(**facts, to_process=0, reused=0, preset=ordered.order.preset or "")
        # Under a preset rows may also clash by the names of their files.
        facts |= {
            "total": found.batch.total,
            "rejected_rows": found.batch.rejected_rows,
            "row_errors": found.row_errors[:MOST],
            "row_errors_left": max(0, len(found.row_errors) - MOST),
        }
        preset = found.batch.settings.preset.name
        return DryRun(**facts, to_process=found.processed, reused=found.reused, preset=preset)

    def retry(self, desk: Desk, batch: BatchRecord, image_ids: tuple[str, ...]) -> JobView:
        self._refuse_at_work(batch, "retried")
        if batch.status is not Status.COMPLETED and not image_ids:
            order = order_of(desk, batch.batch_id)
            if order is not None:
                job = new_job(JobKind.BATCH, _now(), order, batch_id=batch.batch_id)
                return self._lines.runs.line.add(job, desk.documents).view()
        # Unknown ids are refused now, not later.
        for image_id in image_ids:
            if desk.table.get_image(batch.batch_id, image_id) is None:
                raise SettingsError("image_unknown", image_id=image_id)
        retry = RetryOrder(batch_id=batch.batch_id, image_ids=image_ids)
        job = new_job(JobKind.RETRY, _now(), retry.model_dump(mode="json"), batch_id=batch.batch_id)
        return self._lines.runs.line.add(job, desk.documents).view()

    def cancel(self, desk: Desk, batch: BatchRecord) -> None:
        line = self._lines.runs.line
        found = line.find(lambda job: job.batch_id == batch.batch_id)
        if found is None or not line.cancel(found[0].job_id, desk.documents):
            raise RequestError(
                "batch_state", batch_id=batch.batch_id, status=batch.status.value, action="cancelled"
            )
        if found[0].kind is JobKind.BATCH and batch.status is Status.PENDING:
            self._lines.runs.cancelled(batch.batch_id, local_desk(desk))

    def rework(self, desk: Desk, image: ImageRecord, overrides: Overrides) -> JobView:
        batch = desk.table.get_batch(image.batch_id)
        if batch is None:
            raise RequestError("batch_unknown", batch_id=image.batch_id)
        if overrides.model is not None:
            self._machinery.code.model_sha256(overrides.model)
        # What can be wrong with it is found now.
        resolve = resolve_again(batch.base, self._ordering.roots)
        list(again.rework(batch, desk.table, resolve, (image.image_id,), overrides))
        order = ReworkOrder(batch_id=image.batch_id, image_ids=(image.image_id,), overrides=overrides)
        job = new_job(
            JobKind.REWORK,
            _now(),
            order.model_dump(mode="json"),
            batch_id=image.batch_id,
            image_id=image.image_id,
        )
        return self._lines.singles.line.add(job, desk.documents).view()

    def enhance(self, desk: Desk, source: str, settings: EnhanceSettings) -> JobView:
        order = self._ordering.single(desk, source, settings)
        surveyed = self._ordering.look_at(order).surveyed
        tasks = [one for one in surveyed.planned(surveyed.batch.settings) if isinstance(one, ImageTask)]
        job = new_job(
            JobKind.ENHANCE,
            _now(),
            order.model_dump(mode="json"),
            batch_id=surveyed.batch.batch_id,
            image_id=tasks[0].image_id,
        )
        self._lines.singles.line.add(job, desk.documents)
        claim(surveyed.batch, desk.table, desk.publish)
        return job.view()

    async def wait(self, job_id: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._at_work(job_id):
            await asyncio.sleep(_TICK_S)

    def download(self, desk: Desk, batch: BatchRecord, request: DownloadRequest) -> JobView:
        order = DownloadOrder(batch_id=batch.batch_id, include=request.include, renditions=request.renditions)
        job = new_job(JobKind.DOWNLOAD, _now(), order.model_dump(mode="json"), batch_id=batch.batch_id)
        return self._lines.zips.line.add(job, desk.documents).view()

    def job(self, desk: Desk, job_id: str) -> JobView:
        return get_job(desk.documents, job_id).view()

    def jobs(self, desk: Desk, limit: int, cursor: str | None) -> tuple[tuple[JobView, ...], str | None]:
        found, following = page_of_jobs(desk.documents, limit, cursor)
        return tuple(job.view() for job in found), following

    def progress(self, desk: Desk, batch: BatchRecord) -> tuple[ProgressView, str | None] | None:
        del desk
        return self._lines.runs.progress(batch.batch_id)

    def go_on(self, desk: Desk) -> None:
        """Puts the jobs that an earlier server had not finished back into their lines, oldest first."""
        unfinished: list[Job] = []
        cursor: str | None = None
        while True:
            jobs, cursor = page_of_jobs(desk.documents, 500, cursor)
            unfinished += [job for job in jobs if not job.state.ended]
            if cursor is None:
                break
        for job in reversed(unfinished):
            waiting = job.model_copy(update={"state": JobState.QUEUED, "started_at": None})
            self._lines.of(job.kind).add(waiting, desk.documents, again=True)

    def _refuse_at_work(self, batch: BatchRecord, action: str) -> None:
        if self._lines.runs.progress(batch.batch_id) is not None:
            raise RequestError("batch_state", batch_id=batch.batch_id, status="still at work", action=action)

    def _at_work(self, job_id: str) -> bool:
        return any(line.find(lambda job: job.job_id == job_id) is not None for line in self._lines.all)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
