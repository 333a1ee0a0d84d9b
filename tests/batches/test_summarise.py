"""Closing batches, and images that never reported."""

from __future__ import annotations

import pytest

from packshot.batches.again import adopt, find_earlier, retry, rework
from packshot.batches.summarise import fail, summarise, sweep
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import ErrorFacts
from packshot.contracts.task import Overrides
from packshot.errors import ManifestError, SettingsError
from tests import samples, worlds
from tests.worlds import World, keep

BROKEN = ErrorFacts(code="image_truncated", message="The picture's file ends too early.", stage="detect")


def three(world: World) -> None:
    keep(world, worlds.task(1))
    keep(world, worlds.task(2), QcStatus.NEEDS_REVIEW)
    keep(world, worlds.task(3), error=BROKEN)
    world.events.clear()


def test_a_batch_is_counted_and_closed(world: World) -> None:
    three(world)
    closed = summarise(samples.batch(total=5), world.table, world.publish, samples.later(9))
    assert closed.counts == {
        "auto_approved": 1,
        "completed": 2,
        "failed": 1,
        "needs_review": 1,
        "pending": 2,
    }
    assert (closed.status, closed.finished_at) == (Status.COMPLETED, samples.later(9))
    assert world.table.get_batch("batch-1") == closed
    assert world.said() == ["Batch Completed"]


def test_the_same_end_is_told_once_and_another_end_again(world: World) -> None:
    three(world)
    batch = samples.batch(total=3)
    for seconds in (9, 10):
        summarise(batch, world.table, world.publish, samples.later(seconds))
    keep(world, worlds.task(3, revision=1), at=20)
    world.events.pop()
    summarise(batch, world.table, world.publish, samples.later(30))
    first, again, other = (event.metadata.event_id for event in world.events)
    assert first == again
    assert first != other


def test_an_interrupted_batch_goes_on(world: World) -> None:
    three(world)
    kept = summarise(samples.batch(total=5), world.table, world.publish, samples.NOW, finished=False)
    assert (kept.status, kept.finished_at, kept.counts["pending"]) == (Status.PROCESSING, None, 2)
    assert world.events == []


def test_a_batch_that_can_t_run_says_why(world: World) -> None:
    failed = fail(samples.batch(), ManifestError("manifest_empty"), world.table, world.publish, samples.NOW)
    assert failed.status is Status.FAILED
    assert failed.error is not None
    assert failed.error.code == "manifest_empty"
    assert world.said() == ["Batch Failed"]


def test_images_that_never_reported_are_swept(world: World) -> None:
    three(world)
    tasks = [worlds.task(number) for number in (1, 2, 3, 4, 5)]
    for expected in (2, 0):
        swept = sweep(tasks, samples.batch(), now=samples.later(60), **world.ports)
        assert swept == expected
    lost = world.table.get_image("batch-1", samples.image_id(4))
    assert lost is not None
    assert lost.error is not None
    assert lost.error.code == "worker_lost"
    assert world.said() == ["Image Failed", "Image Failed"]


def resolve(written: str) -> str:
    return f"/photos/{written}"


def test_failed_images_are_retried(world: World) -> None:
    three(world)
    (task,) = retry(samples.batch(), world.table, resolve)
    assert (task.image_id, task.revision, task.source) == (samples.image_id(3), 1, "/photos/3.jpg")
    assert task.row == worlds.row(3)
    assert list(retry(samples.batch(), world.table, resolve, [samples.image_id(1)])) == []
    with pytest.raises(SettingsError, match="img-0"):
        list(retry(samples.batch(), world.table, resolve, ["img-0"]))


def test_rework_adds_to_what_was_set_before(world: World) -> None:
    keep(world, worlds.task(1, overrides=Overrides(angle_deg=2, mode="none")))
    (task,) = rework(
        samples.batch(),
        world.table,
        resolve,
        [samples.image_id(1)],
        Overrides(angle_deg=5, reference="r.jpg"),
    )
    assert task.revision == 1
    assert task.overrides == Overrides(angle_deg=5, mode="none", reference="r.jpg")
    assert task.reference_id is not None


def test_a_line_that_could_not_be_read_can_t_be_reworked(world: World) -> None:
    world.table.put_image(samples.record(1, source="", line=4), None)
    with pytest.raises(SettingsError, match="line 4"):
        list(rework(samples.batch(), world.table, resolve, [samples.image_id(1)], Overrides()))


def test_a_finished_record_moves_on_to_the_next_batch_and_back(world: World) -> None:
    kept = keep(world, worlds.task(1))
    contents, said = world.contents(), world.said()
    later = worlds.task(1, "batch-2")
    found = find_earlier(later, "plain", world.table)
    assert found == kept
    taken = adopt(kept, samples.batch("batch-2"), 7, world.table, samples.later(60))
    assert (taken.batch_id, taken.line, taken.renditions) == ("batch-2", 7, kept.renditions)
    assert [one.batch_id for one in world.table.by_sku("sku-1").items] == ["batch-2"]
    assert (world.contents(), world.said()) == (contents, said)
    back = adopt(taken, samples.batch("batch-1"), 2, world.table, samples.later(90))
    assert back.superseded_by is None
    assert world.table.by_sku("sku-1").items == (back,)
    assert find_earlier(worlds.task(1, "batch-3"), "plain", world.table) == back
    assert find_earlier(worlds.task(1), "plain", world.table) is None


def test_of_several_earlier_results_the_one_of_the_same_preset_is_found(world: World) -> None:
    shop = samples.preset(name="shop", name_template="shop/{sku}.{ext}")
    same = keep(world, worlds.task(1))
    other = keep(world, worlds.task(1, "batch-2"), at=60, preset=shop)
    later = worlds.task(1, "batch-3")
    assert find_earlier(later, "plain", world.table) == same
    assert find_earlier(later, "shop", world.table) == other
    # Of a third preset's own there is none; what was set by hand on the newest may still be of use.
    assert find_earlier(later, "third", world.table) == other
