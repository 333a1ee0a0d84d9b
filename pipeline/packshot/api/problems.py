"""Errors as problem details (RFC 9457), under the codes that they have everywhere."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from packshot import errors
from packshot.api.models.base import FieldProblem, Problem
from packshot.errors import InternalError, PackshotError, RequestError

_LOG: Final = logging.getLogger("packshot.api")
MEDIA_TYPE: Final = "application/problem+json"

#: Codes whose status their class does not tell.
_BY_CODE: Final[dict[str, HTTPStatus]] = {
    "method_refused": HTTPStatus.METHOD_NOT_ALLOWED,
    "body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "results_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "file_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "manifest_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "token_missing": HTTPStatus.UNAUTHORIZED,
    "token_invalid": HTTPStatus.UNAUTHORIZED,
    "token_expired": HTTPStatus.UNAUTHORIZED,
    "role_missing": HTTPStatus.FORBIDDEN,
    "origin_refused": HTTPStatus.FORBIDDEN,
    "upload_link_invalid": HTTPStatus.FORBIDDEN,
    "host_refused": HTTPStatus.MISDIRECTED_REQUEST,
    "idempotency_busy": HTTPStatus.CONFLICT,
    "version_missing": HTTPStatus.PRECONDITION_REQUIRED,
    "batch_state": HTTPStatus.CONFLICT,
    "configs_disagree": HTTPStatus.CONFLICT,
    "options_changed": HTTPStatus.CONFLICT,
    "output_taken": HTTPStatus.CONFLICT,
    "upload_incomplete": HTTPStatus.CONFLICT,
    "upload_in_use": HTTPStatus.CONFLICT,
    "output_locked": HTTPStatus.CONFLICT,
    "download_expired": HTTPStatus.GONE,
    "upload_first": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "execution_final": HTTPStatus.CONFLICT,
    "upload_type_refused": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "image_not_a_picture": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "queue_full": HTTPStatus.TOO_MANY_REQUESTS,
    "disk_full": HTTPStatus.INSUFFICIENT_STORAGE,
}
_BY_CLASS: Final[tuple[tuple[type[PackshotError], HTTPStatus], ...]] = (
    (errors.RetryableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.ReviewError, HTTPStatus.CONFLICT),
    (errors.StorageError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (errors.InternalError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
#: Seconds after which a client may try again what may pass.
_RETRY_AFTER_S: Final = {429: "10", 503: "2", 409: "1"}


def status_of(error: PackshotError) -> HTTPStatus:
    """The HTTP status of an error."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    if error.code.endswith("_unknown") and isinstance(error, RequestError | errors.SettingsError):
        # A preset in a body is a value that can't be used; what stands in the path is not there.
        return HTTPStatus.UNPROCESSABLE_ENTITY if error.code == "preset_unknown" else HTTPStatus.NOT_FOUND
    for kind, status in _BY_CLASS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.UNPROCESSABLE_ENTITY


def problem_response(error: PackshotError, path: str, fields: tuple[FieldProblem, ...] = ()) -> Response:
    """An error as an answer."""
    status = status_of(error)
    problem = Problem(
        type=f"urn:packshot:problem:{error.code}",
        title=error.code.replace("_", " ").capitalize(),
        status=status,
        detail=error.message,
        instance=path,
        code=error.code,
        retryable=error.retryable or error.code in ("queue_full", "idempotency_busy", "output_locked"),
        fields=fields,
    )
    headers = {"Cache-Control": "no-store"}
    if problem.retryable and status in _RETRY_AFTER_S:
        headers["Retry-After"] = _RETRY_AFTER_S[status]
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="packshot"'
    return JSONResponse(
        problem.model_dump(mode="json"), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the problems that it may answer with, besides those of every route."""
    everywhere = (400, 401, 403, 421, 422, 429, 500, 503)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({*everywhere, *statuses})
    }


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem."""
    app.add_exception_handler(PackshotError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PackshotError)  # noqa: S101 - that is what it is installed for
    if isinstance(error, InternalError):
        _LOG.error("%s %s: %s", request.method, request.url.path, error, exc_info=error)
    return problem_response(error, request.url.path)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - that is what it is installed for
    fields = tuple(
        FieldProblem(
            at=".".join(str(part) for part in fault["loc"]),
            message=str(fault["msg"]).removeprefix("Value error, "),
        )
        for fault in error.errors()[:50]
    )
    reason = f"{fields[0].at}: {fields[0].message}" if fields else "it can't be read"
    return problem_response(RequestError("request_invalid", reason=reason), request.url.path, fields)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - that is what it is installed for
    path = request.url.path
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer = problem_response(RequestError("method_refused", method=request.method, path=path), path)
        answer.headers["Allow"] = ", ".join(_methods(request))
        return answer
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem_response(RequestError("route_unknown", path=path), path)
    return problem_response(RequestError("request_invalid", reason=str(error.detail)), path)


def _methods(request: Request) -> list[str]:
    """The methods of all routes that fit the path; each route knows its own alone."""
    named = request.app.openapi()["paths"].get(request.url.path)
    if named is not None:
        # A name of its own, though it may look like some other route's id.
        return sorted(method.upper() for method in named)

    def possible(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    return [method for method in ("DELETE", "GET", "PATCH", "POST", "PUT") if possible(method)]


async def _unforeseen(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    # What it says may hold paths or data; the log has it.
    failure = InternalError("internal_error", reason=f"{type(error).__name__}; the server's log says more")
    return problem_response(failure, request.url.path)
