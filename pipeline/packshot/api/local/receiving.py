"""Taking a file's bytes: at its own address, of its own size, and only if it is what it says."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from packshot.adapters.local.disk import translated
from packshot.api.kept.uploads import FolderFacts, UploadFacts
from packshot.api.local.desks import Desks
from packshot.api.local.place import Place
from packshot.api.local.uploads import LocalUploads
from packshot.api.models.uploads import FileOffer, UploadRequest
from packshot.errors import ImageError, RequestError
from packshot.imaging.formats import sniff

#: Seconds between two pieces of a body; a sender who stops must not hold a file open.
_PATIENCE_S: Final = 60.0
#: Bytes that are gathered before they are written.
_CHUNK: Final = 1 << 20
#: End of the names of files that are being received, and seconds after which nobody is at one any more.
_PARTIAL: Final = ".part"
_LEFT_S: Final = 3600.0
#: Bytes that tell a picture's format.
_HEAD: Final = 4096


class Receiver:
    """Receives files.

    Args:
        place: where.
        desks: connections.
        uploads: what was announced.
    """

    def __init__(self, place: Place, desks: Desks, uploads: LocalUploads) -> None:
        self._place = place
        self._desks = desks
        self._uploads = uploads

    async def receive(
        self, request: Request, folder_id: str, upload_id: str, expires: int, seal: str
    ) -> None:
        """Takes one file.

        Raises:
            RequestError: upload_unknown, upload_link_invalid, upload_type_refused, upload_size_wrong,
                body_too_large.
            ImageError: image_not_a_picture.
        """
        folder, upload = await run_in_threadpool(self._find, folder_id, upload_id)
        right = hmac.compare_digest(seal.encode(), self._uploads.seal(upload, expires).encode())
        if not right or expires < time.time():
            raise RequestError("upload_link_invalid")
        self._judge_headers(request, upload)
        await self._take(request.stream(), folder, upload)

    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]:
        """Takes a photo that nobody has announced; the id of its upload, and its SHA-256.

        Errors as `receive`.
        """
        folder, upload = await run_in_threadpool(self._announce, name, content_type, size)
        return upload.upload_id, await self._take(body, folder, upload)

    def prune(self) -> None:
        """Removes what a server that died had half received; another one may be receiving right now."""
        for partial in self._place.incoming.glob(f"*{_PARTIAL}"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - partial.stat().st_mtime > _LEFT_S:
                    partial.unlink()

    async def _take(self, body: AsyncIterator[bytes], folder: FolderFacts, upload: UploadFacts) -> str:
        partial = self._place.incoming / f"{secrets.token_hex(12)}{_PARTIAL}"
        try:
            digest = await self._write(body, upload, partial)
            await run_in_threadpool(self._keep, partial, folder, upload)
        finally:
            partial.unlink(missing_ok=True)
        return digest

    def _announce(self, name: str, content_type: str, size: int) -> tuple[FolderFacts, UploadFacts]:
        if size < 1:
            raise RequestError("upload_size_wrong", expected="some", found=0)
        offer = FileOffer(path=name, content_type=content_type, bytes=size)
        with self._desks.desk() as desk:
            folder = self._uploads.offer(desk, UploadRequest(files=(offer,)))
            return self._uploads.find(desk, folder.folder_id, folder.files[0].upload_id)

    def _find(self, folder_id: str, upload_id: str) -> tuple[FolderFacts, UploadFacts]:
        with self._desks.desk() as desk:
            return self._uploads.find(desk, folder_id, upload_id)

    def _judge_headers(self, request: Request, upload: UploadFacts) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != upload.content_type:
            shown = "".join(char if char.isprintable() else "?" for char in kind[:60])
            raise RequestError("upload_type_refused", content_type=shown or "none")
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) != upload.bytes:
            raise _size_wrong(upload, int(declared))

    async def _write(self, body: AsyncIterator[bytes], upload: UploadFacts, partial: Path) -> str:
        with translated(partial):
            partial.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("xb") as file:
                return await self._pour(body, upload, file)

    async def _pour(self, body: AsyncIterator[bytes], upload: UploadFacts, file: IO[bytes]) -> str:
        size, waiting, digest = 0, bytearray(), hashlib.sha256()
        judged = not upload.is_picture
        async for piece in _pieces(body):
            size += len(piece)
            if size > upload.bytes:
                raise _size_wrong(upload, size)
            waiting += piece
            digest.update(piece)
            if not judged and len(waiting) >= min(_HEAD, upload.bytes):
                # Before the rest is sent: what is no picture need not come at all.
                _judge_picture(bytes(waiting))
                judged = True
            if len(waiting) >= _CHUNK:
                await run_in_threadpool(file.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(file.write, bytes(waiting))
        if size != upload.bytes:
            raise _size_wrong(upload, size)
        return digest.hexdigest()

    def _keep(self, partial: Path, folder: FolderFacts, upload: UploadFacts) -> None:
        path = self._uploads.path(folder, upload.path)
        with translated(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                partial.replace(path)
            except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
                reason = "a file and a folder can't have one name"
                raise RequestError("upload_name_refused", path=upload.path, reason=reason) from error


async def _pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            yield await asyncio.wait_for(anext(body), _PATIENCE_S)
        except StopAsyncIteration:
            return
        except (TimeoutError, ClientDisconnect) as error:
            raise RequestError("request_invalid", reason="the file did not come to its end") from error


def _judge_picture(head: bytes) -> None:
    if sniff(head) is None:
        raise ImageError("image_not_a_picture")


def _size_wrong(upload: UploadFacts, found: int) -> RequestError:
    if found > upload.bytes:
        return RequestError("body_too_large", limit=upload.bytes)
    return RequestError("upload_size_wrong", expected=upload.bytes, found=found)
