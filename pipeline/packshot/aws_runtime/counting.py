"""Counting what is said: each event on the bus is one in a metric, whichever function says it.

Counted as it is delivered: at least once. A repeated delivery counts again, as rarely as it happens.
"""

from __future__ import annotations

from typing import Final

from packshot.aws_runtime.metrics import measure
from packshot.contracts import metrics
from packshot.contracts.events import DetailType, Event, ImageData
from packshot.contracts.records import ImageRecord
from packshot.errors import SENTENCES
from packshot.ports import Publish

_OUTCOMES: Final = {
    DetailType.IMAGE_PROCESSED: "processed",
    DetailType.IMAGE_NEEDS_REVIEW: "needs_review",
    DetailType.IMAGE_FAILED: "failed",
}


def counted(publish: Publish) -> Publish:
    """The same, and what was said is counted."""

    def publish_and_count(event: Event) -> None:
        publish(event)
        count(event)

    return publish_and_count


def count(event: Event) -> None:
    """Measures an event: images by outcome, code and reason, decisions, batches."""
    data, kind = event.data, event.detail_type
    if not isinstance(data, ImageData):
        measure(metrics.BATCHES, of=kind.value.removeprefix("Batch ").lower())
    elif data.review is not None:
        measure(metrics.DECISIONS, of=data.review.action)
    else:
        measure(metrics.IMAGES, of=_OUTCOMES[kind])
        if data.error is not None:
            # Codes come from a fixed list; should one not, it must not become a metric of its own.
            measure(metrics.FAILURES, of=data.error.code if data.error.code in SENTENCES else "other")
        elif kind is DetailType.IMAGE_NEEDS_REVIEW:
            for reason in data.review_reasons:
                measure(metrics.REVIEW_REASONS, of=reason.value)


def count_files(record: ImageRecord) -> None:
    """Measures the files of a finished image, and how much smaller `main` is than the photo."""
    if record.renditions:
        measure(metrics.FILES, len(record.renditions))
    main = next((one for one in record.renditions if one.name == "main"), None)
    if main is not None and record.source_bytes:
        measure(metrics.SOURCE_BYTES, record.source_bytes)
        measure(metrics.BYTES_SAVED, record.source_bytes - main.bytes)
