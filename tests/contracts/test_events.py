"""An event's detail is {metadata, data}, JSON-ready, and reads back."""

import datetime as dt
import json

from packshot.contracts.base import QcStatus
from packshot.contracts.events import BatchData, DetailType, Event, EventFile, EventMetadata, ImageData
from packshot.contracts.preset import Format

NOW = dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC)
METADATA = EventMetadata(event_id="evt-1", occurred_at=NOW)


def image_event() -> Event:
    data = ImageData(
        batch_id="batch-1",
        image_id="img-1",
        revision=0,
        product_group_id="g",
        sku_id="s",
        image_type="primary",
        source="a.jpg",
        qc_status=QcStatus.AUTO_APPROVED,
        score=91.5,
        files=(
            EventFile(
                rendition="main",
                format=Format.JPEG,
                width=64,
                height=64,
                key="catalogue/g/s.jpg",
                sha256="0" * 64,
                bytes=10,
            ),
        ),
    )
    return Event(detail_type=DetailType.IMAGE_PROCESSED, metadata=METADATA, data=data)


def test_the_detail_has_metadata_and_data() -> None:
    detail = json.loads(json.dumps(image_event().detail()))
    assert set(detail) == {"metadata", "data"}
    assert detail["metadata"] == {
        "event_id": "evt-1",
        "schema_version": "1",
        "occurred_at": "2026-11-01T12:00:00Z",
    }
    assert detail["data"]["qc_status"] == "auto_approved"


def test_image_and_batch_events_read_back_as_what_they_were() -> None:
    batch = Event(
        detail_type=DetailType.BATCH_COMPLETED,
        metadata=METADATA,
        data=BatchData(batch_id="batch-1", manifest="m.csv", total=3, counts={"completed": 3}),
    )
    for event in (image_event(), batch):
        assert Event.model_validate_json(event.model_dump_json()) == event


def test_an_event_never_carries_a_link() -> None:
    assert not {"url", "link", "href"} & set(EventFile.model_fields)
