"""Decisions: approve, reject, undo, and what is there meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from packshot import reviews
from packshot.contracts.base import QcStatus
from packshot.contracts.events import EventReview, ImageData
from packshot.contracts.records import ErrorFacts, ImageRecord
from packshot.errors import ReviewError, SettingsError
from tests import samples, worlds
from tests.aws import aws
from tests.samples import image_id, later
from tests.worlds import World, aws_world, keep, local_world

__all__ = ["aws"]


@pytest.fixture(params=["local", "aws"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "local":
        return local_world(tmp_path)
    return aws_world(request.getfixturevalue("aws"))


def approve(world: World, at: float = 100, batch_id: str = "batch-1", **more: Any) -> ImageRecord:
    arguments = {"image_id": image_id(1), "reviewer": "ada", "now": later(at), **world.ports, **more}
    return reviews.decide("approve", batch_id, **arguments)


def reject(world: World, at: float = 100, batch_id: str = "batch-1", **more: Any) -> ImageRecord:
    arguments = {
        "image_id": image_id(1),
        "reason": "blurred",
        "reviewer": "bob",
        "now": later(at),
        **world.ports,
        **more,
    }
    return reviews.decide("reject", batch_id, **arguments)


def undo(world: World, at: float = 100, batch_id: str = "batch-1", **more: Any) -> ImageRecord:
    arguments = {"image_id": image_id(1), "reviewer": "cleo", "now": later(at), **world.ports, **more}
    return reviews.decide("undo", batch_id, **arguments)


def folders(world: World) -> set[str]:
    return {key.partition("/")[0] for key in world.files.list()}


def code_of(call: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises((ReviewError, SettingsError)) as caught:
        call(*arguments, **more)
    return caught.value.code


def test_an_approved_image_moves_to_the_catalogue(world: World) -> None:
    before = keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    after = approve(world, notes="fine")
    assert folders(world) == {"catalogue"}
    assert set(world.contents().values()) == {b"picturemain", b"picturethumb"}
    assert (after.qc_status, after.version, after.updated_at) == (
        QcStatus.APPROVED,
        before.version + 1,
        later(100),
    )
    assert after == world.table.get_image("batch-1", image_id(1))
    assert world.table.needs_review().items == ()
    event = world.events[-1]
    assert event.detail_type == "Image Reviewed"
    assert isinstance(event.data, ImageData)
    assert event.data.qc_status is QcStatus.APPROVED
    assert event.data.review == EventReview(
        action="approve", before=QcStatus.NEEDS_REVIEW, reviewer="ada", notes="fine"
    )
    assert {file.key for file in event.data.files} == set(world.contents())
    (entry,) = world.table.reviews("batch-1", image_id(1))
    assert (entry.action, entry.before, entry.after, entry.notes) == (
        "approve",
        QcStatus.NEEDS_REVIEW,
        QcStatus.APPROVED,
        "fine",
    )


def test_a_rejected_image_leaves_the_catalogue(world: World) -> None:
    keep(world, worlds.task())
    after = reject(world)
    assert folders(world) == {"review"}
    assert after.qc_status is QcStatus.REJECTED
    (entry,) = world.table.reviews("batch-1", image_id(1))
    assert (entry.reason, entry.reviewer) == ("blurred", "bob")


@pytest.mark.parametrize("start", [QcStatus.AUTO_APPROVED, QcStatus.NEEDS_REVIEW])
def test_undo_brings_the_earlier_status_and_place_back(world: World, start: QcStatus) -> None:
    before = keep(world, worlds.task(), start)
    contents = world.contents()
    reject(world, 100)
    approve(world, 110)
    assert undo(world, 120).qc_status is QcStatus.REJECTED
    assert folders(world) == {"review"}
    after = undo(world, 130)
    assert after.qc_status is start
    assert after.renditions == before.renditions
    assert world.contents() == contents
    assert code_of(undo, world, 140) == "review_nothing_to_undo"
    actions = [entry.action for entry in world.table.reviews("batch-1", image_id(1))]
    assert actions == ["reject", "approve", "undo", "undo"]
    reject(world, 150)
    assert undo(world, 160).qc_status is start


def test_of_two_who_decide_at_once_the_second_is_told(world: World) -> None:
    seen = keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    approve(world, expected_version=seen.version)
    contents, events = world.contents(), len(world.events)
    assert code_of(reject, world, expected_version=seen.version) == "review_conflict"
    assert world.contents() == contents
    assert len(world.events) == events


def test_the_slower_of_two_who_read_the_same_is_told_before_a_file_moves(world: World) -> None:
    seen = keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)

    class Slow:
        """Reads what was there before the other one decided."""

        def get_image(self, *_: object) -> ImageRecord:
            return seen

        def __getattr__(self, name: str) -> Any:
            return getattr(world.table, name)

    approve(world)
    contents = world.contents()
    assert code_of(reject, World(Slow(), world.files)) in ("review_conflict", "review_superseded")
    assert world.contents() == contents


def test_what_can_t_be_decided(world: World) -> None:
    assert code_of(approve, world) == "image_unknown"
    keep(world, worlds.task(), QcStatus.AUTO_APPROVED)
    assert code_of(approve, world) == "review_not_possible"
    assert code_of(undo, world) == "review_nothing_to_undo"
    reject(world)
    assert code_of(reject, world, 110) == "review_not_possible"
    broken = ErrorFacts(code="image_truncated", message="...")
    keep(world, worlds.task(2), error=broken)
    assert code_of(approve, world, image_id=image_id(2)) == "review_not_possible"


def test_a_failed_rework_leaves_the_earlier_revision_to_decide_on(world: World) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    keep(world, worlds.task(revision=1), error=ErrorFacts(code="worker_lost", message="..."), at=60)
    assert approve(world).revision == 0
    assert folders(world) == {"catalogue"}


def test_a_new_revision_has_a_history_of_its_own(world: World) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    approve(world)
    keep(world, worlds.task(revision=1), QcStatus.NEEDS_REVIEW, b"newer", at=200)
    assert code_of(undo, world, 300) == "review_nothing_to_undo"
    assert approve(world, 310).revision == 1
    assert set(world.contents().values()) == {b"newermain", b"newerthumb"}


def another_photo(world: World, qc_status: QcStatus, at: float) -> str:
    other = worlds.task(batch_id="batch-2", image_id=image_id("other"))
    return keep(world, other, qc_status, b"newer", at=at).image_id


def test_a_replaced_image_can_t_be_decided_on(world: World) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    other = another_photo(world, QcStatus.AUTO_APPROVED, 50)
    contents = world.contents()
    for call in (approve, reject, undo):
        with pytest.raises(ReviewError) as caught:
            call(world)
        assert caught.value.code == "review_superseded"
        assert other in caught.value.message
    assert world.contents() == contents


def test_an_approval_replaces_what_stands_in_the_catalogue(world: World) -> None:
    keep(world, worlds.task())
    other = another_photo(world, QcStatus.NEEDS_REVIEW, 50)
    approve(world, batch_id="batch-2", image_id=other)
    assert world.contents() == {
        "catalogue/group/sku-1/sku-1.primary.main.jpg": b"newermain",
        "catalogue/group/sku-1/sku-1.primary.thumb.webp": b"newerthumb",
    }
    assert code_of(reject, world, 200) == "review_superseded"


def test_a_rejected_picture_makes_room_for_the_one_that_waits_in_review(world: World) -> None:
    keep(world, worlds.task())
    other = another_photo(world, QcStatus.NEEDS_REVIEW, 50)
    after = reject(world)
    assert after.qc_status is QcStatus.REJECTED
    assert other in (after.superseded_by or "")
    assert set(world.contents()) == {
        "review/group/sku-1/sku-1.primary.main.jpg",
        "review/group/sku-1/sku-1.primary.thumb.webp",
    }
    assert set(world.contents().values()) == {b"newermain", b"newerthumb"}
    assert approve(world, 200, "batch-2", image_id=other).qc_status is QcStatus.APPROVED


def test_files_that_somebody_has_exchanged_are_left_alone(world: World) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    world.files.put("review/group/sku-1/sku-1.primary.main.jpg", b"something else")
    assert code_of(approve, world) == "review_superseded"
    assert world.files.get("review/group/sku-1/sku-1.primary.main.jpg") == b"something else"


class CutOff(Exception):  # noqa: N818 - it is the power that goes, not an error
    """The process is gone."""


@pytest.mark.parametrize("cut", range(4))
def test_a_decision_that_was_cut_off_can_be_gone_on_with(world: World, cut: int) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    left = [cut]

    class Cut:
        def __getattr__(self, name: str) -> Any:
            call = getattr(world.files, name)
            if name not in ("move", "delete"):
                return call

            def counted(*arguments: Any) -> Any:
                if left[0] == 0:
                    raise CutOff
                left[0] -= 1
                return call(*arguments)

            return counted

    try:
        approve(World(world.table, Cut(), world.events))
        survived = True
    except CutOff:
        survived = False
    now = world.table.get_image("batch-1", image_id(1))
    assert now is not None
    # In a folder the decision is gone as a whole; on AWS it stands, and its files are on their way.
    after = reject(world, 200) if now.qc_status is QcStatus.APPROVED else approve(world, 200)
    expected = "review" if after.qc_status is QcStatus.REJECTED else "catalogue"
    assert folders(world) == {expected}
    assert set(world.contents().values()) == {b"picturemain", b"picturethumb"}
    assert survived == (cut >= 2)


def test_samples_are_what_the_tests_think() -> None:
    assert worlds.task().image_id == image_id(1)
    assert worlds.task().batch_id == samples.batch().batch_id
