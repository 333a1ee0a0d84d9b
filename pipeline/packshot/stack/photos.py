"""Sends a batch's local photos to the upload bucket: side by side, and only those that are not there yet."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.fetch_files import FileReader
from packshot.aws_runtime.side_by_side import SideBySide
from packshot.contracts.limits import MAX_SOURCE_BYTES
from packshot.errors import SourceError

#: Requests that wait for S3 at a time; one answer takes tens of milliseconds, however fast the line is.
SENDERS: Final = 16


@dataclass(frozen=True, slots=True)
class LocalPhoto:
    """A photo of this machine.

    Attributes:
        written: as in the manifest.
        path: the absolute path.
        name: its key below the batch's folder.
    """

    written: str
    path: str
    name: str


@dataclass(slots=True)
class Sent:
    """What became of a batch's photos.

    Attributes:
        sent: those that travelled.
        there: those that were there, with the same checksum.
        refused: those that can't be read here, and why; their images will fail.
    """

    sent: int = 0
    there: int = 0
    refused: list[tuple[str, SourceError]] = field(default_factory=list)
    _digest: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.sent + self.there + len(self.refused)

    @property
    def digest(self) -> str:
        """Hash of all names and bytes, in whatever order they went."""
        return f"{self._digest:064x}"

    def count(self, photo: LocalPhoto, outcome: _Outcome) -> None:
        """Counts one."""
        if isinstance(outcome, SourceError):
            self.refused.append((photo.written, outcome))
            return
        sha256, travelled = outcome
        self.sent += travelled
        self.there += not travelled
        one = hashlib.sha256(f"{photo.name}\0{sha256}".encode()).digest()
        self._digest = (self._digest + int.from_bytes(one)) % (1 << 256)


#: The photo's SHA-256 and whether it travelled, or why it could not.
_Outcome = tuple[str, bool] | SourceError


def send_photos(
    photos: Iterable[LocalPhoto],
    store: S3ObjectStore,
    reader: FileReader,
    told: Callable[[Sent], None],
    senders: int = SENDERS,
) -> Sent:
    """Sends each photo, and tells after each how far it is.

    Args:
        photos: each name once; streamed.
        store: the batch's folder in the upload bucket.
        reader: reads within the manifest's folder and the allowed roots only.
        told: on the thread that called.
        senders: how many at a time.

    Raises:
        StorageError, StoreUnavailableError: of the bucket; what has travelled stays there.
    """
    there = frozenset(store.list())
    sent = Sent()

    def send(photo: LocalPhoto) -> tuple[LocalPhoto, _Outcome]:
        return photo, _send(photo, store, reader, photo.name in there)

    def count(done: tuple[LocalPhoto, _Outcome]) -> None:
        sent.count(*done)
        told(sent)

    with SideBySide(send, count, senders) as sending:
        for photo in photos:
            sending.add(photo)
    return sent


def _send(photo: LocalPhoto, store: S3ObjectStore, reader: FileReader, is_there: bool) -> _Outcome:
    try:
        data = _bytes_of(photo.path, reader)
    except SourceError as error:
        return error
    sha256 = hashlib.sha256(data).hexdigest()
    if is_there:
        found = store.stat(photo.name)
        if found is not None and found.sha256 == sha256:
            return sha256, False
    kind, _ = mimetypes.guess_type(photo.name)
    store.put(photo.name, data, kind or "application/octet-stream")
    return sha256, True


def _bytes_of(path: str, reader: FileReader) -> bytes:
    try:
        return reader.read(path)
    except SourceError as error:
        if error.code != "file_too_large":
            raise
        # Its beginning, one byte above the limit: refused there for what it is, not for being away.
        with Path(path).open("rb") as file:
            return file.read(MAX_SOURCE_BYTES + 1)
