"""A batch's images: listed by filters, seen one by one, made again."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from packshot.api.caller import Operator, Viewer
from packshot.api.filters import ImageFilter, filtered
from packshot.api.idempotency import Answer, IdempotencyKey, once
from packshot.api.models.images import ImageDetail, ImagePage
from packshot.api.models.jobs import JobView
from packshot.api.models.settings import ReworkRequest
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, BatchId, Cursor, ImageId, Limit, batch_of, image_of
from packshot.api.views import etag_of, image_detail, image_summary
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.task import Overrides
from packshot.ports import ImageQuery

router: Final = APIRouter(tags=["images"])

ScoreBound = Annotated[float | None, Query(ge=0, le=100)]


@router.get("/batches/{batch_id}/images", responses=documented(404))
def images(
    batch_id: BatchId,
    backend: BackendOf,
    _: Viewer,
    status: Status | None = None,
    qc_status: QcStatus | None = None,
    sku_id: Annotated[str | None, Query(max_length=300)] = None,
    product_group_id: Annotated[str | None, Query(max_length=300)] = None,
    reason: ReviewReason | None = None,
    score_min: ScoreBound = None,
    score_max: ScoreBound = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ImagePage:
    """Newest revisions, by id. A filtered page may be short, or empty, and still have a cursor."""
    scope = ("images", batch_id, status, qc_status, sku_id, product_group_id, reason, score_min, score_max)
    query = ImageQuery(status=status, qc_status=qc_status, sku_id=sku_id)
    wanted = ImageFilter(reason, score_min, score_max, product_group_id=product_group_id)
    with backend.desk() as desk:
        batch_of(desk, batch_id)
        page = filtered(
            lambda after, count: desk.table.images(batch_id, query, count, after),
            wanted,
            limit,
            backend.cursors.open(cursor, *scope),
        )
        return ImagePage(
            items=tuple(image_summary(image, backend, desk) for image in page.items),
            cursor=backend.cursors.seal(page.cursor, *scope),
        )


@router.get("/batches/{batch_id}/images/{image_id}", responses=documented(404))
def image(
    batch_id: BatchId, image_id: ImageId, backend: BackendOf, _: Viewer, response: Response
) -> ImageDetail:
    """One image: before and after, metrics, compliance, history."""
    with backend.desk() as desk:
        batch = batch_of(desk, batch_id)
        found = image_of(desk, batch_id, image_id)
        response.headers["ETag"] = etag_of(found, desk)
        return image_detail(found, batch, backend, desk)


@router.post(
    "/batches/{batch_id}/images/{image_id}/rework",
    status_code=202,
    responses=documented(404, 409) | {202: {"model": JobView}},
)
def rework(
    batch_id: BatchId,
    image_id: ImageId,
    body: ReworkRequest,
    backend: BackendOf,
    caller: Operator,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The image once more with other settings, as a new revision; it does not wait for running batches."""

    def make() -> Answer:
        batch_of(desk, batch_id)
        overrides = Overrides(**body.model_dump(exclude_unset=True))
        job = backend.work.rework(desk, image_of(desk, batch_id, image_id), overrides)
        return Answer(202, job, job.links.self)

    with backend.desk() as desk:
        request = (caller.name, "rework", batch_id, image_id, body.model_dump_json())
        return once(desk.documents, idempotency_key, request, make)
