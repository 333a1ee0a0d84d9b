"""Announcing files, and seeing which of them have arrived."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from packshot.api.caller import Operator, Viewer
from packshot.api.idempotency import Answer, IdempotencyKey, once
from packshot.api.models.uploads import UploadFolder, UploadRequest
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, Cursor, FolderId, Limit, UploadId

router: Final = APIRouter(tags=["uploads"])


@router.post(
    "/uploads", status_code=201, responses=documented(404, 409, 413, 415) | {201: {"model": UploadFolder}}
)
def announce(
    body: UploadRequest, backend: BackendOf, caller: Operator, idempotency_key: IdempotencyKey = None
) -> Response:
    """Addresses for files that are about to be sent.

    Each file is then sent to its own address, with the method and headers that the answer says.
    A file that was announced before keeps its id; with `received` it need not be sent again.
    """
    with backend.desk() as desk:
        return once(
            desk.documents,
            idempotency_key,
            (caller.name, "uploads", body.model_dump_json()),
            lambda: Answer(201, backend.uploads.offer(desk, body)),
        )


@router.get("/uploads/{folder_id}", responses=documented(404))
def folder(
    folder_id: FolderId, backend: BackendOf, _: Viewer, cursor: Cursor = None, limit: Limit = 100
) -> UploadFolder:
    """A folder and what of it has arrived; unfinished files come with fresh addresses."""
    with backend.desk() as desk:
        scope = ("uploads", folder_id)
        found = backend.uploads.folder(desk, folder_id, limit, backend.cursors.open(cursor, *scope))
        return found.model_copy(update={"cursor": backend.cursors.seal(found.cursor, *scope)})


@router.delete("/uploads/{folder_id}/files/{upload_id}", status_code=204, responses=documented(404, 409))
def remove(folder_id: FolderId, upload_id: UploadId, backend: BackendOf, _: Operator) -> None:
    """Forgets a file; refused when its folder belongs to a batch or an import, unless it never arrived."""
    with backend.desk() as desk:
        backend.uploads.remove(desk, folder_id, upload_id)
