"""Work that goes on after an answer."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from packshot.api.caller import Viewer
from packshot.api.models.jobs import JobPage, JobView
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, Cursor, JobId, Limit

router: Final = APIRouter(tags=["jobs"])


@router.get("/jobs", responses=documented())
def jobs(backend: BackendOf, _: Viewer, cursor: Cursor = None, limit: Limit = 50) -> JobPage:
    """Jobs of the last days, newest first."""
    with backend.desk() as desk:
        items, following = backend.work.jobs(desk, limit, backend.cursors.open(cursor, "jobs"))
        return JobPage(items=items, cursor=backend.cursors.seal(following, "jobs"))


@router.get("/jobs/{job_id}", responses=documented(404))
def job(job_id: JobId, backend: BackendOf, _: Viewer) -> JobView:
    """One job."""
    with backend.desk() as desk:
        return backend.work.job(desk, job_id)
