"""What each access path costs on DynamoDB: its requests, and the size of its items (docs/job-table.md)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from packshot.adapters.aws.items import batch_item, image_item, review_item
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import ImageRecord, ReviewEntry
from packshot.contracts.stages import ComplianceResult
from packshot.contracts.table import INDEXES, QUEUE_SHARDS, SHARDS, TTL_ATTRIBUTE, WORK_ITEM_DAYS
from packshot.presets import load_preset
from packshot.reviews import decide
from tests import samples, worlds
from tests.worlds import World, aws_world, keep

Json = dict[str, Any]


def bytes_of(item: Json) -> int:
    """An item's size as DynamoDB counts it: names and values, numbers by their digits."""
    size = 0
    for name, value in item.items():
        ((kind, content),) = value.items()
        size += len(name.encode())
        size += len(content) // 2 + 2 if kind == "N" else len(content.encode() if kind == "S" else content)
    return size


def write_units(item: Json) -> int:
    return math.ceil(bytes_of(item) / 1024)


def index_bytes(item: Json, index: Any) -> int:
    """An entry in an index of keys: both pairs, and what DynamoDB adds to each entry."""
    names = ("pk", "sk", index.partition, index.sort)
    return bytes_of({name: item[name] for name in names if name in item}) + 100


@pytest.fixture
def full() -> ImageRecord:
    """As long as records get: the studio preset's ten renditions, twenty rules, random hashes."""
    studio = load_preset("studio")
    renditions = tuple(
        samples.rendition(
            spec.name,
            spec.name.encode(),
            format=spec.format,
            width=2000,
            height=2000,
            path=f"review/a-product-group/a-rather-long-sku-0001/a-rather-long-sku-0001.primary.{spec.name}.jpg",
        )
        for spec in studio.renditions
    )
    rules = tuple(
        ComplianceResult(
            rule=f"amazon.rule_{number}",
            level="required",
            passed=number % 3 > 0,
            measured=0.813 * number,
            limit=f"at least {number}",
            fix="Place the product so that it fills more of the frame.",
            source="https://sellercentral.example.com/help/images",
            dated="2026-05-01",
        )
        for number in range(20)
    )
    scores = {f"part_{number}": 90.123 - number for number in range(8)}
    return samples.record(
        qc_status=QcStatus.NEEDS_REVIEW,
        renditions=renditions,
        compliance=rules,
        score_parts=scores,
        score_parts_before=scores,
        timings_ms={f"stage_{number}": 100.5 + number for number in range(6)},
        source_sha256="0f" * 32,
    )


def test_a_long_record_is_two_write_units_and_would_be_eight_as_json(full: ImageRecord) -> None:
    assert len(full.renditions) == 10
    assert math.ceil(len(full.model_dump_json().encode()) / 1024) >= 8
    assert write_units(image_item(full)) == 2
    assert write_units(image_item(samples.record())) == 1


def test_batches_and_decisions_are_a_few_write_units() -> None:
    settings = samples.settings(preset=load_preset("amazon"))
    assert write_units(batch_item(samples.batch(settings=settings))) <= 3
    entry = ReviewEntry(
        batch_id="batch-1",
        image_id=samples.image_id(1),
        revision=0,
        action="reject",
        before=QcStatus.NEEDS_REVIEW,
        after=QcStatus.REJECTED,
        reviewer="ada",
        reason="blurred",
        at=samples.NOW,
    )
    assert write_units(review_item(entry)) == 1


def test_index_entries_are_small_and_sparse(full: ImageRecord) -> None:
    for index in INDEXES:
        assert index_bytes(image_item(full), index) <= 512, index.name
    done = image_item(full.model_copy(update={"qc_status": QcStatus.APPROVED}))
    replaced = image_item(full.model_copy(update={"superseded_by": "img-2"}))
    assert {"queue_pk", "queue_sk"}.isdisjoint(done)
    assert {"queue_pk", "sku_pk"}.isdisjoint(replaced)


