"""One photo, now."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from packshot.api.backend import Backend
from packshot.api.caller import Operator
from packshot.api.idempotency import Answer, IdempotencyKey, once
from packshot.api.models.enhance import EnhanceAnswer, EnhanceSettings, EnhanceUpload, EnhanceUrl
from packshot.api.models.jobs import JobView
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, batch_of
from packshot.api.views import image_detail

router: Final = APIRouter(tags=["enhance"])

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": EnhanceAnswer, "description": "Finished; a photo that can't be used is a failed image."},
    202: {"model": EnhanceAnswer, "description": "Not finished yet: look at the job again."},
}


@router.post("/enhance/url", responses=documented(409) | _ANSWERS)
async def by_url(
    body: EnhanceUrl, backend: BackendOf, caller: Operator, idempotency_key: IdempotencyKey = None
) -> Response:
    """Finishes one photo from the web. The answer holds links, never pictures.

    Within 25 seconds it answers with the image, else with 202 and the job to look after.
    """
    request = (caller.name, "enhance/url", body.model_dump_json())
    settings = EnhanceSettings(**body.model_dump(exclude={"url"}, exclude_unset=True))
    return await _enhance(backend, idempotency_key, request, body.url, settings)


@router.post("/enhance/upload", responses=documented(404, 409, 413, 415) | _ANSWERS)
async def by_upload(
    body: EnhanceUpload, backend: BackendOf, caller: Operator, idempotency_key: IdempotencyKey = None
) -> Response:
    """Finishes one photo that was uploaded; see /uploads. Answers as /enhance/url."""
    request = (caller.name, "enhance/upload", body.model_dump_json())
    settings = EnhanceSettings(**body.model_dump(exclude={"upload_id"}, exclude_unset=True))
    return await _enhance(backend, idempotency_key, request, body.upload_id, settings)


async def _enhance(
    backend: Backend, key: str | None, request: tuple[str, ...], source: str, settings: EnhanceSettings
) -> Response:
    def begin() -> Response:
        with backend.desk() as desk:
            return once(
                desk.documents,
                key,
                request,
                lambda: Answer(202, backend.work.enhance(desk, source, settings)),
            )

    begun = await run_in_threadpool(begin)
    job_id = JobView.model_validate_json(bytes(begun.body)).job_id
    await backend.work.wait(job_id, backend.limits.enhance_wait_s)
    return await run_in_threadpool(_answer, backend, job_id)


def _answer(backend: Backend, job_id: str) -> Response:
    with backend.desk() as desk:
        job = backend.work.job(desk, job_id)
        image = None
        if job.batch_id is not None and job.image_id is not None and job.state.ended:
            record = desk.table.get_image(job.batch_id, job.image_id)
            if record is not None:
                image = image_detail(record, batch_of(desk, job.batch_id), backend, desk)
        answer = EnhanceAnswer(job=job, image=image)
    status = 200 if job.state.ended else 202
    headers = {"Location": job.links.self, "Cache-Control": "no-store"}
    if status != 200:
        headers["Retry-After"] = "2"
    return JSONResponse(answer.model_dump(mode="json"), status_code=status, headers=headers)
