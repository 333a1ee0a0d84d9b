"""Lists of photos that are kept for later batches."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from packshot.api.caller import Operator, Viewer
from packshot.api.idempotency import Answer, IdempotencyKey, once
from packshot.api.models.batches import ImportPage, ImportRequest, ImportView, ListCheck
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, Cursor, Limit

router: Final = APIRouter(tags=["imports"])


@router.post("/import", status_code=201, responses=documented(404, 409, 413) | {201: {"model": ImportView}})
def keep(
    body: ImportRequest, backend: BackendOf, caller: Operator, idempotency_key: IdempotencyKey = None
) -> Response:
    """Keeps a list of photos: rows, a manifest among uploads, or a folder of uploads."""
    with backend.desk() as desk:
        return once(
            desk.documents,
            idempotency_key,
            (caller.name, "import", body.model_dump_json()),
            lambda: Answer(201, backend.lists.keep(desk, body)),
        )


@router.post("/import/check", responses=documented(404, 409, 413))
def check(body: ImportRequest, backend: BackendOf, _: Operator) -> ListCheck:
    """What a list holds and what is wrong with it, row by row; nothing is kept."""
    with backend.desk() as desk:
        return backend.lists.check(desk, body)


@router.get("/imports", responses=documented())
def imports(backend: BackendOf, _: Viewer, cursor: Cursor = None, limit: Limit = 50) -> ImportPage:
    """The imports, newest first."""
    with backend.desk() as desk:
        page = backend.lists.imports(desk, limit, backend.cursors.open(cursor, "imports"))
        return page.model_copy(update={"cursor": backend.cursors.seal(page.cursor, "imports")})
