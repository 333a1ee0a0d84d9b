"""The contract of `JobTable`, for both adapters."""

from __future__ import annotations

from typing import Any

import pytest

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import BatchRecord, ImageRecord, ReviewEntry
from packshot.contracts.table import SHARDS, shard_of
from packshot.ports import ImageQuery, JobTable, Page
from tests import samples
from tests.samples import later


def all_pages(read: Any, limit: int) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    while True:
        page: Page[Any] = read(limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        items += page.items
        cursor = page.cursor
        if cursor is None:
            return items


def test_a_batch_is_claimed_once(table: JobTable) -> None:
    assert table.get_batch("batch-1") is None
    assert table.claim_batch(samples.batch(manifest="first"))
    assert not table.claim_batch(samples.batch(manifest="second", created_at=later(9)))
    found = table.get_batch("batch-1")
    assert found == samples.batch(manifest="first")


def test_a_batch_is_written_over(table: JobTable) -> None:
    table.claim_batch(samples.batch())
    changed = samples.batch(status=Status.COMPLETED, counts={"completed": 3})
    table.put_batch(changed)
    assert table.get_batch("batch-1") == changed


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_batches_come_newest_first(table: JobTable, limit: int) -> None:
    made = [samples.batch(f"batch-{number}", created_at=later(number)) for number in range(5)]
    made.append(samples.batch("batch-4b", created_at=later(4)))
    for one in made:
        table.claim_batch(one)
    found: list[BatchRecord] = all_pages(table.batches, limit)
    assert [one.batch_id for one in found] == [
        "batch-4b",
        "batch-4",
        "batch-3",
        "batch-2",
        "batch-1",
        "batch-0",
    ]


def test_a_record_comes_back_whole(table: JobTable) -> None:
    record = samples.record(
        renditions=(samples.rendition(path="catalogue/a/main.jpg"),),
        score_parts={"sharpness": 71.25},
        review_reasons=("low_score", "enlarged"),
        overrides={"angle_deg": -3.5, "box": (1, 2, 3, 4)},
        timings_ms={"detect": 12.5},
    )
    assert table.put_image(record, None)
    assert table.get_image("batch-1", record.image_id) == record
    assert table.get_image("batch-1", record.image_id, 0) == record
    assert table.get_image("batch-1", record.image_id, 1) is None
    assert table.get_image("batch-2", record.image_id) is None


def test_a_write_under_another_version_changes_nothing(table: JobTable) -> None:
    first = samples.record(version=0)
    assert table.put_image(first, None)
    second = samples.record(version=1, qc_status=QcStatus.REJECTED)
    assert not table.put_image(second, None)
    assert not table.put_image(second, 5)
    assert table.get_image("batch-1", first.image_id) == first
    assert table.put_image(second, 0)
    assert not table.put_image(samples.record(version=1, qc_status=QcStatus.APPROVED), 0)
    assert table.get_image("batch-1", first.image_id) == second


def test_a_version_is_expected_of_a_record_that_is_not_there(table: JobTable) -> None:
    assert not table.put_image(samples.record(version=1), 0)
    assert table.get_image("batch-1", samples.image_id(1)) is None


def test_the_newest_revision_counts(table: JobTable) -> None:
    for revision in (0, 1, 2, 10):
        assert table.put_image(samples.record(revision=revision), None)
    found = table.get_image("batch-1", samples.image_id(1))
    assert found is not None
    assert found.revision == 10
    assert [one.revision for one in table.images("batch-1").items] == [10]
    older = table.get_image("batch-1", samples.image_id(1), 1)
    assert older is not None
    assert older.revision == 1


@pytest.mark.parametrize("limit", [1, 1000])
def test_some_shards_of_a_batch_are_read(table: JobTable, limit: int) -> None:
    ids = [samples.record(number).image_id for number in range(40)]
    for number in range(40):
        table.put_image(samples.record(number), None)
    table.put_image(samples.record(0, image_id="ref-other"), None)

    def of(shards: str) -> list[str]:
        query = ImageQuery(shards=shards)
        found = all_pages(lambda **page: table.images("batch-1", query, **page), limit)
        return [one.image_id for one in found]

    assert [one for shard in SHARDS for one in of(shard)] == sorted([*ids, "ref-other"], key=_in_shards)
    assert of("0f") == [*of("0"), *of("f")]
    assert "ref-other" in of("0")
    assert sorted(of(SHARDS)) == sorted(of(""))


def _in_shards(image_id: str) -> tuple[str, str]:
    return shard_of(image_id), image_id


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_a_batch_is_read_page_by_page_in_order(table: JobTable, limit: int) -> None:
    ids = []
    for number in range(40):
        record = samples.record(number)
        ids.append(record.image_id)
        table.put_image(record, None)
        if number % 3 == 0:
            table.put_image(record.model_copy(update={"revision": 1}), None)
    table.put_image(samples.record(3, batch_id="batch-2"), None)
    found: list[ImageRecord] = all_pages(lambda **page: table.images("batch-1", **page), limit)
    assert [one.image_id for one in found] == sorted(ids)
    assert sum(one.revision for one in found) == 14


def test_images_are_chosen_by_their_newest_revision(table: JobTable) -> None:
    table.put_image(samples.record(1, qc_status=QcStatus.NEEDS_REVIEW), None)
    table.put_image(samples.record(2), None)
    table.put_image(samples.record(3), None)
    failed = samples.record(3, revision=1, status=Status.FAILED, qc_status=QcStatus.PENDING)
    table.put_image(failed, None)

    def chosen(**query: Any) -> list[str]:
        return [one.sku_id for one in table.images("batch-1", ImageQuery(**query)).items]

    assert sorted(chosen(status=Status.COMPLETED)) == ["sku-1", "sku-2"]
    assert chosen(status=Status.FAILED) == ["sku-3"]
    assert chosen(qc_status=QcStatus.NEEDS_REVIEW) == ["sku-1"]
    assert chosen(sku_id="sku-2") == ["sku-2"]
    assert chosen(sku_id="sku-2", status=Status.FAILED) == []


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_an_sku_is_found_over_all_batches(table: JobTable, limit: int) -> None:
    for batch_id in ("batch-1", "batch-2"):
        table.put_image(samples.record(1, batch_id), None)
        table.put_image(samples.record(2, batch_id, sku_id="sku-1"), None)
        table.put_image(samples.record(3, batch_id), None)
    gone = samples.record(1, "batch-0", superseded_by="a later one")
    table.put_image(gone, None)
    found: list[ImageRecord] = all_pages(lambda **page: table.by_sku("sku-1", **page), limit)
    expected = sorted(
        (samples.image_id(number), batch_id) for number in (1, 2) for batch_id in ("batch-1", "batch-2")
    )
    assert [(one.image_id, one.batch_id) for one in found] == expected
    one_image = all_pages(lambda **page: table.by_sku("sku-1", samples.image_id(2), **page), limit)
    assert {one.image_id for one in one_image} == {samples.image_id(2)}
    assert len(one_image) == 2
    assert table.by_sku("", samples.image_id(2)).items == ()
    assert table.by_sku("sku").items == ()


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_the_review_queue_is_oldest_first(table: JobTable, limit: int) -> None:
    for number in range(12):
        waiting = samples.record(
            number, f"batch-{number % 2}", qc_status=QcStatus.NEEDS_REVIEW, updated_at=later(100 - number)
        )
        table.put_image(waiting, None)
    table.put_image(samples.record(20), None)
    table.put_image(samples.record(21, qc_status=QcStatus.NEEDS_REVIEW, superseded_by="another"), None)
    found: list[ImageRecord] = all_pages(table.needs_review, limit)
    assert [one.sku_id for one in found] == [f"sku-{number}" for number in range(11, -1, -1)]


def test_what_is_decided_or_replaced_leaves_the_queue(table: JobTable) -> None:
    waiting = samples.record(1, qc_status=QcStatus.NEEDS_REVIEW)
    other = samples.record(2, qc_status=QcStatus.NEEDS_REVIEW)
    table.put_image(waiting, None)
    table.put_image(other, None)
    table.put_image(waiting.model_copy(update={"qc_status": QcStatus.APPROVED, "version": 1}), 0)
    table.put_image(other.model_copy(update={"superseded_by": "another", "version": 1}), 0)
    assert table.needs_review().items == ()
    assert [one.qc_status for one in table.by_sku("sku-1").items] == [QcStatus.APPROVED]
    assert table.by_sku("sku-2").items == ()


def test_the_review_history_only_grows(table: JobTable) -> None:
    def entry(seconds: float, action: str, **changes: Any) -> ReviewEntry:
        values: dict[str, Any] = {
            "batch_id": "batch-1",
            "image_id": samples.image_id(1),
            "revision": 0,
            "action": action,
            "before": QcStatus.NEEDS_REVIEW,
            "after": QcStatus.APPROVED,
            "reviewer": "ada",
            "at": later(seconds),
        }
        return ReviewEntry.model_validate({**values, **changes})

    lines = [entry(0, "approve"), entry(1.5, "undo", notes="oops"), entry(20, "reject", reason="blurred")]
    for line in (lines[2], lines[0], lines[1], lines[0]):
        table.append_review(line)
    table.append_review(entry(3, "approve", image_id=samples.image_id(2)))
    table.append_review(entry(3, "approve", batch_id="batch-2"))
    assert table.reviews("batch-1", samples.image_id(1)) == tuple(lines)
    assert table.reviews("batch-1", samples.image_id(9)) == ()


def test_a_line_without_an_sku_is_kept(table: JobTable) -> None:
    bad_row = samples.record(1, sku_id="", status=Status.FAILED, qc_status=QcStatus.PENDING)
    assert table.put_image(bad_row, None)
    assert table.images("batch-1").items == (bad_row,)
