"""How many images wait for a person, told by the index alone: no record is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packshot.adapters.aws.errors import translated
from packshot.contracts.table import QUEUE_INDEX, QUEUE_SHARDS, review_partition


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The queue as it stands, over all batches.

    Attributes:
        waiting: images in it.
        since: when the oldest of them was finished; None when it is empty.
    """

    waiting: int
    since: dt.datetime | None


def review_queue(client: Any, table: str) -> ReviewQueue:
    """Counts the queue; about one read unit for forty images that wait.

    Args:
        client: of DynamoDB.
        table: its name.

    Raises:
        StoreUnavailableError, StorageError: as the job table.
    """
    partitions = [review_partition(shard) for shard in range(QUEUE_SHARDS)]
    waiting = sum(sum(_counts(client, table, one)) for one in partitions)
    oldest = [key for one in partitions for key in _oldest(client, table, one)]
    # Its sort key begins with the time, before the first #.
    since = dt.datetime.fromisoformat(min(oldest).split("#")[0]) if oldest else None
    return ReviewQueue(waiting, since)


def _counts(client: Any, table: str, partition: str) -> Iterator[int]:
    request = {**_request(table, partition), "Select": "COUNT"}
    while True:
        with translated(table):
            answer = client.query(**request)
        yield answer["Count"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _oldest(client: Any, table: str, partition: str) -> Iterator[str]:
    with translated(table):
        answer = client.query(**_request(table, partition), Limit=1)
    for item in answer["Items"]:
        yield item[QUEUE_INDEX.sort]["S"]


def _request(table: str, partition: str) -> dict[str, Any]:
    return {
        "TableName": table,
        "IndexName": QUEUE_INDEX.name,
        "KeyConditionExpression": f"{QUEUE_INDEX.partition} = :pk",
        "ExpressionAttributeValues": {":pk": {"S": partition}},
    }
