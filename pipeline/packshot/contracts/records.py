"""What is kept of an image and of a batch: the job table's rows, one line of `results.jsonl`."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from packshot.contracts.base import (
    Box,
    Contract,
    Matrix,
    Mode,
    QcStatus,
    ReviewAction,
    ReviewReason,
    Share,
    Status,
)
from packshot.contracts.manifest import Scale
from packshot.contracts.stages import ComplianceResult, RenditionFile
from packshot.contracts.task import BatchSettings, Overrides


class ErrorFacts(Contract):
    """Why an image failed: the stable code, the user's sentence, the stage (None outside of them)."""

    code: str
    message: str
    stage: str | None = None


class RecordProduct(Contract):
    """The product as detect saw it."""

    box: Box
    angle_deg: float
    confidence: Share
    coverage: Share


class RecordAlignment(Contract):
    """The similarity that align used.

    Attributes:
        canvas: width and height that `transform` leads to; None in records of before it was kept.
        box: of the finished product on the canvas (alpha >= 0.5), where the image came so far.
    """

    method: str
    transform: Matrix
    residual_px: float | None
    scale: float
    rotation_deg: float
    enlarged: bool
    canvas: tuple[int, int] | None = None
    box: Box | None = None


class Versions(Contract):
    """What made a record: packshot's version, model name@sha256[:12], preset name@version."""

    packshot: str
    model: str
    preset: str


class ImageRecord(Contract):
    """One image's final word for one revision; a line of `results.jsonl`.

    Attributes:
        line, reference, mode, background, scale: of the manifest's row, so that it can be run again.
        superseded_by: what took its place (a newer revision, or another image that has taken its file
            names); such a record can't be reviewed any more.
        fingerprint: hash of source bytes, options, preset, model and code version; decides resume.
        updated_at: UTC; not part of what must be the same between runs, like `timings_ms`.
        version: counts the changes of this record; two reviewers are told apart by it.
    """

    batch_id: str
    image_id: str
    revision: int = 0
    source: str
    sku_id: str
    product_group_id: str
    image_type: str
    line: int = 0
    reference: str | None = None
    mode: Mode | None = None
    background: str | None = None
    scale: Scale = Scale.OWN
    status: Status
    qc_status: QcStatus
    score_before: float | None = None
    score_after: float | None = None
    score_parts: dict[str, float] = Field(default_factory=dict)
    score_parts_before: dict[str, float] = Field(default_factory=dict)
    review_reasons: tuple[ReviewReason, ...] = ()
    error: ErrorFacts | None = None
    product: RecordProduct | None = None
    alignment: RecordAlignment | None = None
    compliance: tuple[ComplianceResult, ...] = ()
    renditions: tuple[RenditionFile, ...] = ()
    enhancements: dict[str, float] = Field(default_factory=dict)
    overrides: Overrides = Overrides()
    source_bytes: int | None = None
    source_size: tuple[int, int] | None = None
    source_sha256: str | None = None
    fingerprint: str | None = None
    versions: Versions
    timings_ms: dict[str, float] = Field(default_factory=dict)
    superseded_by: str | None = None
    updated_at: dt.datetime
    version: int = 0


class BatchRecord(Contract):
    """A batch: what was asked, and how far it is.

    Attributes:
        counts: images by status and by qc_status; written by summarise, never counted up.
        manifest: the source of the batch as it was given.
        base: folder or address that the manifest's relative sources start from.
        execution: on AWS, ARN of the execution that worked on it last.
    """

    batch_id: str
    status: Status
    manifest: str
    base: str = ""
    settings: BatchSettings
    total: int = Field(ge=0)
    rejected_rows: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    created_at: dt.datetime
    finished_at: dt.datetime | None = None
    execution: str | None = None
    error: ErrorFacts | None = None


class ReviewEntry(Contract):
    """One line of the append-only review history: who, when, what, before and after."""

    batch_id: str
    image_id: str
    revision: int
    action: ReviewAction
    before: QcStatus
    after: QcStatus
    reviewer: str
    reason: str | None = None
    notes: str | None = None
    at: dt.datetime
