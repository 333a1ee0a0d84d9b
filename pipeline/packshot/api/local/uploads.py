"""Uploads into folders below the output folder, under the contract that presigned addresses have."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from packshot.adapters.local.disk import translated
from packshot.api.backend import Desk, Limits
from packshot.api.kept.uploads import FolderFacts, KeptUploads, UploadFacts
from packshot.api.local.place import Place
from packshot.api.views import PREFIX


class Taker(Protocol):
    """Takes the bytes of a photo that nobody has announced: the id of its upload, and its SHA-256."""

    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]: ...


class LocalUploads(KeptUploads):
    """Files in folders.

    Args:
        place: where.
        limits: sizes that are taken.
        secret: seals addresses.
    """

    #: Set when the whole is put together: it takes the bytes of what is announced here.
    receiver: Taker

    def __init__(self, place: Place, limits: Limits, secret: bytes) -> None:
        super().__init__(limits)
        self._place = place
        self._secret = secret

    def arrived(self, folder: FolderFacts, uploads: Sequence[UploadFacts]) -> frozenset[str]:
        return frozenset(one.upload_id for one in uploads if self._is_there(folder, one))

    def address(self, upload: UploadFacts, folder: FolderFacts, ends: dt.datetime) -> dict[str, Any]:
        expires = int(ends.timestamp())
        return {
            "method": "PUT",
            "url": f"{_place_of(upload, folder)}?expires={expires}&seal={self.seal(upload, expires)}",
            "headers": {"Content-Type": upload.content_type},
        }

    def preview(self, upload: UploadFacts, folder: FolderFacts) -> str | None:
        return f"{_place_of(upload, folder)}/preview"

    def forget(self, upload: UploadFacts, folder: FolderFacts) -> None:
        path = self.path(folder, upload.path)
        with translated(path):
            path.unlink(missing_ok=True)

    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]:
        return await self.receiver.take(name, content_type, size, body)

    def make_folder(self, desk: Desk, folder_id: str, name: str) -> FolderFacts:
        facts = super().make_folder(desk, folder_id, name)
        home = self.path(facts, "")
        with translated(home):
            home.mkdir(parents=True, exist_ok=True)
        return facts

    def path(self, folder: FolderFacts, path: str) -> Path:
        """The place of a file."""
        return self._place.uploads / folder.home / path

    def seal(self, upload: UploadFacts, expires: int) -> str:
        """What makes an address one of ours."""
        said = f"{upload.upload_id} {upload.bytes} {upload.content_type} {expires}"
        return hmac.digest(self._secret, said.encode(), hashlib.sha256).hex()[:40]

    def _is_there(self, folder: FolderFacts, upload: UploadFacts) -> bool:
        path = self.path(folder, upload.path)
        return path.is_file() and path.stat().st_size == upload.bytes


def _place_of(upload: UploadFacts, folder: FolderFacts) -> str:
    return f"{PREFIX}/uploads/{folder.folder_id}/files/{upload.upload_id}"
