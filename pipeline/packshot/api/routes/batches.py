"""Batches: started, watched, retried, cancelled, downloaded."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from packshot.api.caller import Operator, Viewer
from packshot.api.idempotency import Answer, IdempotencyKey, once
from packshot.api.models.batches import (
    BatchPage,
    BatchRequest,
    BatchStarted,
    BatchView,
    DownloadRequest,
    DryRun,
    RetryRequest,
)
from packshot.api.models.jobs import JobView
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, BatchId, Cursor, Limit, batch_of
from packshot.api.singles import is_single
from packshot.api.views import batch_view

router: Final = APIRouter(tags=["batches"])


@router.post(
    "/batches", status_code=202, responses=documented(404, 409, 413) | {202: {"model": BatchStarted}}
)
def start(
    body: BatchRequest, backend: BackendOf, caller: Operator, idempotency_key: IdempotencyKey = None
) -> Response:
    """Starts a batch; it may wait for others. Rows that can't be used are failed images of it.

    Settings come from the request, else from the manifest, else from the configs of its product
    groups and SKUs, else from the preset.
    """

    def make() -> Answer:
        started = backend.work.start(desk, body)
        return Answer(202, started, started.batch.links.self)

    with backend.desk() as desk:
        request = (caller.name, "batches", body.model_dump_json())
        return once(desk.documents, idempotency_key, request, make)


@router.post("/batches/dry-run", responses=documented(404, 409, 413))
def dry_run(body: BatchRequest, backend: BackendOf, _: Operator) -> DryRun:
    """What such a batch would do, and what is wrong with its rows; nothing is started."""
    with backend.desk() as desk:
        return backend.work.check(desk, body)


@router.get("/batches", responses=documented())
def batches(
    backend: BackendOf,
    _: Viewer,
    cursor: Cursor = None,
    limit: Limit = 50,
    singles: Annotated[bool, Query(description="Also single photos of /enhance.")] = False,
) -> BatchPage:
    """Batches, newest first."""
    scope = ("batches", singles)
    with backend.desk() as desk:
        page = desk.table.batches(limit, backend.cursors.open(cursor, *scope))
        shown = [batch for batch in page.items if singles or not is_single(batch)]
        return BatchPage(
            items=tuple(batch_view(batch, backend, desk) for batch in shown),
            cursor=backend.cursors.seal(page.cursor, *scope),
        )


@router.get("/batches/{batch_id}", responses=documented(404))
def batch(batch_id: BatchId, backend: BackendOf, _: Viewer) -> BatchView:
    """A batch with its counts as of now and, while it runs, its rate and the time left."""
    with backend.desk() as desk:
        return batch_view(batch_of(desk, batch_id), backend, desk)


@router.post(
    "/batches/{batch_id}/retry", status_code=202, responses=documented(404, 409) | {202: {"model": JobView}}
)
def retry(
    batch_id: BatchId,
    body: RetryRequest,
    backend: BackendOf,
    caller: Operator,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Failed images again, each as a new revision; of a batch that was cut off, what is missing."""

    def make() -> Answer:
        job = backend.work.retry(desk, batch_of(desk, batch_id), body.image_ids)
        return Answer(202, job, job.links.self)

    with backend.desk() as desk:
        request = (caller.name, "retry", batch_id, body.model_dump_json())
        return once(desk.documents, idempotency_key, request, make)


@router.post("/batches/{batch_id}/cancel", status_code=202, responses=documented(404, 409))
def cancel(batch_id: BatchId, backend: BackendOf, _: Operator) -> BatchView:
    """Ends a batch that waits or runs. What is finished stays; a retry goes on with the rest."""
    with backend.desk() as desk:
        found = batch_of(desk, batch_id)
        backend.work.cancel(desk, found)
        return batch_view(batch_of(desk, batch_id), backend, desk)


@router.post(
    "/batches/{batch_id}/download", status_code=202, responses=documented(404) | {202: {"model": JobView}}
)
def download(
    batch_id: BatchId,
    body: DownloadRequest,
    backend: BackendOf,
    caller: Viewer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A zip of the batch's pictures and results: a job, whose `result` link has it when it is done."""

    def make() -> Answer:
        job = backend.work.download(desk, batch_of(desk, batch_id), body)
        return Answer(202, job, job.links.self)

    with backend.desk() as desk:
        request = (caller.name, "download", batch_id, body.model_dump_json())
        return once(desk.documents, idempotency_key, request, make)
