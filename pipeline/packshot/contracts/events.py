"""Events: past-tense facts for consumers, `detail = {metadata, data}`.

Exactly one of Image Processed, Image Needs Review and Image Failed goes out per revision,
delivered at least once, with a deterministic `event_id`.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from pydantic import Field

from packshot.contracts.base import Contract, QcStatus, ReviewReason
from packshot.contracts.records import ErrorFacts

SOURCE = "packshot"
SCHEMA_VERSION = "1"


class DetailType(StrEnum):
    """EventBridge's detail-type of each event."""

    BATCH_ACCEPTED = "Batch Accepted"
    BATCH_STARTED = "Batch Started"
    IMAGE_PROCESSED = "Image Processed"
    IMAGE_NEEDS_REVIEW = "Image Needs Review"
    IMAGE_FAILED = "Image Failed"
    IMAGE_REVIEWED = "Image Reviewed"
    BATCH_COMPLETED = "Batch Completed"
    BATCH_FAILED = "Batch Failed"


class EventMetadata(Contract):
    """What every event says of itself."""

    event_id: str
    schema_version: str = SCHEMA_VERSION
    occurred_at: dt.datetime


class EventFile(Contract):
    """A file that an event points to: key, checksum and, on AWS, the object's version. Never a link."""

    rendition: str
    key: str
    sha256: str
    bytes: int
    version_id: str | None = None


class ImageData(Contract):
    """Data of the three image outcomes and of Image Reviewed."""

    batch_id: str
    image_id: str
    revision: int
    product_group_id: str
    sku_id: str
    image_type: str
    source: str
    qc_status: QcStatus
    score: float | None = None
    review_reasons: tuple[ReviewReason, ...] = ()
    error: ErrorFacts | None = None
    files: tuple[EventFile, ...] = ()
    reviewer: str | None = None


class BatchData(Contract):
    """Data of the batch events."""

    batch_id: str
    manifest: str
    total: int
    counts: dict[str, int] = Field(default_factory=dict)
    error: ErrorFacts | None = None


class Event(Contract):
    """One event as it goes on the bus, or as a line of `events.jsonl`."""

    source: str = SOURCE
    detail_type: DetailType
    metadata: EventMetadata
    data: ImageData | BatchData

    def detail(self) -> dict[str, Any]:
        """The `detail` object, JSON-ready."""
        return {
            "metadata": self.metadata.model_dump(mode="json"),
            "data": self.data.model_dump(mode="json"),
        }