def test_only_unfinished_work_expires(full: ImageRecord) -> None:
    begun = image_item(full.model_copy(update={"status": Status.PROCESSING}))
    at = full.updated_at.timestamp() + WORK_ITEM_DAYS * 86_400
    assert begun[TTL_ATTRIBUTE] == {"N": str(int(at))}
    assert TTL_ATTRIBUTE not in image_item(full)
    assert TTL_ATTRIBUTE not in image_item(full.model_copy(update={"status": Status.FAILED}))
    assert TTL_ATTRIBUTE not in batch_item(samples.batch())


class Requests:
    """Counts the requests of a world's table."""

    def __init__(self, aws: Callable[[str], Any]) -> None:
        self._seen: Counter[str] = Counter()

        def client(service: str) -> Any:
            made = aws(service)
            if service == "dynamodb":
                made.meta.events.register("before-call.dynamodb", self._count)
            return made

        self.world: World = aws_world(client)

    def _count(self, model: Any, **_: Any) -> None:
        self._seen[model.name] += 1

    @contextmanager
    def of(self) -> Iterator[Counter[str]]:
        """The requests inside of the block, by operation."""
        self._seen.clear()
        yield self._seen


@pytest.fixture
def requests(aws: Callable[[str], Any]) -> Requests:
    return Requests(aws)


@pytest.mark.parametrize("verdict", [QcStatus.AUTO_APPROVED, QcStatus.NEEDS_REVIEW])
def test_recording_an_image(requests: Requests, verdict: QcStatus) -> None:
    with requests.of() as seen:
        keep(requests.world, worlds.task(), verdict)
    # The index shows its own intent already, or on AWS perhaps not yet.
    assert seen == {"GetItem": 1, "Query": 1, "BatchGetItem": 1, "PutItem": 2}


def test_recording_one_that_replaces_an_earlier_one(requests: Requests) -> None:
    keep(requests.world, worlds.task())
    with requests.of() as seen:
        keep(requests.world, worlds.task(batch_id="batch-2"), at=5)
    # The second get sees that nobody has ended the image meanwhile, before anything is removed.
    assert seen == {"GetItem": 2, "Query": 1, "BatchGetItem": 1, "PutItem": 3}


def test_recording_a_failed_image(requests: Requests) -> None:
    with requests.of() as seen:
        keep(requests.world, worlds.task(), error=worlds.ErrorFacts(code="image_corrupt", message="..."))
    assert seen == {"GetItem": 1, "PutItem": 1}


def test_recording_it_again_writes_nothing(requests: Requests) -> None:
    keep(requests.world, worlds.task())
    with requests.of() as seen:
        keep(requests.world, worlds.task())
    assert "PutItem" not in seen
    assert sum(seen.values()) <= 3


def test_deciding_on_an_image(requests: Requests) -> None:
    world = requests.world
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    with requests.of() as seen:
        decide("approve", "batch-1", samples.image_id(1), reviewer="ada", now=samples.later(9), **world.ports)
    assert seen["PutItem"] == 2
    assert sum(seen.values()) <= 7


def test_looking(requests: Requests) -> None:
    world = requests.world
    keep(world, worlds.task(), QcStatus.NEEDS_REVIEW)
    image_id = samples.image_id(1)
    paths: dict[str, tuple[Callable[[], Any], Json]] = {
        "one revision": (lambda: world.table.get_image("batch-1", image_id, 0), {"GetItem": 1}),
        "the newest": (lambda: world.table.get_image("batch-1", image_id), {"Query": 1}),
        "a batch": (lambda: world.table.get_batch("batch-1"), {"GetItem": 1}),
        "all of a batch": (lambda: world.table.images("batch-1"), {"Query": len(SHARDS)}),
        "the queue": (world.table.needs_review, {"Query": QUEUE_SHARDS, "BatchGetItem": 1}),
        "an SKU": (lambda: world.table.by_sku("sku-1"), {"Query": 1, "BatchGetItem": 1}),
        "the history": (lambda: world.table.reviews("batch-1", image_id), {"Query": 1}),
    }
    for name, (look, expected) in paths.items():
        with requests.of() as seen:
            look()
        assert seen == expected, name
