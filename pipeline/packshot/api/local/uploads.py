"""Uploads into folders below the output folder, under the contract that presigned addresses have."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packshot.adapters.local.disk import translated
from packshot.api.backend import Desk, Limits
from packshot.api.local.place import Place, checked_path
from packshot.api.models.uploads import (
    MANIFEST_TYPES,
    PICTURE_TYPES,
    FileOffer,
    UploadFolder,
    UploadRequest,
    UploadTicket,
)
from packshot.api.views import PREFIX
from packshot.contracts.base import Contract
from packshot.errors import ManifestError, RequestError, SourceError

if TYPE_CHECKING:
    from packshot.api.local.receiving import Receiver

_FOLDER: Final = "folder"
_UPLOAD: Final = "upload"
#: An address is good for so long.
_GOOD_FOR: Final = dt.timedelta(hours=1)


class FolderFacts(Contract):
    """An upload folder.

    Attributes:
        used: a batch or an import has it.
    """

    folder_id: str
    name: str
    created_at: dt.datetime
    used: bool = False


class UploadFacts(Contract):
    """A file that was announced."""

    upload_id: str
    folder_id: str
    path: str
    content_type: str
    bytes: int

    @property
    def is_picture(self) -> bool:
        """It was announced as a photo."""
        return self.content_type in PICTURE_TYPES


class LocalUploads:
    """Announcements as documents, files in folders.

    Args:
        place: where.
        limits: sizes that are taken.
        secret: seals addresses.
    """

    #: Set when the whole is put together: it takes the bytes of what is announced here.
    receiver: Receiver

    def __init__(self, place: Place, limits: Limits, secret: bytes) -> None:
        self._place = place
        self._limits = limits
        self._secret = secret

    def offer(self, desk: Desk, request: UploadRequest) -> UploadFolder:
        # All are judged before the first is kept.
        offers = [(checked_path(one.path), self._judged(one)) for one in request.files]
        folder = self._folder(desk, request)
        tickets = []
        for path, offer in offers:
            facts = UploadFacts(
                upload_id=f"{folder.folder_id}.{hashlib.sha256(path.encode()).hexdigest()[:16]}",
                folder_id=folder.folder_id,
                path=path,
                content_type=offer.content_type,
                bytes=offer.bytes,
            )
            desk.documents.put(_UPLOAD, facts.upload_id, facts.model_dump(mode="json"))
            tickets.append(self._ticket(facts, folder))
        return self._view(folder, tickets, None)

    def folder(self, desk: Desk, folder_id: str, limit: int, cursor: str | None) -> UploadFolder:
        folder = self.facts(desk, folder_id)
        page = desk.documents.page(_UPLOAD, limit, cursor, prefix=f"{folder_id}.")
        tickets = [self._ticket(UploadFacts.model_validate(one), folder) for one in page.items]
        return self._view(folder, tickets, page.cursor)

    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]:
        return await self.receiver.take(name, content_type, size, body)

    def remove(self, desk: Desk, folder_id: str, upload_id: str) -> None:
        folder, upload = self.find(desk, folder_id, upload_id)
        if folder.used:
            raise RequestError("upload_in_use", path=upload.path)
        path = self.path(folder, upload.path)
        with translated(path):
            path.unlink(missing_ok=True)
        desk.documents.delete(_UPLOAD, upload_id)

    def facts(self, desk: Desk, folder_id: str) -> FolderFacts:
        """An upload folder; folder_unknown."""
        found = desk.documents.get(_FOLDER, folder_id)
        if found is None:
            raise RequestError("folder_unknown", folder_id=folder_id)
        return FolderFacts.model_validate(found)

    def find(self, desk: Desk, folder_id: str, upload_id: str) -> tuple[FolderFacts, UploadFacts]:
        """A file and its folder; upload_unknown."""
        found = desk.documents.get(_UPLOAD, upload_id)
        if found is None or found["folder_id"] != folder_id:
            raise RequestError("upload_unknown", upload_id=upload_id)
        return self.facts(desk, folder_id), UploadFacts.model_validate(found)

    def find_received(self, desk: Desk, upload_id: str) -> tuple[FolderFacts, UploadFacts]:
        """A file that has arrived; upload_unknown, upload_incomplete."""
        folder, upload = self.find(desk, upload_id.partition(".")[0], upload_id)
        if not self.received(folder, upload):
            raise RequestError("upload_incomplete", path=upload.path)
        return folder, upload

    def make_folder(self, desk: Desk, folder_id: str, name: str) -> FolderFacts:
        """A folder of this id, new or as it is."""
        now = dt.datetime.now(dt.UTC)
        facts = FolderFacts(folder_id=folder_id, name=name, created_at=now)
        if not desk.documents.create(_FOLDER, folder_id, facts.model_dump(mode="json")):
            return self.facts(desk, folder_id)
        with translated(self.home(facts)):
            self.home(facts).mkdir(parents=True, exist_ok=True)
        return facts

    def mark_used(self, desk: Desk, folder: FolderFacts) -> None:
        """From now on its files stay."""
        if not folder.used:
            used: dict[str, Any] = folder.model_copy(update={"used": True}).model_dump(mode="json")
            desk.documents.put(_FOLDER, folder.folder_id, used)

    def missing(self, desk: Desk, folder: FolderFacts) -> UploadFacts | None:
        """A photo or manifest of the folder that was announced and has not arrived, if there is one."""
        cursor: str | None = None
        while True:
            page = desk.documents.page(_UPLOAD, 500, cursor, prefix=f"{folder.folder_id}.")
            for one in page.items:
                upload = UploadFacts.model_validate(one)
                if not self.received(folder, upload):
                    return upload
            cursor = page.cursor
            if cursor is None:
                return None

    def home(self, folder: FolderFacts) -> Path:
        """The folder's files: its name is the product group of photos that say nothing else."""
        return self._place.uploads / folder.folder_id / folder.name

    def path(self, folder: FolderFacts, path: str) -> Path:
        """The place of a file."""
        return self.home(folder) / path

    def received(self, folder: FolderFacts, upload: UploadFacts) -> bool:
        """True when the file is there, as it was announced."""
        path = self.path(folder, upload.path)
        return path.is_file() and path.stat().st_size == upload.bytes

    def seal(self, upload: UploadFacts, expires: int) -> str:
        """What makes an address one of ours."""
        said = f"{upload.upload_id} {upload.bytes} {upload.content_type} {expires}"
        return hmac.digest(self._secret, said.encode(), hashlib.sha256).hex()[:40]

    def _judged(self, offer: FileOffer) -> FileOffer:
        kind = offer.content_type.partition(";")[0].strip().lower()
        if kind in PICTURE_TYPES:
            if offer.bytes > self._limits.picture_bytes:
                raise SourceError("file_too_large", limit_mb=f"{self._limits.picture_bytes / 1e6:g}")
        elif kind in MANIFEST_TYPES:
            if offer.bytes > self._limits.manifest_bytes:
                raise ManifestError(
                    "manifest_too_large", bytes=offer.bytes, limit=self._limits.manifest_bytes
                )
        else:
            shown = "".join(char if char.isprintable() else "?" for char in kind[:60])
            raise RequestError("upload_type_refused", content_type=shown or "?")
        return offer.model_copy(update={"content_type": kind})

    def _folder(self, desk: Desk, request: UploadRequest) -> FolderFacts:
        if request.folder_id is not None:
            return self.facts(desk, request.folder_id)
        now = dt.datetime.now(dt.UTC)
        name = checked_path(request.name or f"upload {now:%Y-%m-%d %H.%M.%S}").strip()
        if not name or "/" in name:
            raise RequestError("upload_name_refused", path=name[:100], reason="it is the name of one folder")
        return self.make_folder(desk, f"fld-{secrets.token_hex(8)}", name)

    def _ticket(self, upload: UploadFacts, folder: FolderFacts) -> UploadTicket:
        ends = dt.datetime.now(dt.UTC).replace(microsecond=0) + _GOOD_FOR
        expires = int(ends.timestamp())
        place = f"{PREFIX}/uploads/{folder.folder_id}/files/{upload.upload_id}"
        received = self.received(folder, upload)
        return UploadTicket(
            upload_id=upload.upload_id,
            path=upload.path,
            source=upload.path,
            content_type=upload.content_type,
            bytes=upload.bytes,
            received=received,
            method="PUT",
            url=f"{place}?expires={expires}&seal={self.seal(upload, expires)}",
            headers={"Content-Type": upload.content_type},
            min_bytes=upload.bytes,
            max_bytes=upload.bytes,
            expires_at=ends,
            preview=f"{place}/preview" if received and upload.is_picture else None,
        )

    def _view(self, folder: FolderFacts, tickets: list[UploadTicket], cursor: str | None) -> UploadFolder:
        return UploadFolder(
            folder_id=folder.folder_id,
            name=folder.name,
            created_at=folder.created_at,
            files=tuple(tickets),
            received=sum(one.received for one in tickets),
            cursor=cursor,
        )
