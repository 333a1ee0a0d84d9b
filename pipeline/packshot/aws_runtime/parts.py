"""A batch's results in parts: sums and lines of some shards each, and the files made of them.

A part is named by the digits of its shards. A small batch is one part; of a big one each shard is
one, so that a million images are summed up side by side, and a decision on one renews a sixteenth.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from typing import IO, Final

from packshot.adapters.aws.concatenate import concatenate
from packshot.adapters.aws.errors import translated
from packshot.aws_runtime.ports import Ports
from packshot.batches.record import FINAL
from packshot.batches.results import CSV, JSON_LINES, csv_head, csv_line, json_line
from packshot.batches.summarise import Tally, Tallying, all_images
from packshot.batches.sums import BatchSums, Sums
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.table import SHARDS, shard_of
from packshot.contracts.work_keys import part_key, report_key
from packshot.ports import ImageQuery

#: A batch of so many images is summed up in one call, in half a minute.
_ONE_PART: Final = 10_000
_SUMS: Final = ".sums.json"
#: Of the documents that hold what batches came to.
SUMS_KIND: Final = "sums"
_FILES: Final = ((JSON_LINES, ".jsonl", "application/x-ndjson"), (CSV, ".csv", "text/csv; charset=utf-8"))


def parts_of(total: int) -> tuple[str, ...]:
    """The parts that a batch of so many images is summed up in, in the order of image_id."""
    return (SHARDS,) if total <= _ONE_PART else tuple(SHARDS)


def write_part(batch_id: str, shards: str, ports: Ports) -> tuple[Tally, dict[str, int]]:
    """Writes the results of some shards to the work bucket, from one pass over their records.

    Returns:
        What they came to, and the revision of each image that has a final record.
    """
    tallying, sums = Tallying(), Sums()
    finished: dict[str, int] = {}
    with tempfile.TemporaryFile() as lines, tempfile.TemporaryFile() as table:
        if SHARDS[0] in shards:
            # The first part brings the head, so that the file is its parts and nothing more.
            table.write(csv_head())
        for image in _images(batch_id, shards, ports):
            tallying.add(image)
            sums.add(image)
            if image.status in FINAL:
                finished[image.image_id] = image.revision
            lines.write(json_line(image))
            table.write(csv_line(image))
        _put(ports, part_key(batch_id, shards, ".jsonl"), lines)
        _put(ports, part_key(batch_id, shards, ".csv"), table)
    ports.work.put(part_key(batch_id, shards, _SUMS), sums.model_dump_json().encode(), "application/json")
    tally = tallying.result
    # Last: a part whose sums are there is whole.
    data = tally.model_dump_json().encode()
    ports.work.put(part_key(batch_id, shards, ".json"), data, "application/json")
    return tally, finished


def tally_of(batch_id: str, shards: str, ports: Ports) -> Tally | None:
    """What a part came to; None where it was not written, or has expired."""
    key = part_key(batch_id, shards, ".json")
    return None if ports.work.size(key) is None else Tally.model_validate_json(ports.work.get(key))


def write_results(batch_id: str, parts: tuple[str, ...], ports: Ports) -> None:
    """Puts results.jsonl and results.csv of a batch into the catalogue bucket, out of all its parts."""
    for name, ending, content_type in _FILES:
        keys = [part_key(batch_id, shards, ending) for shards in parts]
        target = report_key(batch_id, name)
        concatenate(ports.s3, ports.work_bucket, keys, ports.catalogue_bucket, target, content_type)


def keep_sums(batch: BatchRecord, parts: tuple[str, ...], ports: Ports) -> None:
    """Keeps what a batch came to as a document, which outlives its parts: overviews are made of these."""
    whole = BatchSums.of(batch)
    for shards in parts:
        whole.merge(Sums.model_validate_json(ports.work.get(part_key(batch.batch_id, shards, _SUMS))))
    ports.documents.put(SUMS_KIND, sums_key(batch), whole.model_dump(mode="json"))


def sums_key(batch: BatchRecord) -> str:
    """The key of a batch's sums: by the day on which it was made."""
    return f"{batch.created_at.astimezone(dt.UTC).date().isoformat()}#{batch.batch_id}"


def renew_results(batch_id: str, total: int, changed: Collection[str], ports: Ports) -> None:
    """Writes a batch's results anew after decisions on some of its images.

    Args:
        batch_id: the batch.
        total: of its images.
        changed: their ids.
        ports: of the stack.
    """
    parts = parts_of(total)
    touched = {shard_of(image_id) for image_id in changed}
    for shards in parts:
        if touched & set(shards) or not _is_whole(batch_id, shards, ports):
            write_part(batch_id, shards, ports)
    write_results(batch_id, parts, ports)
    _recount(batch_id, parts, ports)


def _is_whole(batch_id: str, shards: str, ports: Ports) -> bool:
    """True when all of a part is there: what has expired, S3 removes one by one, in any order."""
    endings = (".json", _SUMS, *(ending for _, ending, _ in _FILES))
    return all(ports.work.size(part_key(batch_id, shards, ending)) is not None for ending in endings)


def _recount(batch_id: str, parts: tuple[str, ...], ports: Ports) -> None:
    """Brings the sums up to date, and the counts in the batch's own record while nothing works on it."""
    counts: Counter[str] = Counter()
    for shards in parts:
        tally = tally_of(batch_id, shards, ports)
        counts.update(tally.counts if tally is not None else {})
    batch = ports.table.get_batch(batch_id)
    if batch is None:
        return
    keep_sums(batch, parts, ports)
    # Read just now: an execution that takes the batch over writes its record, too, and sums it up again.
    if batch.status is Status.COMPLETED:
        named = {name: count for name, count in sorted(counts.items()) if count}
        ports.table.put_batch(batch.model_copy(update={"counts": named}))


def _images(batch_id: str, shards: str, ports: Ports) -> Iterator[ImageRecord]:
    return all_images(ports.table, batch_id, ImageQuery(shards="" if shards == SHARDS else shards))


def _put(ports: Ports, key: str, file: IO[bytes]) -> None:
    file.seek(0)
    with translated(f"s3://{ports.work_bucket}/{key}"):
        ports.s3.upload_fileobj(file, ports.work_bucket, key, ExtraArgs={"ChecksumAlgorithm": "SHA256"})
