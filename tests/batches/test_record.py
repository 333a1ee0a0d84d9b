"""Recording an image: each thing once, wherever it is cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from packshot.batches.plan import BadRow
from packshot.batches.record import record, record_bad_row
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.events import ImageData
from packshot.contracts.manifest import RowError
from packshot.contracts.records import ErrorFacts
from packshot.errors import InternalError, StoreUnavailableError
from packshot.ports import StoredObject
from packshot.reviews import decide
from tests import samples, worlds
from tests.worlds import World, keep

BROKEN = ErrorFacts(code="image_truncated", message="The picture's file ends too early.", stage="detect")


def test_an_approved_image_stands_in_the_catalogue(world: World) -> None:
    kept = keep(world, worlds.task())
    assert world.contents() == {
        "catalogue/group/sku-1/sku-1.primary.main.jpg": b"picturemain",
        "catalogue/group/sku-1/sku-1.primary.thumb.webp": b"picturethumb",
    }
    assert kept == world.table.get_image("batch-1", samples.image_id(1))
    assert (kept.status, kept.qc_status) == (Status.COMPLETED, QcStatus.AUTO_APPROVED)
    assert kept.product is not None
    assert kept.source_size == (16, 12)
    assert kept.enhancements == {"exposure": 0.2}
    assert kept.versions.preset == "plain@1"
    (event,) = world.events
    assert event.detail_type == "Image Processed"
    assert isinstance(event.data, ImageData)
    assert [file.key for file in event.data.files] == [one.path for one in kept.renditions]
    for file in event.data.files:
        stored = world.files.stat(file.key)
        assert stored is not None
        assert (stored.sha256, stored.version_id) == (file.sha256, file.version_id)


def test_a_doubtful_image_stands_in_review(world: World) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    assert all(key.startswith("review/") for key in world.contents())
    assert world.said() == ["Image Needs Review"]
    assert len(world.table.needs_review().items) == 1


def test_a_failed_image_says_why_and_what_is_known(world: World) -> None:
    kept = keep(world, worlds.task(), error=BROKEN)
    assert (kept.status, kept.qc_status, kept.error) == (Status.FAILED, QcStatus.PENDING, BROKEN)
    assert kept.product is not None
    assert world.contents() == {}
    assert world.said() == ["Image Failed"]


def test_a_bad_row_is_a_failed_image(world: World) -> None:
    errors = (
        RowError(line=7, column="sku_id", code="row_value_missing", message="The column sku_id is empty."),
        RowError(line=7, column="mode", code="row_value_invalid", message="..."),
    )
    bad = BadRow("img-0", 7, errors)
    for _ in range(2):
        kept = record_bad_row(bad, "batch-1", samples.settings(), now=samples.NOW, **world.ports)
    assert (kept.status, kept.line) == (Status.FAILED, 7)
    assert kept.error == ErrorFacts(code="row_value_missing", message="The column sku_id is empty.")
    assert len({event.metadata.event_id for event in world.events}) == 1


def test_stages_that_end_without_a_score_are_our_fault(world: World) -> None:
    broken = worlds.result(worlds.task())
    state = {name: output for name, output in broken.state.items() if name != "score"}
    with pytest.raises(InternalError):
        record(
            worlds.result(worlds.task(), state=state),
            samples.settings(),
            handover=worlds.handing(world, b"picture"),
            now=samples.NOW,
            **world.ports,
        )


def test_recording_twice_changes_nothing_and_says_the_same(world: World) -> None:
    first = keep(world, worlds.task())
    again = keep(world, worlds.task(), QcStatus.NEEDS_REVIEW, b"other", at=60)
    assert again == first
    assert world.contents()["catalogue/group/sku-1/sku-1.primary.main.jpg"] == b"picturemain"
    assert len(world.events) == 2
    assert world.events[0] == world.events[1]


def test_a_new_revision_replaces_the_old_one(world: World) -> None:
    keep(world, worlds.task())
    keep(world, worlds.task(revision=1), QcStatus.NEEDS_REVIEW, b"newer", at=60)
    assert world.contents() == {
        "review/group/sku-1/sku-1.primary.main.jpg": b"newermain",
        "review/group/sku-1/sku-1.primary.thumb.webp": b"newerthumb",
    }
    assert len({event.metadata.event_id for event in world.events}) == 2
    older = world.table.get_image("batch-1", samples.image_id(1), 0)
    assert older is not None
    assert "revision 1" in (older.superseded_by or "")


def test_a_revision_that_fails_leaves_what_was_delivered(world: World) -> None:
    keep(world, worlds.task())
    before = world.contents()
    keep(world, worlds.task(revision=1), error=BROKEN, at=60)
    assert world.contents() == before
    older = world.table.get_image("batch-1", samples.image_id(1), 0)
    assert older is not None
    assert older.superseded_by is None


def test_a_later_batch_replaces_a_sku_s_files(world: World) -> None:
    keep(world, worlds.task())
    keep(world, worlds.task(batch_id="batch-2"), data=b"newer", at=60)
    assert set(world.contents().values()) == {b"newermain", b"newerthumb"}
    older = world.table.get_image("batch-1", samples.image_id(1))
    assert older is not None
    assert "batch-2" in (older.superseded_by or "")
    assert [one.batch_id for one in world.table.by_sku("sku-1").items] == ["batch-2"]


SHOP = samples.preset(name="shop", name_template="shop/{sku}.{type}.{rendition}.{ext}")


@pytest.mark.parametrize("second", [QcStatus.AUTO_APPROVED, QcStatus.NEEDS_REVIEW])
def test_another_preset_s_picture_of_the_same_photo_stands_beside_it(world: World, second: QcStatus) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    keep(world, worlds.task(batch_id="batch-2"), second, b"shop", at=60, preset=SHOP)
    folder = "catalogue" if second.delivered else "review"
    assert world.contents() == {
        "review/group/sku-1/sku-1.primary.main.jpg": b"picturemain",
        "review/group/sku-1/sku-1.primary.thumb.webp": b"picturethumb",
        f"{folder}/shop/sku-1.primary.main.jpg": b"shopmain",
        f"{folder}/shop/sku-1.primary.thumb.webp": b"shopthumb",
    }
    assert [one.batch_id for one in world.table.by_sku("sku-1").items] == ["batch-1", "batch-2"]
    # Within each preset the newest replaces the older one, as ever.
    keep(world, worlds.task(batch_id="batch-3"), QcStatus.AUTO_APPROVED, b"again", at=120)
    assert [one.batch_id for one in world.table.by_sku("sku-1").items] == ["batch-2", "batch-3"]


def test_another_preset_s_picture_of_the_same_name_takes_its_place(world: World) -> None:
    keep(world, worlds.task())
    named_alike = samples.preset(name="shop")
    keep(world, worlds.task(batch_id="batch-2"), data=b"newer", at=60, preset=named_alike)
    assert set(world.contents().values()) == {b"newermain", b"newerthumb"}
    assert [one.batch_id for one in world.table.by_sku("sku-1").items] == ["batch-2"]


def another_photo(world: World, qc_status: QcStatus, at: float) -> str:
    """Another photo of the same SKU and type, in a later batch."""
    other = worlds.task(batch_id="batch-2", image_id=samples.image_id("other"))
    return keep(world, other, qc_status, b"newer", at=at).image_id


def test_what_is_in_the_catalogue_stays_until_the_new_one_is_approved(world: World) -> None:
    keep(world, worlds.task())
    another_photo(world, QcStatus.NEEDS_REVIEW, 60)
    assert world.contents()["catalogue/group/sku-1/sku-1.primary.main.jpg"] == b"picturemain"
    assert world.contents()["review/group/sku-1/sku-1.primary.main.jpg"] == b"newermain"
    assert len(world.table.by_sku("sku-1").items) == 2


@pytest.mark.parametrize("qc_status", [QcStatus.NEEDS_REVIEW, QcStatus.AUTO_APPROVED])
def test_a_photo_in_review_gives_way_to_another_of_its_name(world: World, qc_status: QcStatus) -> None:
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    other = another_photo(world, qc_status, 60)
    assert set(world.contents().values()) == {b"newermain", b"newerthumb"}
    assert [one.image_id for one in world.table.by_sku("sku-1").items] == [other]


class CutOff(Exception):  # noqa: N818 - it is the power that goes, not an error
    """The process is gone."""


def cutting(world: World, at: int) -> World:
    """The same world, in which the process ends before its `at`-th change of the outside."""
    left = [at]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            if left[0] == 0:
                raise CutOff
            left[0] -= 1
            return call(*args, **kwargs)

        return run

    class Cut:
        def __init__(self, inner: Any, changing: set[str]) -> None:
            self._inner, self._changing = inner, changing

        def __getattr__(self, name: str) -> Any:
            call = getattr(self._inner, name)
            return counted(call) if name in self._changing else call

    class Events(list[Any]):
        def append(self, event: Any) -> None:
            counted(world.events.append)(event)

    return World(
        Cut(world.table, {"put_image", "append_review"}),
        Cut(world.files, {"put", "move", "delete"}),
        Events(),
    )


@pytest.mark.parametrize("earlier", [None, QcStatus.NEEDS_REVIEW, QcStatus.AUTO_APPROVED])
@pytest.mark.parametrize("verdict", [QcStatus.NEEDS_REVIEW, QcStatus.AUTO_APPROVED])
def test_wherever_it_is_cut_off_the_second_time_mends_it(
    world: World, earlier: QcStatus | None, verdict: QcStatus
) -> None:
    """Each step is the last one once; after each the same call brings about the same end."""
    for cut in range(40):
        batch_id, number = f"batch-{cut}", f"n{cut}"
        before = worlds.task(number, batch_id)
        if earlier is not None:
            keep(world, before, earlier, b"old")
        of = before.model_copy(update={"revision": 0 if earlier is None else 1})
        world.events.clear()
        try:
            keep(cutting(world, cut), of, verdict, b"new", at=60)
            through = True
        except CutOff:
            through = False
        kept = keep(world, of, verdict, b"new", at=120)
        folder = "catalogue" if verdict.delivered else "review"
        mine = {key: data for key, data in world.contents().items() if f"/{of.row.sku_id}/" in key}
        assert mine == {
            f"{folder}/group/{of.row.sku_id}/{of.row.sku_id}.primary.main.jpg": b"newmain",
            f"{folder}/group/{of.row.sku_id}/{of.row.sku_id}.primary.thumb.webp": b"newthumb",
        }
        assert kept.version == 1
        assert len({event.metadata.event_id for event in world.events}) == 1
        assert [one.revision for one in world.table.by_sku(of.row.sku_id).items] == [of.revision]
        if through:
            return
    pytest.fail("forty steps were not enough")


def test_an_attempt_with_another_outcome_leaves_no_file_behind(world: World) -> None:
    with pytest.raises(CutOff):
        keep(cutting(world, 3), worlds.task(), QcStatus.AUTO_APPROVED, b"old")
    assert any(key.startswith("catalogue/") for key in world.contents())
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW, b"new", at=60)
    assert set(world.contents()) == {
        "review/group/sku-1/sku-1.primary.main.jpg",
        "review/group/sku-1/sku-1.primary.thumb.webp",
    }


def test_an_attempt_that_is_followed_by_a_failure_leaves_no_file_behind(world: World) -> None:
    with pytest.raises(CutOff):
        keep(cutting(world, 3), worlds.task(), data=b"old")
    keep(world, worlds.task(), error=BROKEN, at=60)
    assert world.contents() == {}


@pytest.mark.parametrize("cut", [1, 2, 3], ids=["the intent", "one file", "all files"])
@pytest.mark.parametrize("data", [b"old", b"new"], ids=["equal bytes", "other bytes"])
def test_a_failure_after_an_attempt_leaves_no_hole_where_an_earlier_result_stands(
    world: World, cut: int, data: bytes
) -> None:
    keep(world, worlds.task(), data=b"old")
    delivered = set(world.contents())
    again = worlds.task(revision=1)
    with pytest.raises(CutOff):
        keep(cutting(world, cut), again, data=data, at=30)
    keep(world, again, error=BROKEN, at=60)
    assert set(world.contents()) == delivered
    assert [one.revision for one in world.table.by_sku(again.row.sku_id).items if one.renditions] == [0]


@pytest.mark.parametrize("earlier", [False, True], ids=["nothing before", "a result before"])
@pytest.mark.parametrize("verdict", [QcStatus.AUTO_APPROVED, QcStatus.NEEDS_REVIEW])
def test_of_two_at_once_the_one_that_comes_too_late_leaves_no_file_behind_and_no_hole(
    world: World, verdict: QcStatus, earlier: bool
) -> None:
    """As when a call goes on that nobody waits for any more, and its image is recorded as lost."""
    of = worlds.task(revision=1)
    if earlier:
        keep(world, worlds.task(), data=b"old")
    delivered = set(world.contents())

    class Overtaken:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.files, name)

        def put(self, *file: Any) -> StoredObject:
            if not world.said().count("Image Failed"):
                keep(world, of, error=BROKEN, at=30)
            return world.files.put(*file)

    kept = keep(World(world.table, Overtaken(), world.events), of, verdict, data=b"new", at=20)
    assert kept.status is Status.FAILED
    assert set(world.contents()) == delivered


def test_two_at_once_end_as_one(world: World) -> None:
    """A second delivery gets in between every two steps of the first."""
    for step in range(6):
        of = worlds.task(f"n{step}", f"batch-{step}")
        world.events.clear()
        try:
            keep(cutting(world, step), of)
        except CutOff:
            keep(world, of, at=5)
        keep(world, of, at=6)
        assert len({event.metadata.event_id for event in world.events}) == 1
        assert len(world.table.by_sku(of.row.sku_id).items) == 1


def test_a_table_that_never_takes_it_may_be_asked_again(world: World) -> None:
    class Busy:
        def __getattr__(self, name: str) -> Any:
            return (lambda *_: False) if name == "put_image" else getattr(world.table, name)

    with pytest.raises(StoreUnavailableError):
        keep(World(Busy(), world.files), worlds.task())


@pytest.mark.parametrize(
    ("verdict", "said"),
    [(QcStatus.NEEDS_REVIEW, "Image Needs Review"), (QcStatus.AUTO_APPROVED, "Image Processed")],
)
def test_a_repeat_after_a_decision_still_tells_the_outcome_as_it_was(
    world: World, verdict: QcStatus, said: str
) -> None:
    keep(world, worlds.task(), verdict)
    facts: dict[str, Any] = {"reviewer": "ada", "now": samples.later(5), **world.ports}
    decide("reject", "batch-1", samples.image_id(1), reason="blurred", **facts)
    keep(world, worlds.task(), verdict)
    first, _, again = world.events
    assert (first.detail_type, again.detail_type) == (said, said)
    assert again.metadata.event_id == first.metadata.event_id
    assert isinstance(again.data, ImageData)
    assert again.data.qc_status is verdict
