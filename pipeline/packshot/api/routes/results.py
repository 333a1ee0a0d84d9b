"""A batch's results as files."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response, StreamingResponse

from packshot.api.backend import Backend
from packshot.api.caller import Viewer
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, BatchId, batch_of
from packshot.batches.results import csv_head, csv_line, json_line
from packshot.contracts.records import ImageRecord
from packshot.errors import RequestError

router: Final = APIRouter(tags=["batches"])


class ResultFormat(StrEnum):
    """Forms of a batch's results."""

    JSON = "json"
    JSON_LINES = "jsonl"
    CSV = "csv"


_TYPES: Final = {
    ResultFormat.JSON: "application/json",
    ResultFormat.JSON_LINES: "application/jsonl",
    ResultFormat.CSV: "text/csv; charset=utf-8",
}
_DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The newest revision of each image, sorted by image_id; streamed.",
        "content": {
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            "application/jsonl": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    303: {"description": "They are in a file of the store."},
}


@router.get(
    "/batches/{batch_id}/results",
    response_class=StreamingResponse,
    responses=documented(404, 413) | _DOCUMENTED,
)
def results(
    batch_id: BatchId,
    backend: BackendOf,
    _: Viewer,
    form: Annotated[ResultFormat, Query(alias="format")] = ResultFormat.JSON,
) -> Response:
    """All facts of all images, as `results.jsonl` has them, or the main ones as CSV.

    Of a big batch on AWS the answer leads to a file, which JSON Lines and CSV have.
    """
    with backend.desk() as desk:
        batch = batch_of(desk, batch_id)
        file = backend.pictures.results_file(desk, batch, form.value)
    most = backend.limits.streamed_images
    if most is not None and batch.total > most and (file is None or form is ResultFormat.JSON):
        raise RequestError("results_too_large", limit=most)
    if file is not None:
        return RedirectResponse(file, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
    name = f'attachment; filename="{batch.batch_id}.{form.value}"'
    return StreamingResponse(
        _lines(backend, batch_id, form), media_type=_TYPES[form], headers={"Content-Disposition": name}
    )


def _lines(backend: Backend, batch_id: str, form: ResultFormat) -> Iterator[bytes]:
    if form is ResultFormat.CSV:
        yield csv_head()
    between = b"["
    for image in _images(backend, batch_id):
        if form is ResultFormat.CSV:
            yield csv_line(image)
        elif form is ResultFormat.JSON_LINES:
            yield json_line(image)
        else:
            yield between + json_line(image)
            between = b","
    if form is ResultFormat.JSON:
        yield b"[]" if between == b"[" else b"]"


def _images(backend: Backend, batch_id: str) -> Iterator[ImageRecord]:
    cursor: str | None = None
    while True:
        # Not held while a page is sent: a client may take its time, and connections are few.
        with backend.desk() as desk:
            page = desk.table.images(batch_id, cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return
