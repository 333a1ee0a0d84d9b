"""How jobs stand: those of executions as their batches' records say, others as their worker has written."""

from __future__ import annotations

import datetime as dt
from typing import Final

from packshot.adapters.aws.presigned import Presigner
from packshot.api.backend import Desk
from packshot.api.jobs import Job
from packshot.api.models.jobs import JobKind, JobLinks, JobState, JobView
from packshot.batches.outcome import error_facts
from packshot.batches.record import FINAL
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ErrorFacts
from packshot.contracts.work_keys import DOWNLOADS
from packshot.errors import InternalError

#: In a job's order: the execution that does it.
EXECUTION: Final = "execution"
#: A worker has fifteen minutes, and is called again twice; who has said nothing by then has died.
_PATIENCE: Final = dt.timedelta(minutes=50)
#: The work bucket removes zips that are a day old, at its next midnight.
_ZIPS_KEPT: Final = dt.timedelta(hours=24)


def seen(job: Job, desk: Desk) -> Job:
    """A job as it stands now."""
    if job.state.ended:
        return job
    execution = job.order.get(EXECUTION)
    if execution is None or job.batch_id is None:
        if dt.datetime.now(dt.UTC) - job.created_at > _PATIENCE:
            lost = error_facts(InternalError("worker_lost"))
            return job.model_copy(update={"state": JobState.FAILED, "error": lost})
        return job
    batch = desk.table.get_batch(job.batch_id)
    return job if batch is None else _of_batch(job, batch, str(execution))


def zip_key(job_id: str) -> str:
    """Where a download's zip lies in the work bucket."""
    return f"{DOWNLOADS}{job_id}.zip"


def view_of(job: Job, presigner: Presigner, work_bucket: str) -> JobView:
    """As it goes out; a zip is had from the store, as long as it is there."""
    view = job.view()
    if job.kind is not JobKind.DOWNLOAD:
        return view
    kept = job.finished_at is not None and dt.datetime.now(dt.UTC) - job.finished_at < _ZIPS_KEPT
    link = None
    if kept and job.state is JobState.COMPLETED:
        link = presigner.get(work_bucket, zip_key(job.job_id), name=f"{job.batch_id}.zip")
    return view.model_copy(update={"links": JobLinks(self=view.links.self, result=link)})


def _of_batch(job: Job, batch: BatchRecord, execution: str) -> Job:
    if batch.execution != execution:
        # Another one has taken the batch over since; this one is through.
        return job.model_copy(update={"state": JobState.COMPLETED})
    if batch.status not in FINAL:
        started = JobState.RUNNING if batch.status is Status.PROCESSING else JobState.QUEUED
        return job.model_copy(update={"state": started, "started_at": job.created_at})
    state, error = _end(batch.error)
    facts = {"state": state, "error": error, "started_at": job.created_at, "finished_at": batch.finished_at}
    return job.model_copy(update=facts)


def _end(error: ErrorFacts | None) -> tuple[JobState, ErrorFacts | None]:
    if error is None:
        return JobState.COMPLETED, None
    if error.code == "batch_cancelled":
        return JobState.CANCELLED, error
    return JobState.FAILED, error
