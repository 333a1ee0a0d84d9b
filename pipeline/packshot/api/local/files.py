"""Files as answers: pictures by the records that name them, zips by their jobs."""

from __future__ import annotations

import contextlib
import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import FileResponse, Response

from packshot.adapters.fetch import local_fetcher
from packshot.api.jobs import get_job
from packshot.api.local.desks import Desks, LocalDesk
from packshot.api.local.pictures import NEVER_SHOWN, TAG
from packshot.api.local.place import Place
from packshot.api.local.previews import Previews
from packshot.api.local.receiving import Receiver
from packshot.api.local.uploads import LocalUploads
from packshot.api.models.jobs import JobKind, JobState
from packshot.api.routes.parameters import batch_of, image_of
from packshot.contracts.preset import Format
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.errors import PackshotError, RequestError
from packshot.imaging.formats import sniff
from packshot.local.runner import resolve_again

_TYPES: Final = {
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.WEBP: "image/webp",
    Format.AVIF: "image/avif",
}
#: A picture that is opened by itself is nothing but a picture.
_HARMLESS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOR_GOOD: Final = "private, max-age=31536000, immutable"
_ASK_AGAIN: Final = "private, no-cache"


class LocalFiles:
    """Gives files out, and takes uploads.

    Args:
        place: the folders.
        desks: connections.
        uploads: what was announced.
        roots: folders that sources may lie under besides their batches' own.
    """

    def __init__(self, place: Place, desks: Desks, uploads: LocalUploads, roots: tuple[Path, ...]) -> None:
        self._place = place
        self._desks = desks
        self._uploads = uploads
        self._roots = roots
        self._receiver = uploads.receiver = Receiver(place, desks, uploads)
        self.previews = Previews(place.previews)

    def prune(self) -> None:
        """Removes what nobody will come for any more."""
        self._receiver.prune()
        self.previews.prune()

    async def receive(
        self, request: Request, folder_id: str, upload_id: str, expires: int, seal: str
    ) -> None:
        await self._receiver.receive(request, folder_id, upload_id, expires, seal)

    def upload_preview(self, request: Request, folder_id: str, upload_id: str) -> Response:
        with self._desks.desk() as desk:
            folder, upload = self._uploads.find(desk, folder_id, upload_id)
        path = self._uploads.path(folder, upload.path)
        if not upload.is_picture or not self._uploads.received(folder, upload):
            raise RequestError("upload_incomplete", path=upload.path)
        found = path.stat()
        tag = hashlib.sha256(f"{upload_id} {found.st_mtime_ns} {found.st_size}".encode()).hexdigest()
        made = self.previews.get(tag, "small", path.read_bytes)
        if made is None:
            raise RequestError("picture_unknown", image_id=upload_id, picture="it can't be shown")
        return _picture(request, made, "image/webp", tag)

    def rendition(self, request: Request, batch_id: str, image_id: str, name: str) -> Response:
        with self._desks.desk() as desk:
            image, one = _rendition_of(desk, batch_id, image_id, name)
            if _is_known(request, one.sha256):
                return _not_modified(request, one.sha256)
            data = _read_rendition(desk, image, one)
        if data is None:
            raise RequestError("picture_unknown", image_id=image_id, picture=name)
        return _picture(request, data, _TYPES[one.format], one.sha256, Path(one.path).name)

    def preview(self, request: Request, batch_id: str, image_id: str, of: str, size: str) -> Response:
        with self._desks.desk() as desk:
            image = image_of(desk, batch_id, image_id)
            batch = batch_of(desk, batch_id)
            if of == "after":
                image, one = _rendition_of(desk, batch_id, image_id, "main")
                sha256: str | None = one.sha256
            else:
                sha256 = image.source_sha256
            if sha256 is None:
                raise RequestError("picture_unknown", image_id=image_id, picture=of)
            if _is_known(request, f"{sha256}-{size}"):
                return _not_modified(request, f"{sha256}-{size}")
            after = _read_rendition(desk, image, one) if of == "after" else None

        def read() -> bytes | None:
            # Not while a connection is held: a photo on the web may take its time.
            return after if of == "after" else self._source(image, batch, sha256)

        made = self.previews.get(sha256, size, read)
        if made is None:
            raise RequestError("picture_unknown", image_id=image_id, picture=of)
        return _picture(request, made, "image/webp", f"{sha256}-{size}")

    def source(self, request: Request, batch_id: str, image_id: str) -> Response:
        with self._desks.desk() as desk:
            image = image_of(desk, batch_id, image_id)
            batch = batch_of(desk, batch_id)
        data = None if "://" in image.source else self._source(image, batch, None)
        if data is None:
            raise RequestError("picture_unknown", image_id=image_id, picture="source")
        found = sniff(data)
        kind = f"image/{found.value}" if found is not None else "application/octet-stream"
        name = Path(image.source).name
        answer = _picture(request, data, kind, hashlib.sha256(data).hexdigest(), name)
        # To be saved: a browser may not know the format, and must not guess.
        answer.headers["Content-Disposition"] = _disposition("attachment", name)
        return answer

    def download(self, request: Request, job_id: str) -> Response:
        del request
        with self._desks.desk() as desk:
            job = get_job(desk.documents, job_id)
        if job.kind is not JobKind.DOWNLOAD:
            raise RequestError("job_unknown", job_id=job_id)
        path = self._place.downloads / f"{job_id}.zip"
        if job.state is not JobState.COMPLETED:
            raise RequestError(
                "batch_state", batch_id=job.batch_id, status="still being packed", action="downloaded"
            )
        if not path.is_file():
            raise RequestError("download_expired", job_id=job_id)
        headers = {**_HARMLESS, "Cache-Control": _ASK_AGAIN}
        return FileResponse(
            path, media_type="application/zip", filename=f"{job.batch_id}.zip", headers=headers
        )

    def _source(self, image: ImageRecord, batch: BatchRecord, sha256: str | None) -> bytes | None:
        """The photo's bytes, if they may be read, and are those that the image was made of."""
        if not image.source or (image.error is not None and image.error.code.startswith(NEVER_SHOWN)):
            return None
        base = (Path(batch.base),) if batch.base.startswith("/") else ()
        try:
            place = resolve_again(batch.base, (*base, *self._roots))(image.source)
            data = local_fetcher((*base, *self._roots)).fetch(place)
        except PackshotError:
            # Gone, or no longer to be had: there is no picture then.
            return None
        return data if sha256 in (None, hashlib.sha256(data).hexdigest()) else None


