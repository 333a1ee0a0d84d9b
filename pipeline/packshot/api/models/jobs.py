"""Work that goes on after an answer."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from packshot.api.models.base import Link, View
from packshot.contracts.records import ErrorFacts


class JobKind(StrEnum):
    """What a job does."""

    BATCH = "batch"
    RETRY = "retry"
    REWORK = "rework"
    ENHANCE = "enhance"
    DOWNLOAD = "download"


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Nothing more comes."""
        return self in (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED)


class JobLinks(View):
    """Where to go from a job; `result` is there when it has completed and left something."""

    self: Link
    result: Link | None = None


class JobView(View):
    """A job.

    Attributes:
        job_id: its id; later jobs have greater ones.
        batch_id, image_id: what it works on.
        error: why it failed. Failures of single images are in their records instead.
        bytes: of the file that it has made.
    """

    job_id: str
    kind: JobKind
    state: JobState
    batch_id: str | None
    image_id: str | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    error: ErrorFacts | None
    bytes: int | None
    links: JobLinks


class JobPage(View):
    """Jobs, newest first."""

    items: tuple[JobView, ...]
    cursor: str | None
