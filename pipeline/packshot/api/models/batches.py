"""Batches: what is asked for, and how far they are."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from packshot.api.models.base import Body, Id, Link, Name, View
from packshot.api.models.settings import PictureSettings, Source
from packshot.contracts.base import Mode, Status
from packshot.contracts.manifest import RowError, Scale
from packshot.contracts.records import ErrorFacts


class RowBody(Body):
    """One photo of a list, as a row of a manifest."""

    image_url: Source
    product_group_id: Name | None = None
    sku_id: Name | None = None
    image_type: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    reference: Source | None = None
    mode: Mode | None = None
    background: Annotated[str, Field(max_length=20)] | None = None
    scale: Scale | None = None


class ImportRequest(Body):
    """A list of photos to keep for later batches: rows, or a manifest among a folder's uploads.

    Attributes:
        folder_id: the folder that relative sources start from. Without `manifest` and `rows` it is
            taken as a folder of photos: its sub-folders are product groups, theirs SKUs.
        manifest: path of a CSV, JSON or JSON Lines file in that folder.
        rows: the list itself, at most 10,000; longer ones are uploaded as a manifest.
        columns: the manifest's own names of columns, by ours.
    """

    folder_id: Id | None = None
    manifest: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    rows: Annotated[tuple[RowBody, ...], Field(min_length=1, max_length=10_000)] | None = None
    columns: dict[str, Annotated[str, Field(max_length=200)]] = Field(default_factory=dict, max_length=20)

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if self.rows is not None and self.manifest is not None:
            raise ValueError("give rows or a manifest, not both")
        if self.rows is None and self.folder_id is None:
            raise ValueError("give rows, or a folder_id")
        return self


class BatchRequest(PictureSettings):
    """A batch to run: `photos`, an `import_id`, a `product_group_id` or an `sku_id`, and settings.

    Attributes:
        photos: a new list; see ImportRequest.
        import_id: a list that was imported before.
        product_group_id, sku_id: photos of the newest import that has some (or of `import_id`).
        reference: the photo that the others are aligned to, where their rows name none.
        limit: only the first so many photos.
        strict: refuse the list when one of its rows is bad.
    """

    photos: ImportRequest | None = None
    import_id: Id | None = None
    product_group_id: Name | None = None
    sku_id: Name | None = None
    reference: Source | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    strict: bool = False

    @model_validator(mode="after")
    def _some_photos(self) -> Self:
        chosen = (self.import_id, self.product_group_id, self.sku_id)
        if self.photos is None and not any(chosen):
            raise ValueError("give photos, an import_id, a product_group_id or an sku_id")
        if self.photos is not None and self.import_id is not None:
            raise ValueError("give photos or an import_id, not both")
        return self


class GroupCount(View):
    """Photos of one product group in a list."""

    product_group_id: str
    skus: int
    images: int


class ListCheck(View):
    """What a list of photos holds, and what is wrong with it.

    Attributes:
        total: rows, the bad ones included.
        rejected_rows: rows that can't be used.
        row_errors: their errors, the first 1,000; a row may have several.
        groups: the first 1,000 product groups, by name.
    """

    total: int
    rejected_rows: int
    row_errors: tuple[RowError, ...]
    row_errors_left: int
    groups: tuple[GroupCount, ...]
    groups_left: int


class DryRun(ListCheck):
    """What a batch would do; nothing was started.

    Attributes:
        to_process: photos that would be worked on.
        reused: photos whose finished result stands.
        preset: the one that would be taken.
    """

    to_process: int
    reused: int
    preset: str


class ImportView(ListCheck):
    """An imported list."""

    import_id: str
    folder_id: str
    name: str
    created_at: dt.datetime


class ImportPage(View):
    """Imports, newest first; their row errors are left out."""

    items: tuple[ImportView, ...]
    cursor: str | None


class Counts(View):
    """Images by status, and the finished ones by what quality control says."""

    total: int
    pending: int
    processing: int
    completed: int
    failed: int
    auto_approved: int
    needs_review: int
    approved: int
    rejected: int


class ProgressView(View):
    """How far a running batch is.

    Attributes:
        done: images with a final result, those that stood already included.
        reused: of the done ones, those that stood already.
        rate_per_s: images per second over the last half minute; 0 at first.
        eta_s: seconds left; null while unknown.
        current: sources in work.
        ahead: jobs that run before this one; 0 when it runs.
    """

    done: int
    total: int
    reused: int
    rate_per_s: float
    eta_s: float | None
    current: tuple[str, ...]
    ahead: int


class BatchLinks(View):
    """Where to go from a batch."""

    self: Link
    images: Link
    results_json: Link
    results_csv: Link
    download: Link


class BatchView(View):
    """A batch.

    Attributes:
        name: for people: the manifest's or the folder's name.
        counts: as of now.
        progress: while it waits or runs on this server, else null.
        job_id: of the job that works on it.
    """

    batch_id: str
    name: str
    status: Status
    preset: str
    mode: Mode
    background: str
    target_size_kb: int | None
    model: str
    reference: str | None
    counts: Counts
    rejected_rows: int
    progress: ProgressView | None
    job_id: str | None
    error: ErrorFacts | None
    created_at: dt.datetime
    finished_at: dt.datetime | None
    links: BatchLinks


class BatchPage(View):
    """Batches, newest first."""

    items: tuple[BatchView, ...]
    cursor: str | None


class BatchStarted(View):
    """A batch that was accepted, and what of its list was not."""

    batch: BatchView
    row_errors: tuple[RowError, ...]
    row_errors_left: int


class RetryRequest(Body):
    """Which failed images to try again; without ids all of them."""

    image_ids: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class DownloadRequest(Body):
    """What a zip shall hold.

    Attributes:
        include: `catalogue`, the approved pictures; `review`, those that wait or were rejected; or both.
        renditions: only these; empty for all.
    """

    include: Annotated[str, Field(pattern="^(catalogue|review|both)$")] = "catalogue"
    renditions: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=50)] = ()
