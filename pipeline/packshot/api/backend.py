"""What the routes need from outside: the ports of the use cases, and what only differs by where it runs.

`api.local` implements it on one machine. Behind API Gateway the same Protocols stand on S3,
DynamoDB and Step Functions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from packshot.api.cursors import Cursors
from packshot.api.models.batches import (
    BatchRequest,
    BatchStarted,
    Counts,
    DownloadRequest,
    DryRun,
    ImportPage,
    ImportRequest,
    ImportView,
    ListCheck,
    ProgressView,
)
from packshot.api.models.enhance import EnhanceSettings
from packshot.api.models.images import ImageLinks
from packshot.api.models.jobs import JobView
from packshot.api.models.overview import Overview
from packshot.api.models.uploads import UploadFolder, UploadRequest
from packshot.api.window import Window
from packshot.contracts.limits import MAX_SOURCE_BYTES
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import Overrides
from packshot.ports import Documents, JobTable, ObjectStore, Publish


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports, for the length of one request."""

    table: JobTable
    files: ObjectStore
    publish: Publish
    documents: Documents


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken.

    Attributes:
        picture_bytes, manifest_bytes: largest files.
        enhance_wait_s: seconds that one photo is waited for, before the answer is a job to look after.
        body_bytes: largest JSON body.
        streamed_images: of a batch whose results are answered as a stream; None for any number.
        decide_s: seconds in which one request goes on deciding on many images; None for as long as it takes.
    """

    picture_bytes: int = MAX_SOURCE_BYTES
    manifest_bytes: int = 64_000_000
    enhance_wait_s: float = 25.0
    body_bytes: int = 8_000_000
    streamed_images: int | None = None
    decide_s: float | None = None


USUAL: Final = Limits()


class Uploads(Protocol):
    """Files on their way in."""

    def offer(self, desk: Desk, request: UploadRequest) -> UploadFolder:
        """Addresses for files that are about to be sent; those that are there already say so.

        Raises:
            RequestError: folder_unknown, upload_name_refused, upload_type_refused.
            SourceError, ManifestError: file_too_large, manifest_too_large.
        """
        ...

    def folder(self, desk: Desk, folder_id: str, limit: int, cursor: str | None) -> UploadFolder:
        """A folder and what of it has arrived; folder_unknown."""
        ...

    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]:
        """Takes a photo that comes as a request's own body; the id of its upload, and its SHA-256.

        Raises:
            RequestError: upload_first where only the store takes files; upload_type_refused,
                upload_size_wrong.
            SourceError, ImageError: file_too_large, image_not_a_picture.
        """
        ...

    def remove(self, desk: Desk, folder_id: str, upload_id: str) -> None:
        """Forgets a file; upload_unknown, upload_in_use."""
        ...


class Lists(Protocol):
    """Lists of photos: looked through, kept, and found again."""

    def check(self, desk: Desk, request: ImportRequest) -> ListCheck:
        """What a list holds and what is wrong with it; errors as `packshot.manifests.open_source`."""
        ...

    def keep(self, desk: Desk, request: ImportRequest) -> ImportView:
        """Imports a list."""
        ...

    def imports(self, desk: Desk, limit: int, cursor: str | None) -> ImportPage:
        """The imports, newest first."""
        ...


class Work(Protocol):
    """What takes longer than an answer. All raise `RequestError("queue_full")` when too much waits."""

    def start(self, desk: Desk, request: BatchRequest) -> BatchStarted:
        """Claims a batch and sees that it is run; one that is there already goes on."""
        ...

    def check(self, desk: Desk, request: BatchRequest) -> DryRun:
        """What `start` would do."""
        ...

    def retry(self, desk: Desk, batch: BatchRecord, image_ids: tuple[str, ...]) -> JobView:
        """Failed images again; of a batch that was cut off, all that is missing."""
        ...

    def cancel(self, desk: Desk, batch: BatchRecord) -> None:
        """Ends a batch's job; batch_state when none waits or runs."""
        ...

    def rework(self, desk: Desk, image: ImageRecord, overrides: Overrides) -> JobView:
        """One image again with other settings, at once."""
        ...

    def enhance(self, desk: Desk, source: str, settings: EnhanceSettings) -> JobView:
        """One photo, at once: `source` is an https address or the id of an upload."""
        ...

    async def wait(self, job_id: str, seconds: float) -> None:
        """Returns when the job has ended, or after so many seconds."""
        ...

    def download(self, desk: Desk, batch: BatchRecord, request: DownloadRequest) -> JobView:
        """A zip of a batch's pictures."""
        ...

    def job(self, desk: Desk, job_id: str) -> JobView:
        """A job; job_unknown."""
        ...

    def jobs(self, desk: Desk, limit: int, cursor: str | None) -> tuple[tuple[JobView, ...], str | None]:
        """Jobs, newest first, and the port's cursor."""
        ...

    def progress(self, desk: Desk, batch: BatchRecord) -> tuple[ProgressView, str | None] | None:
        """How far a batch that waits or runs is, and its job's id where one has started it."""
        ...


class Sums(Protocol):
    """Counts and sums."""

    def counts(self, desk: Desk, batch: BatchRecord) -> Counts:
        """A batch's images by status, as of now."""
        ...

    def overview(self, desk: Desk, window: Window) -> Overview:
        """Sums over the batches of some days."""
        ...

    def changed(self, desk: Desk, images: Sequence[ImageRecord]) -> None:
        """Somebody has decided on these images."""
        ...


class Pictures(Protocol):
    """Where pictures are to be had."""

    def links(self, desk: Desk, image: ImageRecord, reference: str | None) -> ImageLinks:
        """All links of an image; `reference` is the source that it was aligned to, if that is wanted too."""
        ...

    def rendition(self, image: ImageRecord, name: str) -> str:
        """Of one of its files."""
        ...

    def results_file(self, desk: Desk, batch: BatchRecord, form: str) -> str | None:
        """Address of a file with a batch's results, in place of a stream; None where there is none.

        `form` is json, jsonl or csv; for json it may be JSON Lines.
        """
        ...


class Backend(Protocol):
    """All of it."""

    @property
    def limits(self) -> Limits: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def lists(self) -> Lists: ...
    @property
    def work(self) -> Work: ...
    @property
    def sums(self) -> Sums: ...
    @property
    def pictures(self) -> Pictures: ...

    def desk(self) -> AbstractContextManager[Desk]:
        """The ports, for one request."""
        ...

    def models(self) -> tuple[str, ...]:
        """Names of the background networks."""
        ...
