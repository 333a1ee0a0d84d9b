"""What the use cases and stages need from outside, as Protocols; `adapters` implements them.

Each method translates its vendor's errors into `packshot.errors`: `StoreUnavailableError` for what
may pass, `StorageError` for what won't, `SourceError` and `SourceUnavailableError` for sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.events import Event
from packshot.contracts.records import BatchRecord, ImageRecord, ReviewEntry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A file in a store; `version_id` is None where the store keeps no versions."""

    key: str
    bytes: int
    sha256: str
    version_id: str | None = None


class ObjectStore(Protocol):
    """Files by key. Keys are relative, `/`-separated and never leave the store."""

    @property
    def bucket(self) -> str | None:
        """The bucket's name; None for a folder."""
        ...

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> StoredObject:
        """Writes the file whole or not at all, replacing one of the same key."""
        ...

    def get(self, key: str) -> bytes:
        """The file's bytes; `StorageError("store_corrupt")` when there is none."""
        ...

    def stat(self, key: str) -> StoredObject | None:
        """Size and SHA-256 of the file, or None when there is none."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes of the file, or None when there is none; cheaper than `stat` where hashing costs."""
        ...

    def version_id(self, key: str, sha256: str) -> str | None:
        """The version that stands there now, if it holds these bytes; None where the store keeps none."""
        ...

    def delete(self, key: str) -> None:
        """Removes the file; no error when there is none."""
        ...

    def move(self, source: str, target: str) -> StoredObject:
        """Renames a file, replacing the target; idempotent when only the target is left.

        `StorageError("store_corrupt")` when neither is there.
        """
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """Keys under the prefix, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class ImageQuery:
    """Which images of a batch; None for any.

    Attributes:
        status, qc_status, sku_id: as in the record.
        shards: those whose shard (`contracts.table.shard_of`) is one of these digits; empty for all.
    """

    status: Status | None = None
    qc_status: QcStatus | None = None
    sku_id: str | None = None
    shards: str = ""


ANY_IMAGE: Final = ImageQuery()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and where to go on; `cursor` is None at the end. A filtered page may be short."""

    items: tuple[T, ...]
    cursor: str | None


class JobTable(Protocol):
    """Batches, image records and the review history."""

    def unit(self) -> AbstractContextManager[None]:
        """What is written and published inside stands wholly or not at all, where the store can do that.

        A folder can. DynamoDB can't with a bus beside it: there each step is idempotent and whoever
        called the use case calls it again.
        """
        ...

    def claim_batch(self, batch: BatchRecord) -> bool:
        """Writes a new batch; False, and nothing written, when its id is there already."""
        ...

    def put_batch(self, batch: BatchRecord) -> None:
        """Writes a batch over the one there."""
        ...

    def get_batch(self, batch_id: str) -> BatchRecord | None:
        """The batch, or None."""
        ...

    def batches(self, limit: int = 50, cursor: str | None = None) -> Page[BatchRecord]:
        """Batches, newest first."""
        ...

    def put_image(self, record: ImageRecord, expected_version: int | None) -> bool:
        """Writes a record if the stored one's `version` is `expected_version` (None: no record yet).

        Returns False, and writes nothing, when it is not.
        """
        ...

    def get_image(self, batch_id: str, image_id: str, revision: int | None = None) -> ImageRecord | None:
        """A record, of the newest revision when none is named."""
        ...

    def images(
        self, batch_id: str, query: ImageQuery = ANY_IMAGE, limit: int = 1000, cursor: str | None = None
    ) -> Page[ImageRecord]:
        """Newest revisions of a batch's images."""
        ...

    def by_sku(
        self, sku_id: str, image_id: str | None = None, limit: int = 1000, cursor: str | None = None
    ) -> Page[ImageRecord]:
        """One SKU's images (or only the one) over all batches, superseded records left out, by image_id.

        An index may lag behind the table by a second on AWS.
        """
        ...

    def needs_review(self, limit: int = 100, cursor: str | None = None) -> Page[ImageRecord]:
        """The review queue over all batches, oldest first; superseded records are not in it."""
        ...

    def append_review(self, entry: ReviewEntry) -> None:
        """Adds a line to the append-only review history; the same line again changes nothing."""
        ...

    def reviews(self, batch_id: str, image_id: str) -> tuple[ReviewEntry, ...]:
        """The history of one image, oldest first."""
        ...


class Documents(Protocol):
    """Small JSON documents by kind and id: kept settings, jobs, uploads, answers to repeated requests.

    One that has expired may still be there for a while, but is not found any more.
    """

    def create(
        self, kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None = None
    ) -> bool:
        """Writes a new document; False, and nothing written, when there is one."""
        ...

    def put(
        self, kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None = None
    ) -> None:
        """Writes a document over the one there."""
        ...

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The document, or None."""
        ...

    def delete(self, kind: str, key: str) -> None:
        """Removes it; no error when there is none."""
        ...

    def page(
        self,
        kind: str,
        limit: int = 100,
        cursor: str | None = None,
        *,
        prefix: str = "",
        newest: bool = False,
    ) -> Page[dict[str, Any]]:
        """Documents of a kind whose keys begin with `prefix`, by key; with `newest` from the greatest."""
        ...


class Fetcher(Protocol):
    """Reads a photo from where the manifest says it is."""

    def fetch(self, source: str) -> bytes:
        """The bytes of a resolved source (absolute path, https or s3 address), within the limits.

        Raises:
            SourceError: missing, refused, not allowed, above the size limit.
            SourceUnavailableError: did not answer, or not in time.
        """
        ...


#: Delivers one event at least once.
Publish = Callable[[Event], None]
