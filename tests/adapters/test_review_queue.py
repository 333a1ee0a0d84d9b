"""The queue is counted by its index, however many pages that takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from packshot.adapters.aws.review_queue import ReviewQueue, review_queue
from packshot.contracts.base import QcStatus
from packshot.errors import StoreUnavailableError
from packshot.reviews import decide
from tests import samples, worlds
from tests.aws import TABLE
from tests.worlds import World, aws_world, keep

Json = dict[str, Any]


def test_what_waits_is_counted_and_the_oldest_named(aws: Callable[[str], Any]) -> None:
    world: World = aws_world(aws)
    client = aws("dynamodb")
    assert review_queue(client, TABLE) == ReviewQueue(0, None)
    for number in range(5):
        verdict = QcStatus.AUTO_APPROVED if number == 0 else QcStatus.NEEDS_REVIEW
        keep(world, worlds.task(number), verdict, at=10 * number)
    assert review_queue(client, TABLE) == ReviewQueue(4, samples.later(10))
    decide("approve", "batch-1", samples.image_id(1), reviewer="ada", now=samples.later(99), **world.ports)
    assert review_queue(client, TABLE) == ReviewQueue(3, samples.later(20))


class Paged:
    """A client whose counts come in two pages."""

    def query(self, **request: Any) -> Json:
        if request.get("Select") != "COUNT":
            return {"Items": []}
        if "ExclusiveStartKey" in request:
            return {"Count": 2}
        return {"Count": 40, "LastEvaluatedKey": {"pk": {"S": "x"}}}


def test_counts_go_over_all_pages() -> None:
    assert review_queue(Paged(), TABLE).waiting == 8 * 42


def test_a_throttled_table_is_told_as_such(
    aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = aws("dynamodb")
    error = client.exceptions.ProvisionedThroughputExceededException(
        {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow down"}}, "Query"
    )

    def refuse(**_: Any) -> Json:
        raise error

    monkeypatch.setattr(client, "query", refuse)
    with pytest.raises(StoreUnavailableError):
        review_queue(client, TABLE)
