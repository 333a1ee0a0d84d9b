"""One photo, now."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from packshot.api.backend import Backend
from packshot.api.caller import Operator
from packshot.api.idempotency import REPLAYED, Answer, IdempotencyKey, once
from packshot.api.models.enhance import EnhanceAnswer, EnhanceFile, EnhanceSettings, EnhanceUpload, EnhanceUrl
from packshot.api.models.jobs import JobView
from packshot.api.models.uploads import PICTURE_TYPES
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, batch_of
from packshot.api.views import image_detail

router: Final = APIRouter(tags=["enhance"])

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": EnhanceAnswer, "description": "Finished; a photo that can't be used is a failed image."},
    202: {"model": EnhanceAnswer, "description": "Not finished yet: look at the job again."},
}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/EnhanceUpload"}},
        **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in PICTURE_TYPES},
    },
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


@router.post(
    "/enhance/upload",
    responses=documented(404, 409, 413, 415) | _ANSWERS,
    openapi_extra={"requestBody": _BODY},
)
async def by_upload(
    request: Request,
    query: Annotated[EnhanceFile, Query()],
    backend: BackendOf,
    caller: Operator,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Finishes one photo that was uploaded (see /uploads), or that is the body itself.

    It answers as /enhance/url does. With JSON the settings stand in the body. With a photo as body they
    stand in the query; that is for one machine, on AWS photos are uploaded first.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in PICTURE_TYPES:
        size = int(request.headers.get("content-length") or 0)
        upload_id, sha256 = await backend.uploads.take(query.name, kind, size, request.stream())
        settings = EnhanceSettings(**query.model_dump(exclude={"name"}, exclude_unset=True))
        # The same photo sent again is another upload, so it is told by its bytes.
        said = (caller.name, "enhance/upload", f"{query.model_dump_json()} {sha256}")
        return await _enhance(backend, idempotency_key, said, upload_id, settings)
    body = _body(await request.body())
    settings = EnhanceSettings(**body.model_dump(exclude={"upload_id"}, exclude_unset=True))
    said = (caller.name, "enhance/upload", body.model_dump_json())
    return await _enhance(backend, idempotency_key, said, body.upload_id, settings)


def _body(data: bytes) -> EnhanceUpload:
    try:
        return EnhanceUpload.model_validate_json(data)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error


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
    answer = await run_in_threadpool(_answer, backend, job_id)
    if REPLAYED in begun.headers:
        answer.headers[REPLAYED] = begun.headers[REPLAYED]
    return answer


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
