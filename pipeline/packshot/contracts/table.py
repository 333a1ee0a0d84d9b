"""Shape of the job table on DynamoDB, as pure data: what the infrastructure makes and the adapter uses.

See docs/job-table.md for the access paths and what each costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Partitions of one batch: hash-distributed, in image_id's order, so that pages come out sorted.
SHARDS: Final = "0123456789abcdef"

#: Partitions of the review queue and of the list of batches, over all batches.
QUEUE_SHARDS: Final = 8


@dataclass(frozen=True, slots=True)
class Index:
    """A key of two text attributes; for a secondary index only the keys are projected."""

    name: str
    partition: str
    sort: str


TABLE_KEY: Final = Index("table", "pk", "sk")
#: Sparse: only what waits for a person, and the batches themselves, has these attributes.
QUEUE_INDEX: Final = Index("queue", "queue_pk", "queue_sk")
#: Sparse: records that were replaced lose these attributes.
SKU_INDEX: Final = Index("sku", "sku_pk", "sku_sk")
INDEXES: Final = (QUEUE_INDEX, SKU_INDEX)

#: Seconds since 1970 after which an item may be removed; only work items carry it.
TTL_ATTRIBUTE: Final = "expires_at"
#: Days that the record of an unfinished attempt is kept. An execution can be redriven for 14 days, and
#: what it would read in the work bucket is kept as long.
WORK_ITEM_DAYS: Final = 30


def batch_partition(batch_id: str) -> str:
    """Partition of a batch's own item."""
    return f"BATCH#{batch_id}"


def review_partition(shard: int) -> str:
    """Partition of the queue index for one of QUEUE_SHARDS parts of what waits for a person."""
    return f"REVIEW#{shard}"


def image_partition(batch_id: str, shard: str) -> str:
    """Partition of a sixteenth of a batch's images."""
    return f"{batch_id}#{shard}"


def shard_of(image_id: str) -> str:
    """The shard of an image: the first digit of its hash."""
    digit = image_id.removeprefix("img-")[:1]
    return digit if digit in SHARDS and digit else SHARDS[0]
