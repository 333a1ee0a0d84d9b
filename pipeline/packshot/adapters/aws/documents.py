"""`Documents` in the job table: a partition for each kind, in the order of their keys.

They are small and few beside the images: a thousand requests a second go to one partition, and no one
asks that much of jobs, uploads and kept settings.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from packshot.adapters.aws.errors import code_of, translated
from packshot.contracts.table import TTL_ATTRIBUTE
from packshot.errors import StorageError
from packshot.ports import Page

#: Sorts behind every key.
_END: Final = "\U0010ffff"
#: DynamoDB takes 1,024 bytes for a sort key; a longer key keeps its beginning, and is told by a hash.
_LONGEST: Final = 1000
_KEPT: Final = 900
_VALUE: Final = "document"


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class DynamoDocuments:
    """Documents of a stack, deflated.

    Args:
        client: of DynamoDB.
        name: of the job table.
        clock: UTC now, for what has expired; DynamoDB removes it some days later.
    """

    def __init__(self, client: Any, name: str, clock: Callable[[], dt.datetime] = _utc_now) -> None:
        self._db = client
        self._name = name
        self._clock = clock

    def create(
        self, kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None = None
    ) -> bool:
        item = _item(kind, key, value, expires_at)
        with translated(self._name):
            try:
                self._db.put_item(
                    TableName=self._name,
                    Item=item,
                    ConditionExpression=f"attribute_not_exists(pk) OR {TTL_ATTRIBUTE} <= :now",
                    ExpressionAttributeValues={":now": {"N": str(self._now())}},
                )
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
                # boto tries again when an answer is lost on the way; then the first try is what is there.
                # Without another try the same words are somebody else's.
                repeated = error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0
                return repeated and self._get(kind, key) == item
        return True

    def put(
        self, kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None = None
    ) -> None:
        with translated(self._name):
            self._db.put_item(TableName=self._name, Item=_item(kind, key, value, expires_at))

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        item = self._get(kind, key)
        return self._read(item) if item is not None and self._holds(item) else None

    def delete(self, kind: str, key: str) -> None:
        with translated(self._name):
            self._db.delete_item(TableName=self._name, Key=_place(kind, key))

    def page(
        self,
        kind: str,
        limit: int = 100,
        cursor: str | None = None,
        *,
        prefix: str = "",
        newest: bool = False,
    ) -> Page[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        last: str | None = None
        for item in self._items(kind, limit, cursor, prefix, newest):
            # One more than asked for tells whether there is a next page.
            if len(found) == limit:
                return Page(tuple(found), last)
            found.append(self._read(item))
            last = str(item["sk"]["S"])
        return Page(tuple(found), None)

    def _items(
        self, kind: str, limit: int, cursor: str | None, prefix: str, newest: bool
    ) -> Iterator[dict[str, Any]]:
        low, high = prefix or " ", prefix + _END
        if cursor is not None:
            low, high = (low, cursor) if newest else (cursor, high)
        request: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": {
                ":pk": _place(kind, "-")["pk"],
                ":low": {"S": low},
                ":high": {"S": high},
            },
            "ScanIndexForward": not newest,
            "ConsistentRead": True,
            "Limit": limit + 2,
        }
        while True:
            with translated(self._name):
                answer = self._db.query(**request)
            for item in answer["Items"]:
                # BETWEEN holds both ends; the cursor's own item was on the page before.
                if item["sk"]["S"] != cursor and self._holds(item):
                    yield item
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _get(self, kind: str, key: str) -> dict[str, Any] | None:
        with translated(self._name):
            answer = self._db.get_item(TableName=self._name, Key=_place(kind, key), ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def _holds(self, item: Mapping[str, Any]) -> bool:
        ends = item.get(TTL_ATTRIBUTE)
        return ends is None or int(ends["N"]) > self._now()

    def _read(self, item: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return dict(json.loads(zlib.decompress(bytes(item[_VALUE]["B"]))))
        except (KeyError, ValueError, zlib.error) as error:
            reason = f"{type(error).__name__}: {error}"
            raise StorageError("store_corrupt", path=self._name, reason=reason) from error

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _item(
    kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None
) -> dict[str, dict[str, Any]]:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    item: dict[str, dict[str, Any]] = {**_place(kind, key), _VALUE: {"B": zlib.compress(text.encode(), 6)}}
    if expires_at is not None:
        item[TTL_ATTRIBUTE] = {"N": str(int(expires_at.timestamp()))}
    return item


def _place(kind: str, key: str) -> dict[str, dict[str, str]]:
    data = key.encode()
    if len(data) > _LONGEST:
        start = data[:_KEPT].decode(errors="ignore")
        key = f"{start}#{hashlib.sha256(data).hexdigest()}"
    return {"pk": {"S": f"DOCUMENT#{kind}"}, "sk": {"S": key}}
