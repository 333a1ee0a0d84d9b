"""Routes that stand for the object store: files come in and go out. On AWS the store has its own."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Protocol

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from packshot.api.caller import Viewer
from packshot.api.problems import documented
from packshot.api.routes.parameters import BatchId, FolderId, ImageId, JobId, UploadId

router: Final = APIRouter(tags=["files"])

_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "It is the one that If-None-Match names."},
}
_ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The zip.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {"description": "The part that Range names."},
    416: {"description": "It has no such part."},
}
Version = Annotated[
    str | None, Query(alias="v", max_length=64, description="Start of the hash; with it, it may be kept.")
]
Size = Annotated[Literal["small", "large"], Query(description="At most 480 or 2048 px on the longer side.")]


class Files(Protocol):
    """What these routes need besides."""

    async def receive(
        self, request: Request, folder_id: str, upload_id: str, expires: int, seal: str
    ) -> None:
        """Takes a file's bytes; errors of uploads."""
        ...

    def upload_preview(self, request: Request, folder_id: str, upload_id: str) -> Response:
        """A small picture of an upload."""
        ...

    def rendition(self, request: Request, batch_id: str, image_id: str, name: str) -> Response:
        """A finished picture."""
        ...

    def preview(self, request: Request, batch_id: str, image_id: str, of: str, size: str) -> Response:
        """A small picture, before or after."""
        ...

    def source(self, request: Request, batch_id: str, image_id: str) -> Response:
        """The photo as it came."""
        ...

    def download(self, request: Request, job_id: str) -> Response:
        """A zip."""
        ...


def _files(request: Request) -> Files:
    found: Files = request.app.state.files
    return found


FilesOf = Annotated[Files, Depends(_files)]


@router.put(
    "/uploads/{folder_id}/files/{upload_id}",
    status_code=204,
    responses=documented(404, 413, 415),
    openapi_extra={
        "requestBody": {
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            "required": True,
        }
    },
)
async def receive(
    folder_id: FolderId,
    upload_id: UploadId,
    request: Request,
    files: FilesOf,
    expires: Annotated[int, Query(ge=0, le=10**11)],
    seal: Annotated[str, Query(max_length=100)],
) -> None:
    """Takes a file at the address that its announcement gave; the address itself is the permission."""
    await files.receive(request, folder_id, upload_id, expires, seal)


@router.get(
    "/uploads/{folder_id}/files/{upload_id}/preview",
    response_class=Response,
    responses=documented(404, 415) | _PICTURE,
)
def upload_preview(
    folder_id: FolderId, upload_id: UploadId, request: Request, files: FilesOf, _: Viewer
) -> Response:
    """A small WebP of an uploaded photo."""
    return files.upload_preview(request, folder_id, upload_id)


@router.get(
    "/batches/{batch_id}/images/{image_id}/renditions/{name}",
    response_class=Response,
    responses=documented(404) | _PICTURE,
)
def rendition(
    batch_id: BatchId,
    image_id: ImageId,
    name: Annotated[str, Path(max_length=40)],
    request: Request,
    files: FilesOf,
    _: Viewer,
    version: Version = None,
) -> Response:
    """A finished picture, byte for byte as it is delivered."""
    del version  # it only makes the address another one
    return files.rendition(request, batch_id, image_id, name)


@router.get(
    "/batches/{batch_id}/images/{image_id}/preview/{of}",
    response_class=Response,
    responses=documented(404) | _PICTURE,
)
def preview(
    batch_id: BatchId,
    image_id: ImageId,
    of: Literal["before", "after"],
    request: Request,
    files: FilesOf,
    _: Viewer,
    size: Size = "small",
    version: Version = None,
) -> Response:
    """The upright photo or the finished picture as a WebP that every browser shows."""
    del version  # it only makes the address another one
    return files.preview(request, batch_id, image_id, of, size)


@router.get(
    "/batches/{batch_id}/images/{image_id}/source",
    response_class=Response,
    responses=documented(404) | _PICTURE,
)
def source(batch_id: BatchId, image_id: ImageId, request: Request, files: FilesOf, _: Viewer) -> Response:
    """The photo as it came, to save."""
    return files.source(request, batch_id, image_id)


@router.get("/downloads/{job_id}", response_class=Response, responses=documented(404, 409, 410) | _ZIP)
async def download(job_id: JobId, request: Request, files: FilesOf, _: Viewer) -> Response:
    """The zip that a download job has written."""
    return await run_in_threadpool(files.download, request, job_id)
