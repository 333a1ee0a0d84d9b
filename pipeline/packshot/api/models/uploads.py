"""Files on their way in: announced first, sent one by one, sent again after a break."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import Field

from packshot.api.models.base import Body, Id, Link, View

#: Content types that are taken. What is in a file decides how it is read; this is a first sieve.
PICTURE_TYPES: Final = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/tiff",
    "image/gif",
    "image/bmp",
)
MANIFEST_TYPES: Final = ("text/csv", "application/json", "application/jsonl", "application/x-ndjson")

FilePath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=400,
        description="Name of the file, with the folders that it lies in, `/`-separated.",
        examples=["mugs/red/front.jpg"],
    ),
]


class FileOffer(Body):
    """A file that is about to be sent; its size and type are fixed by this."""

    path: FilePath
    content_type: Annotated[str, Field(max_length=100, examples=["image/jpeg"])]
    bytes: Annotated[int, Field(ge=1, description="Exact size. Photos: at most 50,000,000.")]


class UploadRequest(Body):
    """Files that belong together: one folder of photos, or a manifest with its photos.

    Attributes:
        folder_id: of an earlier answer, to add to its folder.
        name: of a new folder. It becomes the product group of photos that lie in no folder of their own;
            by default it is made of the time.
        files: at most 200 at once; call again for more.
    """

    folder_id: Id | None = None
    name: Annotated[str, Field(min_length=1, max_length=100, examples=["spring mugs"])] | None = None
    files: Annotated[tuple[FileOffer, ...], Field(min_length=1, max_length=200)]


class UploadTicket(View):
    """How one file is to be sent.

    With PUT: the bytes as body, with exactly these headers. With POST: a multipart form of `fields`
    and then `file`. The address needs no token and ends with `expires_at`.

    Attributes:
        source: what to write as `image_url` in rows of this folder.
        received: the file is there; nothing needs to be sent.
        min_bytes, max_bytes: sizes that the address takes.
    """

    upload_id: str
    path: str
    source: str
    content_type: str
    bytes: int
    received: bool
    method: Literal["PUT", "POST"]
    url: Link
    headers: dict[str, str]
    fields: dict[str, str] = Field(default_factory=dict)
    min_bytes: int
    max_bytes: int
    expires_at: dt.datetime
    preview: Link | None = None


class UploadFolder(View):
    """A folder of uploads and what of it has arrived."""

    folder_id: str
    name: str
    created_at: dt.datetime
    files: tuple[UploadTicket, ...]
    received: int
    cursor: str | None = None
