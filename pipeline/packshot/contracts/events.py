"""Events: past-tense facts for consumers, `detail = {metadata, data}`.

Exactly one of Image Processed, Image Needs Review and Image Failed goes out per revision,
delivered at least once, with a deterministic `event_id`. docs/events.md is the consumers' page;
the descriptions here stand in the JSON Schemas too (`packshot.contracts.event_schemas`).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from packshot.contracts.base import Contract, QcStatus, ReviewAction, ReviewReason
from packshot.contracts.preset import Format
from packshot.contracts.records import ErrorFacts

SOURCE: Final = "packshot"
#: Rises when a field is removed, renamed or changes its meaning; a new field leaves it.
SCHEMA_VERSION: Final = "1"


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

    event_id: str = Field(description="Equal for each delivery of the same fact: tell repeats by it.")
    schema_version: str = Field(
        SCHEMA_VERSION, description="Rises when a field is removed, renamed or changes its meaning."
    )
    occurred_at: dt.datetime = Field(description="When it happened, UTC.")


class EventFile(Contract):
    """One finished file: where it lies, which version of it, and its checksum. Never a link."""

    rendition: str = Field(description="The preset's name for it; `main` is the marketplace's picture.")
    format: Format = Field(description="The file's format.")
    width: int = Field(description="Pixels.")
    height: int = Field(description="Pixels.")
    bucket: str | None = Field(None, description="The bucket; null on one machine.")
    key: str = Field(description="Key in the bucket, or path in the output folder.")
    version_id: str | None = Field(None, description="The object's version; null without versions.")
    sha256: str = Field(description="SHA-256 of the file, hexadecimal.")
    bytes: int = Field(description="Size of the file.")


class EventReview(Contract):
    """A person's decision."""

    action: ReviewAction = Field(description="What was done.")
    before: QcStatus = Field(description="`qc_status` before the decision.")
    reviewer: str = Field(description="Who decided.")
    reason: str | None = Field(None, description="Why it was rejected.")
    notes: str | None = Field(None, description="What the reviewer wrote beside it.")


class ImageData(Contract):
    """Data of the three image outcomes and of Image Reviewed."""

    batch_id: str = Field(description="The batch: one upload of one manifest.")
    image_id: str = Field(description="Hash of product group, SKU, image type and source as written.")
    revision: int = Field(description="0, then one more for each rework.")
    product_group_id: str = Field(description="The product group; empty for an unreadable line.")
    sku_id: str = Field(description="The SKU; empty for an unreadable line.")
    image_type: str = Field(description="primary, side, ...; empty for an unreadable line.")
    source: str = Field(description="The photo, as the manifest writes it; empty for an unreadable line.")
    qc_status: QcStatus = Field(description="What quality control, or a person, says of it.")
    score: float | None = Field(None, description="0 to 100; null when the image failed.")
    review_reasons: tuple[ReviewReason, ...] = Field(
        (), description="Why a person should look; new reasons may come."
    )
    error: ErrorFacts | None = Field(None, description="Why it failed; codes are stable, new ones may come.")
    files: tuple[EventFile, ...] = Field((), description="The finished files; none when the image failed.")
    review: EventReview | None = Field(None, description="The decision, in Image Reviewed.")


class BatchData(Contract):
    """Data of the batch events."""

    batch_id: str = Field(description="The batch: one upload of one manifest.")
    manifest: str = Field(description="The manifest, as it was given: an s3 address, or a path.")
    total: int = Field(description="Images of the batch, unreadable lines counted.")
    rejected_rows: int = Field(0, description="Lines of the manifest that could not be used.")
    counts: dict[str, int] = Field(
        default_factory=dict,
        description="Images by status and qc_status; those that are 0 are left out. Empty before the end.",
    )
    created_at: dt.datetime | None = Field(None, description="When the batch was accepted, UTC.")
    finished_at: dt.datetime | None = Field(None, description="When it ended, UTC; null before.")
    error: ErrorFacts | None = Field(None, description="Why the batch could not be run.")


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

    def envelope(self) -> dict[str, Any]:
        """The event as consumers see it, JSON-ready; EventBridge adds id, account, region and time."""
        return {"source": self.source, "detail-type": self.detail_type.value, "detail": self.detail()}
