"""Jobs as documents, the same wherever the work is done."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from typing import Any, Final

from packshot.api.models.jobs import JobKind, JobLinks, JobState, JobView
from packshot.api.views import PREFIX, batch_path
from packshot.contracts.base import Contract
from packshot.contracts.records import ErrorFacts
from packshot.errors import RequestError
from packshot.ports import Documents

_KIND: Final = "job"
#: Jobs are forgotten after so long.
_KEPT: Final = dt.timedelta(days=14)


class Job(Contract):
    """A job.

    Attributes:
        order: all that is needed to begin it, also after a restart.
        bytes: of the file that it made.
    """

    job_id: str
    kind: JobKind
    state: JobState = JobState.QUEUED
    batch_id: str | None = None
    image_id: str | None = None
    created_at: dt.datetime
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    error: ErrorFacts | None = None
    bytes: int | None = None
    order: dict[str, Any]

    def view(self) -> JobView:
        """As it goes out."""
        facts = self.model_dump(exclude={"order"})
        return JobView(**facts, links=JobLinks(self=f"{PREFIX}/jobs/{self.job_id}", result=self._result()))

    def _result(self) -> str | None:
        if self.state is not JobState.COMPLETED:
            return None
        if self.kind is JobKind.DOWNLOAD:
            return f"{PREFIX}/downloads/{self.job_id}"
        if self.batch_id is not None and self.image_id is not None:
            return f"{batch_path(self.batch_id)}/images/{self.image_id}"
        return batch_path(self.batch_id) if self.batch_id is not None else None


def new_job(kind: JobKind, now: dt.datetime, order: dict[str, Any], **facts: Any) -> Job:
    """A job that waits. Ids grow with time, so that the newest are found first."""
    moment = time.time_ns() // 1_000_000
    return Job(
        job_id=f"job-{moment:012x}{secrets.token_hex(4)}", kind=kind, created_at=now, order=order, **facts
    )


def put_job(documents: Documents, job: Job) -> None:
    """Writes a job as it now is."""
    documents.put(_KIND, job.job_id, job.model_dump(mode="json"), job.created_at + _KEPT)


def get_job(documents: Documents, job_id: str) -> Job:
    """A job.

    Raises:
        RequestError: job_unknown.
    """
    found = documents.get(_KIND, job_id)
    if found is None:
        raise RequestError("job_unknown", job_id=job_id)
    return Job.model_validate(found)


def page_of_jobs(documents: Documents, limit: int, cursor: str | None) -> tuple[tuple[Job, ...], str | None]:
    """Jobs, newest first, and the port's cursor."""
    page = documents.page(_KIND, limit, cursor, newest=True)
    return tuple(Job.model_validate(one) for one in page.items), page.cursor
