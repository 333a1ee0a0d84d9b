"""What routes take from the request, by name."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Header, Path, Query, Request

from packshot.api.backend import Backend, Desk
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.errors import RequestError, SettingsError

_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


BackendOf = Annotated[Backend, Depends(_backend)]
BatchId = Annotated[str, Path(pattern=_ID, examples=["batch-0a1b2c3d4e5f60718293"])]
ImageId = Annotated[str, Path(pattern=_ID, examples=["img-0a1b2c3d4e5f60718293"])]
JobId = Annotated[str, Path(pattern=_ID)]
FolderId = Annotated[str, Path(pattern=_ID)]
UploadId = Annotated[str, Path(pattern=_ID)]
Cursor = Annotated[
    str | None, Query(max_length=4000, description="Of an earlier answer, with the same filters.")
]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items in an answer.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description="The image's etag, or * for whichever is there."),
]


def batch_of(desk: Desk, batch_id: str) -> BatchRecord:
    """The batch in the path.

    Raises:
        RequestError: batch_unknown.
    """
    batch = desk.table.get_batch(batch_id)
    if batch is None:
        raise RequestError("batch_unknown", batch_id=batch_id)
    return batch


def image_of(desk: Desk, batch_id: str, image_id: str) -> ImageRecord:
    """The newest revision of the image in the path.

    Raises:
        SettingsError: image_unknown.
    """
    image = desk.table.get_image(batch_id, image_id)
    if image is None:
        raise SettingsError("image_unknown", image_id=image_id)
    return image
