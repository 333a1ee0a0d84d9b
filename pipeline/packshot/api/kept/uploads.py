"""Upload folders, and the files that were announced for them, as documents; a backend has the bytes."""

from __future__ import annotations

import abc
import datetime as dt
import hashlib
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

from packshot.api.backend import Desk, Limits
from packshot.api.kept.names import checked_path
from packshot.api.models.uploads import (
    MANIFEST_TYPES,
    PICTURE_TYPES,
    FileOffer,
    UploadFolder,
    UploadRequest,
    UploadTicket,
)
from packshot.contracts.base import Contract
from packshot.errors import ManifestError, RequestError, SourceError

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

    @property
    def home(self) -> str:
        """Where its files lie among all uploads: its name is the product group of photos that say nothing."""
        return f"{self.folder_id}/{self.name}"


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


class KeptUploads(abc.ABC):
    """Announcements as documents.

    Args:
        limits: sizes that are taken.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    @abc.abstractmethod
    def arrived(self, folder: FolderFacts, uploads: Sequence[UploadFacts]) -> frozenset[str]:
        """The ids of those that are there, as they were announced."""

    @abc.abstractmethod
    def address(self, upload: UploadFacts, folder: FolderFacts, ends: dt.datetime) -> dict[str, Any]:
        """How a file is sent: `method`, `url`, `headers` and `fields` of a ticket."""

    @abc.abstractmethod
    def preview(self, upload: UploadFacts, folder: FolderFacts) -> str | None:
        """Where a photo that has arrived can be looked at."""

    @abc.abstractmethod
    def forget(self, upload: UploadFacts, folder: FolderFacts) -> None:
        """Removes a file's bytes; no error when there are none."""

    @abc.abstractmethod
    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]:
        """As `packshot.api.backend.Uploads`."""

    def offer(self, desk: Desk, request: UploadRequest) -> UploadFolder:
        # All are judged before the first is kept.
        offers = [(checked_path(one.path), self._judged(one)) for one in request.files]
        folder = self._folder(desk, request)
        uploads = []
        for path, offer in offers:
            facts = UploadFacts(
                upload_id=f"{folder.folder_id}.{hashlib.sha256(path.encode()).hexdigest()[:16]}",
                folder_id=folder.folder_id,
                path=path,
                content_type=offer.content_type,
                bytes=offer.bytes,
            )
            desk.documents.put(_UPLOAD, facts.upload_id, facts.model_dump(mode="json"))
            uploads.append(facts)
        return self._view(folder, uploads, None)

    def folder(self, desk: Desk, folder_id: str, limit: int, cursor: str | None) -> UploadFolder:
        folder = self.facts(desk, folder_id)
        page = desk.documents.page(_UPLOAD, limit, cursor, prefix=f"{folder_id}.")
        return self._view(folder, [UploadFacts.model_validate(one) for one in page.items], page.cursor)

    def remove(self, desk: Desk, folder_id: str, upload_id: str) -> None:
        folder, upload = self.find(desk, folder_id, upload_id)
        if not folder.used:
            self.forget(upload, folder)
        elif self.received(folder, upload):
            raise RequestError("upload_in_use", path=upload.path)
        # One that never came is in nobody's use. What lies in its place is an earlier one's, and stays.
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
        """A photo that has arrived; upload_unknown, upload_incomplete, upload_type_refused."""
        folder, upload = self.find(desk, upload_id.partition(".")[0], upload_id)
        if not self.received(folder, upload):
            raise RequestError("upload_incomplete", path=upload.path)
        if not upload.is_picture:
            raise RequestError("upload_type_refused", content_type=upload.content_type)
        return folder, upload

    def make_folder(self, desk: Desk, folder_id: str, name: str) -> FolderFacts:
        """A folder of this id, new or as it is."""
        facts = FolderFacts(folder_id=folder_id, name=name, created_at=dt.datetime.now(dt.UTC))
        if not desk.documents.create(_FOLDER, folder_id, facts.model_dump(mode="json")):
            return self.facts(desk, folder_id)
        return facts

    def mark_used(self, desk: Desk, folder: FolderFacts) -> None:
        """From now on its files stay."""
        if not folder.used:
            used: dict[str, Any] = folder.model_copy(update={"used": True}).model_dump(mode="json")
            desk.documents.put(_FOLDER, folder.folder_id, used)

    def missing(self, desk: Desk, folder: FolderFacts) -> UploadFacts | None:
        """A photo or manifest of the folder that was announced and has not arrived, if there is one."""
        announced = list(self._announced(desk, folder))
        there = self.arrived(folder, announced)
        return next((one for one in announced if one.upload_id not in there), None)

    def received(self, folder: FolderFacts, upload: UploadFacts) -> bool:
        """True when the file is there, as it was announced."""
        return upload.upload_id in self.arrived(folder, [upload])

    def _announced(self, desk: Desk, folder: FolderFacts) -> Iterator[UploadFacts]:
        cursor: str | None = None
        while True:
            page = desk.documents.page(_UPLOAD, 500, cursor, prefix=f"{folder.folder_id}.")
            yield from (UploadFacts.model_validate(one) for one in page.items)
            cursor = page.cursor
            if cursor is None:
                return

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

    def _view(self, folder: FolderFacts, uploads: Sequence[UploadFacts], cursor: str | None) -> UploadFolder:
        there = self.arrived(folder, uploads)
        tickets = tuple(self._ticket(one, folder, received=one.upload_id in there) for one in uploads)
        return UploadFolder(
            folder_id=folder.folder_id,
            name=folder.name,
            created_at=folder.created_at,
            files=tickets,
            received=sum(one.received for one in tickets),
            cursor=cursor,
        )

    def _ticket(self, upload: UploadFacts, folder: FolderFacts, *, received: bool) -> UploadTicket:
        ends = dt.datetime.now(dt.UTC).replace(microsecond=0) + _GOOD_FOR
        return UploadTicket(
            upload_id=upload.upload_id,
            path=upload.path,
            source=upload.path,
            content_type=upload.content_type,
            bytes=upload.bytes,
            received=received,
            min_bytes=upload.bytes,
            max_bytes=upload.bytes,
            expires_at=ends,
            preview=self.preview(upload, folder) if received and upload.is_picture else None,
            **self.address(upload, folder, ends),
        )
