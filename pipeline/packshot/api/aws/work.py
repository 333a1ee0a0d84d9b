"""What takes longer than an answer: executions of the batch machine, and errands of the worker function."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Final

from fastapi.concurrency import run_in_threadpool

from packshot.adapters.aws.presigned import Presigner
from packshot.api.aws.asking import Asked, Asking, can_go_on
from packshot.api.aws.executions import Executions
from packshot.api.aws.job_states import EXECUTION, seen, view_of
from packshot.api.aws.sending import Send
from packshot.api.backend import Backend, Desk
from packshot.api.jobs import Job, get_job, new_job, page_of_jobs, put_job
from packshot.api.kept.orders import DownloadOrder
from packshot.api.kept.uploads import KeptUploads
from packshot.api.lists import MOST, look_through
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
from packshot.aws_runtime.batch import task_json
from packshot.aws_runtime.models import check_model
from packshot.aws_runtime.references import made_from
from packshot.batches import again
from packshot.batches.plan import claim, start
from packshot.batches.record import FINAL
from packshot.batches.summarise import fail
from packshot.contracts.again import AgainRequest
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import ImageTask, Overrides
from packshot.errors import ManifestError, RequestError, SettingsError
from packshot.manifests.uploaded import resolver_of
from packshot.stack.again import start_again
from packshot.stack.deployed import Stack

_TICK_S: Final = 0.3
#: Documents that say which job works on a batch.
_AT_WORK: Final = "at-work"


class AwsWork:
    """Takes orders.

    Args:
        stack: as its operator's commands see it.
        asking: turns requests into executions.
        executions: of the batch machine.
        uploads: whose files are worked on.
        presigner: of addresses.
        send: calls the worker function.
        express: whether there is a machine for single photos.
    """

    #: Set when the whole is put together; batches are shown as all of it sees them.
    backend: Backend

    def __init__(
        self,
        stack: Stack,
        asking: Asking,
        executions: Executions,
        uploads: KeptUploads,
        presigner: Presigner,
        send: Send,
        *,
        express: bool,
    ) -> None:
        self._stack = stack
        self._asking = asking
        self._executions = executions
        self._uploads = uploads
        self._presigner = presigner
        self._send = send
        self._express = express

    def start(self, desk: Desk, request: BatchRequest) -> BatchStarted:
        asked = self._asking.batch(desk, request)
        known = desk.table.get_batch(asked.batch.batch_id)
        batch = known
        if known is None or can_go_on(known):
            batch = self._asking.run(asked, known)
            self._keep(desk, JobKind.BATCH, batch)
        if asked.ordered is not None:
            self._uploads.mark_used(desk, asked.ordered.named.folder)
        errors = asked.surveyed.row_errors
        return BatchStarted(
            batch=batch_view(batch or asked.batch, self.backend, desk),
            row_errors=errors[:MOST],
            row_errors_left=max(0, len(errors) - MOST),
        )

    def check(self, desk: Desk, request: BatchRequest) -> DryRun:
        try:
            asked = self._asking.batch(desk, request, dry=True)
        except ManifestError as error:
            if error.code != "manifest_rows_invalid" or request.strict:
                raise
            # Not one row can be used: that is what a dry run is there to say.
            return self._nothing(desk, request)
        rows = asked.ordered.order.rules.applied(asked.ordered.manifest.rows) if asked.ordered else ()
        batch, errors = asked.batch, asked.surveyed.row_errors
        facts = look_through(rows) | {
            "total": batch.total,
            "rejected_rows": batch.rejected_rows,
            "row_errors": errors[:MOST],
            "row_errors_left": max(0, len(errors) - MOST),
        }
        known = desk.table.get_batch(batch.batch_id)
        finished = known is not None and known.status is Status.COMPLETED
        images = batch.total - batch.rejected_rows
        return DryRun(
            **facts,
            to_process=0 if finished else images,
            reused=images if finished else 0,
            preset=batch.settings.preset.name,
        )

    def retry(self, desk: Desk, batch: BatchRecord, image_ids: tuple[str, ...]) -> JobView:
        if batch.status not in FINAL:
            raise RequestError(
                "batch_state", batch_id=batch.batch_id, status="still at work", action="retried"
            )
        # Unknown ids are refused now, not later.
        for image_id in image_ids:
            if desk.table.get_image(batch.batch_id, image_id) is None:
                raise SettingsError("image_unknown", image_id=image_id)
        request = AgainRequest(batch_id=batch.batch_id, image_ids=image_ids)
        return self._again(desk, JobKind.RETRY, batch, request)

    def cancel(self, desk: Desk, batch: BatchRecord) -> None:
        self._executions.stop(_execution_of(batch))
        # It may have come to its end in that moment, and an end that was told is not told otherwise.
        batch = desk.table.get_batch(batch.batch_id) or batch
        _execution_of(batch)
        # Before the rule on executions' ends says it in its own words.
        now = _now()
        fail(batch, RequestError("batch_cancelled"), desk.table, desk.publish, now, now.isoformat())

    def rework(self, desk: Desk, image: ImageRecord, overrides: Overrides) -> JobView:
        batch = desk.table.get_batch(image.batch_id)
        if batch is None:
            raise RequestError("batch_unknown", batch_id=image.batch_id)
        # What can be wrong with it is found now.
        if overrides.model is not None:
            check_model(overrides.model)
        resolve = resolver_of(batch.base)
        (task,) = again.rework(batch, desk.table, resolve, (image.image_id,), overrides)
        if self._at_once(task):
            return self._errand(desk, JobKind.REWORK, task)
        request = AgainRequest(batch_id=batch.batch_id, image_ids=(image.image_id,), overrides=overrides)
        return self._again(desk, JobKind.REWORK, batch, request, image.image_id)

    def enhance(self, desk: Desk, source: str, settings: EnhanceSettings) -> JobView:
        asked = self._asking.single(desk, source, settings)
        (task,) = _tasks(asked)
        if not self._at_once(task):
            return self._keep(desk, JobKind.ENHANCE, self._asking.run(asked, None), image_id=task.image_id)
        batch = claim(asked.batch, desk.table, desk.publish)
        start(batch, desk.table, desk.publish, _now())
        return self._errand(desk, JobKind.ENHANCE, task)

    async def wait(self, job_id: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if await run_in_threadpool(self._has_ended, job_id):
                return
            await asyncio.sleep(_TICK_S)

    def download(self, desk: Desk, batch: BatchRecord, request: DownloadRequest) -> JobView:
        order = DownloadOrder(batch_id=batch.batch_id, include=request.include, renditions=request.renditions)
        job = new_job(JobKind.DOWNLOAD, _now(), order.model_dump(mode="json"), batch_id=batch.batch_id)
        put_job(desk.documents, job)
        self._send({"errand": "zip", "job_id": job.job_id})
        return job.view()

    def job(self, desk: Desk, job_id: str) -> JobView:
        return self._view(seen(get_job(desk.documents, job_id), desk))

    def jobs(self, desk: Desk, limit: int, cursor: str | None) -> tuple[tuple[JobView, ...], str | None]:
        found, following = page_of_jobs(desk.documents, limit, cursor)
        return tuple(self._view(seen(job, desk)) for job in found), following

    def progress(self, desk: Desk, batch: BatchRecord) -> tuple[ProgressView, str | None] | None:
        if batch.status in FINAL or batch.execution is None:
            return None
        kept = desk.documents.get(_AT_WORK, batch.batch_id)
        ours = kept is not None and kept[EXECUTION] == batch.execution
        view = self._executions.progress(batch, kept["images"] if ours and kept else None)
        return None if view is None else (view, str(kept["job_id"]) if ours and kept else None)

    def _again(
        self,
        desk: Desk,
        kind: JobKind,
        batch: BatchRecord,
        request: AgainRequest,
        image_id: str | None = None,
    ) -> JobView:
        begun = start_again(self._stack, batch, request)
        if begun is None:
            job = new_job(kind, _now(), {}, batch_id=batch.batch_id, image_id=image_id)
            done = job.model_copy(update={"state": JobState.COMPLETED, "finished_at": _now()})
            put_job(desk.documents, done)
            return done.view()
        execution, images = begun
        taken = batch.model_copy(update={"execution": execution})
        # Plan says the same in some seconds; until then its old end must not be taken for the new one.
        taken = start(taken, desk.table, desk.publish, _now())
        return self._keep(desk, kind, taken, images=images, image_id=image_id)

    def _keep(
        self,
        desk: Desk,
        kind: JobKind,
        batch: BatchRecord,
        *,
        images: int | None = None,
        image_id: str | None = None,
    ) -> JobView:
        """Writes down the job of a batch's execution."""
        order = {EXECUTION: batch.execution}
        job = new_job(kind, _now(), order, batch_id=batch.batch_id, image_id=image_id)
        put_job(desk.documents, job)
        told = {"job_id": job.job_id, "images": images, **order}
        desk.documents.put(_AT_WORK, batch.batch_id, told, _now() + dt.timedelta(days=30))
        return job.view()

    def _errand(self, desk: Desk, kind: JobKind, task: ImageTask) -> JobView:
        order = {"task": task_json(task)}
        job = new_job(kind, _now(), order, batch_id=task.batch_id, image_id=task.image_id)
        put_job(desk.documents, job)
        self._send({"errand": "photo", "job_id": job.job_id})
        return job.view()

    def _at_once(self, task: ImageTask) -> bool:
        """True where the machine for one photo can do it: it makes no reference ready."""
        if not self._express:
            return False
        work = self._stack.ports.work
        return task.reference_id is None or made_from(work, task.batch_id, task.reference_id) is not None

    def _view(self, job: Job) -> JobView:
        return view_of(job, self._presigner, self._stack.ports.work_bucket)

    def _has_ended(self, job_id: str) -> bool:
        with self.backend.desk() as desk:
            return seen(get_job(desk.documents, job_id), desk).state.ended

    def _nothing(self, desk: Desk, request: BatchRequest) -> DryRun:
        found, preset = self._asking.rows(desk, request)
        return DryRun(**look_through(found), to_process=0, reused=0, preset=preset)


def _tasks(asked: Asked) -> tuple[ImageTask, ...]:
    planned = asked.surveyed.planned(asked.batch.settings)
    return tuple(item for item in planned if isinstance(item, ImageTask))


def _execution_of(batch: BatchRecord) -> str:
    """The execution that works on a batch; refused where it has ended, and nothing is left to cancel."""
    if batch.status in FINAL or batch.execution is None:
        raise RequestError(
            "batch_state", batch_id=batch.batch_id, status=batch.status.value, action="cancelled"
        )
    return batch.execution


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