def _rendition_of(
    desk: LocalDesk, batch_id: str, image_id: str, name: str
) -> tuple[ImageRecord, RenditionFile]:
    """A file of the newest revision that has some."""
    image: ImageRecord | None = image_of(desk, batch_id, image_id)
    while image is not None and not image.renditions and image.revision > 0:
        image = desk.table.get_image(batch_id, image_id, image.revision - 1)
    found = next((one for one in image.renditions if one.name == name), None) if image else None
    if image is None or found is None or not found.path:
        raise RequestError("picture_unknown", image_id=image_id, picture=name[:40])
    return image, found


def _read_rendition(desk: LocalDesk, image: ImageRecord, one: RenditionFile) -> bytes | None:
    """Its bytes; a decision may move the file between a look at the record and one at the folder.

    None when it is gone, also when something newer stands under its name.
    """
    for _ in range(3):
        with contextlib.suppress(FileNotFoundError):
            data = desk.directory.files.path(one.path).read_bytes()
            if hashlib.sha256(data).hexdigest() == one.sha256:
                return data
        newest = desk.table.get_image(image.batch_id, image.image_id, image.revision)
        moved = [file for file in newest.renditions if file.name == one.name] if newest else []
        if not moved:
            return None
        one = moved[0]
    return None


def _is_known(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or f'"{tag}"' in given


def _not_modified(request: Request, tag: str) -> Response:
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(request, tag))


def _picture(request: Request, data: bytes, kind: str, tag: str, name: str | None = None) -> Response:
    if _is_known(request, tag):
        return _not_modified(request, tag)
    headers = _headers(request, tag)
    if name is not None:
        headers["Content-Disposition"] = _disposition("inline", name)
    return Response(data, media_type=kind, headers=headers)


def _headers(request: Request, tag: str) -> dict[str, str]:
    version = request.query_params.get("v", "")
    kept = len(version) == TAG and tag.startswith(version)
    return {**_HARMLESS, "ETag": f'"{tag}"', "Cache-Control": _FOR_GOOD if kept else _ASK_AGAIN}


def _disposition(kind: str, name: str) -> str:
    # RFC 6266: a plain name for the old, and the true one encoded.
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"
