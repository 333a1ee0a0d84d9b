"""The end of a batch whose images are through: the sweep, the results and the sums, part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from packshot.aws_runtime.batch import read_list
from packshot.aws_runtime.parts import keep_sums, tally_of, write_part, write_results
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.side_by_side import SideBySide
from packshot.batches.summarise import conclude, sweep
from packshot.contracts.environment import RecordEnvironment
from packshot.contracts.records import BatchRecord
from packshot.contracts.table import shard_of
from packshot.contracts.task import ImageTask
from packshot.errors import InternalError

Json = dict[str, Any]


def summarise_batch(event: Json, environment: RecordEnvironment) -> Json:
    """Sums up one part of a batch ({batch_id, items_key, part}), or all of it ({batch_id, parts}).

    The state machine calls it for each part and then once for the whole. Both may be called again.

    Returns:
        Of a part {batch_id, part, counts, swept}, of the whole {batch_id, counts}.
    """
    ports = ports_of(environment)
    batch = _batch(str(event["batch_id"]), ports)
    if "part" in event:
        return _part(batch, str(event["items_key"]), str(event["part"]), ports)
    return _whole(batch, tuple(event["parts"]), ports)


def _part(batch: BatchRecord, items_key: str, shards: str, ports: Ports) -> Json:
    """Each planned image without a final record gets a failed one, then the part's results are written."""
    now = dt.datetime.now(dt.UTC)
    tally, finished = write_part(batch.batch_id, shards, ports)
    swept = 0

    def sweep_one(task: ImageTask) -> int:
        return sweep([task], batch, table=ports.table, files=ports.files, publish=ports.publish, now=now)

    def count(each: int) -> None:
        nonlocal swept
        swept += each

    # Side by side: where a whole region was lost, there are as many as the part has images.
    with SideBySide(sweep_one, count) as sweeping:
        for task in _unfinished(items_key, shards, finished, ports):
            sweeping.add(task)
    if swept:
        tally, _ = write_part(batch.batch_id, shards, ports)
    return {"batch_id": batch.batch_id, "part": shards, "counts": tally.counts, "swept": swept}


def _unfinished(
    items_key: str, shards: str, finished: Mapping[str, int], ports: Ports
) -> Iterator[ImageTask]:
    """Planned images of these shards that have no final record, nor a later revision."""
    for item in read_list(ports.work_bucket, items_key):
        for task in item.get("tasks") or (item["task"],):
            image_id = task["image_id"]
            if shard_of(image_id) in shards and finished.get(image_id, -1) < task.get("revision", 0):
                yield ImageTask.model_validate(task)


def _whole(batch: BatchRecord, parts: tuple[str, ...], ports: Ports) -> Json:
    tallies = [tally_of(batch.batch_id, shards, ports) for shards in parts]
    if any(one is None for one in tallies):
        reason = f"a part of the batch {batch.batch_id} was not summed up"
        raise InternalError("internal_error", reason=reason)
    write_results(batch.batch_id, parts, ports)
    keep_sums(batch, parts, ports)
    # Results first: who hears Batch Completed finds them. A redriven batch had been closed as failed.
    closed = conclude(
        batch.model_copy(update={"error": None}),
        [one for one in tallies if one is not None],
        ports.table,
        ports.publish,
        dt.datetime.now(dt.UTC),
    )
    return {"batch_id": batch.batch_id, "counts": closed.counts}


def _batch(batch_id: str, ports: Ports) -> BatchRecord:
    batch = ports.table.get_batch(batch_id)
    if batch is None:
        raise InternalError("internal_error", reason=f"there is no batch {batch_id} to sum up")
    return batch
