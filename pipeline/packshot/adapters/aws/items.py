"""Records as DynamoDB items, and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from packshot.contracts.base import Contract, QcStatus, Status
from packshot.contracts.records import BatchRecord, ImageRecord, ReviewEntry
from packshot.contracts.table import (
    QUEUE_SHARDS,
    TTL_ATTRIBUTE,
    WORK_ITEM_DAYS,
    batch_partition,
    image_partition,
    review_partition,
    shard_of,
)
from packshot.errors import StorageError

Item = dict[str, dict[str, Any]]
C = TypeVar("C", bound=Contract)

#: Revisions count down from here, so that the newest sorts first.
FIRST_REVISION: Final = 9999


def batch_item(batch: BatchRecord) -> Item:
    """A batch; in the queue index all batches lie by age."""
    return {
        "pk": {"S": batch_partition(batch.batch_id)},
        "sk": {"S": "BATCH"},
        "queue_pk": {"S": "BATCHES"},
        "queue_sk": {"S": f"{batch.created_at.isoformat()}#{batch.batch_id}"},
        "record": _packed(batch),
    }


def image_item(record: ImageRecord) -> Item:
    """An image record; it stands in the indexes only as long as it is live.

    One that is being worked on expires: whatever could still finish it is gone long before.
    """
    partition, sort = image_key(record.batch_id, record.image_id, record.revision)
    item: Item = {
        "pk": {"S": partition},
        "sk": {"S": sort},
        "version": {"N": str(record.version)},
        "record": _packed(record),
    }
    if record.status in (Status.PENDING, Status.PROCESSING):
        expires_at = record.updated_at + dt.timedelta(days=WORK_ITEM_DAYS)
        item[TTL_ATTRIBUTE] = {"N": str(int(expires_at.timestamp()))}
    if record.superseded_by is not None or not record.sku_id:
        return item
    item["sku_pk"] = {"S": record.sku_id}
    item["sku_sk"] = {"S": f"{record.image_id}#{record.batch_id}#{sort[-4:]}"}
    if record.qc_status is QcStatus.NEEDS_REVIEW:
        shard = int(hashlib.sha256(record.image_id.encode()).hexdigest(), 16) % QUEUE_SHARDS
        item["queue_pk"] = {"S": review_partition(shard)}
        item["queue_sk"] = {"S": f"{record.updated_at.isoformat()}#{record.batch_id}#{record.image_id}"}
    return item


def review_item(entry: ReviewEntry) -> Item:
    """A line of the review history, beside its image."""
    return {
        "pk": {"S": image_partition(entry.batch_id, shard_of(entry.image_id))},
        "sk": {"S": f"REVIEW#{entry.image_id}#{entry.at.isoformat()}#{entry.action}"},
        "record": _packed(entry),
    }


def image_key(batch_id: str, image_id: str, revision: int) -> tuple[str, str]:
    """Partition and sort key of a record."""
    return (
        image_partition(batch_id, shard_of(image_id)),
        f"IMAGE#{image_id}#{FIRST_REVISION - revision:04d}",
    )


def read(kind: type[C], item: Item, table: str) -> C:
    """The record in an item.

    Raises:
        StorageError: store_corrupt.
    """
    try:
        return kind.model_validate_json(zlib.decompress(bytes(item["record"]["B"])))
    except (KeyError, zlib.error, ValidationError) as error:
        raise StorageError("store_corrupt", path=table, reason=f"{type(error).__name__}: {error}") from error


def _packed(record: Contract) -> dict[str, Any]:
    return {"B": zlib.compress(record.model_dump_json(exclude_defaults=True).encode(), 6)}
