"""What is said about a batch as a whole."""

from __future__ import annotations

import datetime as dt

from packshot.contracts import ids
from packshot.contracts.events import BatchData, DetailType, Event, EventMetadata
from packshot.contracts.records import BatchRecord


def batch_event(kind: DetailType, batch: BatchRecord, at: dt.datetime, *outcome: str) -> Event:
    """An event of a batch; equal facts (`outcome` tells them apart) get an equal id."""
    return Event(
        detail_type=kind,
        metadata=EventMetadata(event_id=ids.event_id(kind, batch.batch_id, *outcome), occurred_at=at),
        data=BatchData(
            batch_id=batch.batch_id,
            manifest=batch.manifest,
            total=batch.total,
            rejected_rows=batch.rejected_rows,
            counts=batch.counts,
            created_at=batch.created_at,
            finished_at=batch.finished_at,
            error=batch.error,
        ),
    )
