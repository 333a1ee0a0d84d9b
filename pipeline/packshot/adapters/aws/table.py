"""A `JobTable` in one DynamoDB table; access paths and costs stand in docs/job-table.md.

| item         | pk                 | sk                                | queue index      | sku index |
|--------------|--------------------|-----------------------------------|------------------|-----------|
| batch        | BATCH#<batch>      | BATCH                             | by created_at    |           |
| image record | <batch>#<shard>    | IMAGE#<image>#<9999 - revision>   | while to review  | while live |
| review entry | <batch>#<shard>    | REVIEW#<image>#<at>#<action>      |                  |           |

The shard is the first digit of the image's hash: sixteen partitions per batch, in the order of
image_id. Revisions count down, so that the newest comes first. Both indexes hold keys only: changing
a record that stays in them costs nothing there, and what they find is read from the table, fresh.
Records are deflated JSON: 1 to 2 write units instead of 4 to 6.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from botocore.exceptions import ClientError

from packshot.adapters.aws.errors import code_of, translated
from packshot.adapters.aws.items import (
    Item,
    batch_item,
    image_item,
    image_key,
    read,
    review_item,
)
from packshot.contracts.records import BatchRecord, ImageRecord, ReviewEntry
from packshot.contracts.table import (
    QUEUE_INDEX,
    QUEUE_SHARDS,
    SHARDS,
    SKU_INDEX,
    Index,
    batch_partition,
    image_partition,
    review_partition,
    shard_of,
)
from packshot.errors import StoreUnavailableError
from packshot.ports import ANY_IMAGE, ImageQuery, Page

#: Sorts behind every hash, date and digit, and so ends a range.
_END: Final = "~"
#: Keys that one BatchGetItem takes.
_BATCH_GET: Final = 100
_BATCH_TRIES: Final = 6


class DynamoJobTable:
    """Batches, image records and the review history of a stack.

    Args:
        client: of DynamoDB.
        name: of the table.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._db = client
        self._name = name

    def unit(self) -> AbstractContextManager[None]:
        # A bus and a table share no transaction; each step is idempotent instead, and called again.
        return contextlib.nullcontext()

    def claim_batch(self, batch: BatchRecord) -> bool:
        return self._put(batch_item(batch), "attribute_not_exists(pk)")

    def put_batch(self, batch: BatchRecord) -> None:
        self._put(batch_item(batch))

    def get_batch(self, batch_id: str) -> BatchRecord | None:
        item = self._get(batch_partition(batch_id), "BATCH")
        return read(BatchRecord, item, self._name) if item else None

    def batches(self, limit: int = 50, cursor: str | None = None) -> Page[BatchRecord]:
        keys, after = self._index_page(QUEUE_INDEX, ["BATCHES"], limit, cursor, newest_first=True)
        return Page(tuple(read(BatchRecord, item, self._name) for item in self._fetch(keys)), after)

    def put_image(self, record: ImageRecord, expected_version: int | None) -> bool:
        item = image_item(record)
        if expected_version is None:
            return self._put(item, "attribute_not_exists(pk)")
        return self._put(item, "version = :seen", {":seen": {"N": str(expected_version)}})

    def get_image(self, batch_id: str, image_id: str, revision: int | None = None) -> ImageRecord | None:
        partition, sort = image_key(batch_id, image_id, revision or 0)
        if revision is not None:
            item = self._get(partition, sort)
        else:
            prefix = {":pk": {"S": partition}, ":sk": {"S": f"IMAGE#{image_id}#"}}
            found = self._query("pk = :pk AND begins_with(sk, :sk)", prefix, limit=1)
            item = next(found, None)
        return read(ImageRecord, item, self._name) if item else None

    def images(
        self, batch_id: str, query: ImageQuery = ANY_IMAGE, limit: int = 1000, cursor: str | None = None
    ) -> Page[ImageRecord]:
        # A filter of DynamoDB's would drop a newest revision and let an older one pass: it is ours.
        newest = self._newest(batch_id, cursor or "", query.shards or SHARDS)
        found = (record for record in newest if _fits(record, query))
        page = tuple(itertools.islice(found, limit + 1))
        return Page(page[:limit], page[limit - 1].image_id if len(page) > limit else None)

    def by_sku(
        self, sku_id: str, image_id: str | None = None, limit: int = 1000, cursor: str | None = None
    ) -> Page[ImageRecord]:
        if not sku_id:
            return Page((), None)
        prefix = "" if image_id is None else f"{image_id}#"
        keys, after = self._index_page(SKU_INDEX, [sku_id], limit, cursor, prefix=prefix)
        records = (read(ImageRecord, item, self._name) for item in self._fetch(keys))
        # The index may lag: what was replaced a moment ago is dropped here.
        return Page(tuple(one for one in records if one.superseded_by is None), after)

    def needs_review(self, limit: int = 100, cursor: str | None = None) -> Page[ImageRecord]:
        shards = [review_partition(shard) for shard in range(QUEUE_SHARDS)]
        keys, after = self._index_page(QUEUE_INDEX, shards, limit, cursor)
        records = (read(ImageRecord, item, self._name) for item in self._fetch(keys))
        waiting = (one for one in records if one.superseded_by is None and one.qc_status == "needs_review")
        return Page(tuple(waiting), after)

    def append_review(self, entry: ReviewEntry) -> None:
        self._put(review_item(entry))

    def reviews(self, batch_id: str, image_id: str) -> tuple[ReviewEntry, ...]:
        values = {
            ":pk": {"S": image_partition(batch_id, shard_of(image_id))},
            ":sk": {"S": f"REVIEW#{image_id}#"},
        }
        found = self._query("pk = :pk AND begins_with(sk, :sk)", values)
        return tuple(read(ReviewEntry, item, self._name) for item in found)

    def _newest(self, batch_id: str, after: str, shards: str) -> Iterator[ImageRecord]:
        """Newest revisions behind an image_id, shard by shard, which is the order of image_id."""
        last = after
        for shard in SHARDS[SHARDS.index(shard_of(after)) if after else 0 :]:
            if shard not in shards:
                continue
            values = {
                ":pk": {"S": image_partition(batch_id, shard)},
                ":from": {"S": f"IMAGE#{after}{_END if after else ''}"},
                ":to": {"S": f"IMAGE#{_END}"},
            }
            for item in self._query("pk = :pk AND sk BETWEEN :from AND :to", values):
                record = read(ImageRecord, item, self._name)
                if record.image_id != last:
                    yield record
                last = record.image_id

    def _index_page(
        self,
        index: Index,
        partitions: Sequence[str],
        limit: int,
        cursor: str | None,
        *,
        prefix: str = "",
        newest_first: bool = False,
    ) -> tuple[list[Item], str | None]:
        """Keys of one page over all partitions of an index, merged by its sort key."""
        streams = [
            self._index_keys(index, partition, limit, cursor, prefix, newest_first)
            for partition in partitions
        ]

        def sort_key(item: Item) -> str:
            return str(item[index.sort]["S"])

        merged = list(itertools.islice(heapq.merge(*streams, key=sort_key, reverse=newest_first), limit + 1))
        after = sort_key(merged[limit - 1]) if len(merged) > limit else None
        return merged[:limit], after

    def _index_keys(
        self, index: Index, partition: str, limit: int, cursor: str | None, prefix: str, newest_first: bool
    ) -> Iterator[Item]:
        low, high = prefix, prefix + _END
        if cursor is not None:
            low, high = (prefix, cursor) if newest_first else (cursor, high)
        values = {":pk": {"S": partition}, ":low": {"S": low or " "}, ":high": {"S": high}}
        found = self._query(
            f"{index.partition} = :pk AND {index.sort} BETWEEN :low AND :high",
            values,
            index=index.name,
            limit=limit + 2,
            forward=not newest_first,
        )
        # BETWEEN holds both ends; the cursor's own item was on the page before.
        return (item for item in found if item[index.sort]["S"] != cursor)

    def _query(
        self,
        condition: str,
        values: Mapping[str, Any],
        *,
        index: str | None = None,
        limit: int | None = None,
        forward: bool = True,
    ) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": dict(values),
            "ScanIndexForward": forward,
        }
        if index is not None:
            request["IndexName"] = index
        else:
            request["ConsistentRead"] = True
        if limit is not None:
            request["Limit"] = limit
        while True:
            with translated(self._name):
                answer = self._db.query(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _fetch(self, keys: Iterable[Item]) -> Iterator[Item]:
        """The items of index keys, in their order; those removed meanwhile are left out."""
        wanted = [(key["pk"]["S"], key["sk"]["S"]) for key in keys]
        found: dict[tuple[str, str], Item] = {}
        for start in range(0, len(wanted), _BATCH_GET):
            for item in self._batch_get(wanted[start : start + _BATCH_GET]):
                found[item["pk"]["S"], item["sk"]["S"]] = item
        return (found[key] for key in wanted if key in found)

    def _batch_get(self, keys: Sequence[tuple[str, str]]) -> Iterator[Item]:
        left: dict[str, Any] = {
            self._name: {
                "Keys": [{"pk": {"S": partition}, "sk": {"S": sort}} for partition, sort in keys],
                "ConsistentRead": True,
            }
        }
        for _ in range(_BATCH_TRIES):
            with translated(self._name):
                answer = self._db.batch_get_item(RequestItems=left)
            yield from answer["Responses"].get(self._name, ())
            left = answer.get("UnprocessedKeys") or {}
            if not left:
                return
        raise StoreUnavailableError("store_throttled", reason=self._name)

    def _get(self, partition: str, sort: str) -> Item | None:
        with translated(self._name):
            answer = self._db.get_item(
                TableName=self._name,
                Key={"pk": {"S": partition}, "sk": {"S": sort}},
                ConsistentRead=True,
            )
        item: Item | None = answer.get("Item")
        return item

    def _put(self, item: Item, condition: str | None = None, values: Mapping[str, Any] | None = None) -> bool:
        request: dict[str, Any] = {"TableName": self._name, "Item": item}
        if condition is not None:
            request["ConditionExpression"] = condition
        if values is not None:
            request["ExpressionAttributeValues"] = dict(values)
        with translated(self._name):
            try:
                self._db.put_item(**request)
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
                # boto tries again when an answer is lost on the way; then the first try is what is there.
                return self._get(item["pk"]["S"], item["sk"]["S"]) == item
        return True


def _fits(record: ImageRecord, query: ImageQuery) -> bool:
    return (
        query.status in (None, record.status)
        and query.qc_status in (None, record.qc_status)
        and query.sku_id in (None, record.sku_id)
    )
