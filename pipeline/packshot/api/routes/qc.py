"""Quality control: what waits for a person, and what people decide."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from packshot.api.caller import Reviewer, Viewer
from packshot.api.decisions import decide, decide_many, seen_of
from packshot.api.filters import ImageFilter, filtered
from packshot.api.models.base import Id
from packshot.api.models.images import (
    BulkReviewAnswer,
    BulkReviewRequest,
    ImageDetail,
    ImagePage,
    ReviewRequest,
)
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, BatchId, Cursor, IfMatch, ImageId, Limit, batch_of
from packshot.api.views import etag_of, image_detail, image_summary
from packshot.contracts.base import ReviewReason

router: Final = APIRouter(tags=["review"])


@router.get("/qc/pending", responses=documented())
def pending(
    backend: BackendOf,
    _: Viewer,
    batch_id: Annotated[Id | None, Query()] = None,
    reason: ReviewReason | None = None,
    score_min: Annotated[float | None, Query(ge=0, le=100)] = None,
    score_max: Annotated[float | None, Query(ge=0, le=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ImagePage:
    """The review queue over all batches, oldest first. A filtered page may be short."""
    scope = ("pending", batch_id, reason, score_min, score_max)
    wanted = ImageFilter(reason, score_min, score_max, batch_id)
    with backend.desk() as desk:
        page = filtered(
            lambda after, count: desk.table.needs_review(count, after),
            wanted,
            limit,
            backend.cursors.open(cursor, *scope),
        )
        return ImagePage(
            items=tuple(image_summary(image, backend, desk) for image in page.items),
            cursor=backend.cursors.seal(page.cursor, *scope),
        )


@router.post("/batches/{batch_id}/images/{image_id}/review", responses=documented(404, 409, 428))
def review(
    batch_id: BatchId,
    image_id: ImageId,
    body: ReviewRequest,
    backend: BackendOf,
    caller: Reviewer,
    response: Response,
    if_match: IfMatch = None,
) -> ImageDetail:
    """Approves, rejects with a reason, or takes the last decision back, also after delivery.

    What was seen is said with If-Match, or `revision` and `version`; when somebody else has changed
    the image since, the answer is 409 `review_conflict` and nothing is overwritten.
    """
    seen = seen_of(if_match, body)
    with backend.desk() as desk:
        batch = batch_of(desk, batch_id)
        decided = decide(desk, batch_id, image_id, body, seen, caller.reviewer(body.reviewer))
        backend.sums.changed(desk, (decided,))
        response.headers["ETag"] = etag_of(decided, desk)
        return image_detail(decided, batch, backend, desk)


@router.post("/qc/review", responses=documented())
def review_many(body: BulkReviewRequest, backend: BackendOf, caller: Reviewer) -> BulkReviewAnswer:
    """Decides on many images: those named, or all that wait and score above or below a bound.

    One that can't be decided on does not stop the others. At most 500 at once, on AWS as many as a dozen
    seconds are enough for; with `more` the same request goes on, with those named that have no answer yet.
    """
    with backend.desk() as desk:
        done, refused, more = decide_many(desk, body, caller.reviewer(body.reviewer), backend.limits.decide_s)
        backend.sums.changed(desk, done)
        return BulkReviewAnswer(
            done=tuple(image_summary(image, backend, desk) for image in done),
            refused=refused,
            more=more,
        )
