"""The contract of `Publish`, for both adapters: consumers see the same envelope."""

from __future__ import annotations

from packshot.contracts import ids
from packshot.contracts.events import BatchData, DetailType, Event, EventMetadata
from tests.adapters.conftest import Publishing
from tests.samples import later


def event(number: int = 1) -> Event:
    return Event(
        detail_type=DetailType.BATCH_COMPLETED,
        metadata=EventMetadata(event_id=ids.event_id("test", str(number)), occurred_at=later(number)),
        data=BatchData(batch_id=f"batch-{number}", manifest="Größe.csv", total=3, counts={"completed": 3}),
    )


def test_an_event_arrives_as_it_was_said(publishing: Publishing) -> None:
    publishing.publish(event())
    (got,) = publishing.arrived()
    assert got["source"] == "packshot"
    assert got["detail-type"] == "Batch Completed"
    assert got["detail"] == event().detail()


def test_events_arrive_each(publishing: Publishing) -> None:
    for number in range(5):
        publishing.publish(event(number))
    arrived = publishing.arrived()
    assert {one["detail"]["data"]["batch_id"] for one in arrived} == {f"batch-{n}" for n in range(5)}


def test_the_same_event_again_keeps_its_id(publishing: Publishing) -> None:
    for _ in range(3):
        publishing.publish(event())
    ids_seen = [one["detail"]["metadata"]["event_id"] for one in publishing.arrived()]
    assert set(ids_seen) == {event().metadata.event_id}
    # A log can leave the second one out; a bus delivers at least once.
    assert len(ids_seen) == (1 if publishing.keeps_ids_apart else 3)
