"""Rows to tasks, batches claimed once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from packshot.batches.plan import BadRow, claim, effective_reference, plan, reference_task, start
from packshot.batches.summarise import fail
from packshot.contracts import ids
from packshot.contracts.base import Status
from packshot.contracts.events import BatchData
from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.task import ImageTask, Overrides
from packshot.errors import InternalError, SourceError
from tests import samples
from tests.worlds import World, row


def resolve(written: str) -> str:
    if written.startswith(".."):
        raise SourceError("source_outside_root", source=written)
    return f"/photos/{written}"


def bad(line: int, number: int = 0, code: str = "row_value_missing") -> RowError:
    return RowError(line=line, row=number, column="sku_id", code=code, message="The column is empty.")


def planned(rows: list[ManifestRow | RowError], **changes: Any) -> list[ImageTask | BadRow]:
    return list(plan(rows, "batch-1", samples.settings(**changes), resolve))


def test_a_row_becomes_a_task() -> None:
    (task,) = planned([row(1)])
    assert isinstance(task, ImageTask)
    assert task.image_id == ids.image_id("group", "sku-1", "primary", "1.jpg")
    assert (task.source, task.revision, task.reference_id, task.is_reference) == (
        "/photos/1.jpg",
        0,
        None,
        False,
    )


def test_the_id_hangs_on_what_is_written_not_on_where_it_lies() -> None:
    there = list(plan([row(1)], "batch-1", samples.settings(), lambda written: f"s3://bucket/{written}"))
    (here,) = planned([row(1)])
    assert isinstance(there[0], ImageTask)
    assert isinstance(here, ImageTask)
    assert there[0].image_id == here.image_id
    assert there[0].source != here.source


def test_references_of_row_batch_and_hand() -> None:
    tasks = planned([row(1), row(2, reference="r.jpg"), row(3, image_url="b.jpg")], reference="b.jpg")
    found = [(task.reference_id, task.is_reference) for task in tasks if isinstance(task, ImageTask)]
    batch_s, row_s = ids.reference_id("b.jpg"), ids.reference_id("r.jpg")
    assert found == [(batch_s, False), (row_s, False), (batch_s, True)]
    settings = samples.settings(reference="b.jpg")
    assert effective_reference(row(1), Overrides(reference="h.jpg"), settings) == "h.jpg"
    assert effective_reference(row(1, reference="r.jpg"), Overrides(reference=""), settings) is None
    task = reference_task("b.jpg", "batch-1", resolve)
    assert (task.image_id, task.source, task.is_reference) == (batch_s, "/photos/b.jpg", True)


def test_errors_of_one_row_are_one_image() -> None:
    # A whole manifest of JSON may stand on one line.
    items = planned([bad(1, 1), bad(1, 1), bad(1, 2), row(3), bad(1), bad(1)])
    counts = [len(item.errors) if isinstance(item, BadRow) else 0 for item in items]
    assert counts == [2, 1, 0, 1, 1]
    names = [item.image_id for item in items]
    assert len(set(names)) == len(names)
    first = items[0]
    assert isinstance(first, BadRow)
    assert first.error.code == "row_value_missing"


def test_a_source_that_can_t_be_resolved_is_a_bad_row() -> None:
    (item,) = planned([row(1, image_url="../secret.jpg", line=9)])
    assert isinstance(item, BadRow)
    assert (item.line, item.error.code) == (9, "source_outside_root")


def test_a_manifest_streams() -> None:
    def endless() -> Iterator[ManifestRow | RowError]:
        for number in itertools.count():
            yield row(number)
            yield bad(number)

    items = list(itertools.islice(plan(endless(), "batch-1", samples.settings(), resolve), 1000))
    assert len(items) == 1000


def test_a_batch_is_claimed_and_told_once(world: World) -> None:
    first = claim(samples.batch(), world.table, world.publish)
    again = claim(samples.batch(created_at=samples.later(60)), world.table, world.publish)
    assert again == first
    assert [event.detail_type for event in world.events] == ["Batch Accepted"] * 2
    assert len({event.metadata.event_id for event in world.events}) == 1
    started = start(again, world.table, world.publish, samples.later(60))
    assert started.status is Status.PROCESSING
    assert world.table.get_batch("batch-1") == started


@pytest.mark.parametrize("later_s", [0, 60], ids=["the same run", "another"])
def test_a_batch_that_has_ended_is_told_as_it_was_accepted(world: World, later_s: int) -> None:
    unread = samples.batch(total=0)
    claim(unread, world.table, world.publish)
    fail(unread, InternalError("batch_stopped", reason="it"), world.table, world.publish, samples.later(30))
    again = samples.batch(total=3, created_at=samples.later(later_s))
    # What is published is held to its schema, which has no end and no error.
    assert claim(again, world.table, world.publish).status is Status.FAILED
    event = world.events[-1]
    assert isinstance(event.data, BatchData)
    assert (event.data.finished_at, event.data.error, event.data.counts) == (None, None, {})
    # Whoever claimed it knows its rows by now.
    assert event.data.total == (0 if later_s else 3)
    assert event.metadata.event_id == world.events[0].metadata.event_id


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_a_batch_that_was_finished_starts_again(world: World, status: Status) -> None:
    done = samples.batch(status=status, finished_at=samples.NOW)
    started = start(done, world.table, world.publish, samples.later(60))
    assert (started.status, started.finished_at) == (Status.PROCESSING, None)
