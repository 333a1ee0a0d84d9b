"""A batch's settings and lists in the work bucket."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import IO, Any, Final

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.errors import translated
from packshot.aws_runtime.ports import work_store
from packshot.batches.plan import Resolve, reference_task
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.contracts.work_keys import settings_key
from packshot.errors import PackshotError

_CHUNK: Final = 1 << 20


def put_settings(bucket: str, batch_id: str, settings: BatchSettings) -> None:
    """Keeps a batch's settings where `batch_settings` finds them."""
    data = settings.model_dump_json().encode()
    work_store(bucket).put(settings_key(batch_id), data, "application/json")


@lru_cache(maxsize=8)
def batch_settings(bucket: str, batch_id: str) -> BatchSettings:
    """A batch's settings; read once per process, since they never change."""
    return BatchSettings.model_validate_json(work_store(bucket).get(settings_key(batch_id)))


def task_json(task: ImageTask) -> dict[str, Any]:
    """A task as it travels: without what it does not say."""
    return task.model_dump(mode="json", exclude_defaults=True)


def items_of(tasks: Iterator[dict[str, Any]], images_per_item: int) -> Iterator[dict[str, Any]]:
    """What the images' Map goes through: one task each, or some of them for the fused function."""
    if images_per_item == 1:
        yield from ({"task": task} for task in tasks)
        return
    while some := list(itertools.islice(tasks, images_per_item)):
        yield {"tasks": some}


def reference_items(
    references: Mapping[str, str], batch_id: str, resolve: Resolve
) -> Iterator[dict[str, Any]]:
    """What the references' Map goes through, from sources as written by reference id."""
    for _, written in sorted(references.items()):
        try:
            yield {"task": task_json(reference_task(written, batch_id, resolve))}
        except PackshotError:
            # It is never made ready, and its images say `reference_unusable`.
            continue


def put_list(bucket: str, key: str, items: Iterable[Any]) -> int:
    """Writes items as a JSON array, one line each; streams, however many there are.

    Returns:
        How many there were.
    """
    count = 0
    with tempfile.TemporaryFile() as file:
        file.write(b"[")
        for item in items:
            file.write(b",\n" if count else b"\n")
            file.write(json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode())
            count += 1
        file.write(b"\n]\n")
        file.seek(0)
        with translated(f"s3://{bucket}/{key}"):
            client("s3").upload_fileobj(
                file,
                bucket,
                key,
                ExtraArgs={"ContentType": "application/json", "ChecksumAlgorithm": "SHA256"},
            )
    return count


def read_list(bucket: str, key: str) -> Iterator[Any]:
    """Items that `put_list` wrote; holds one at a time."""
    with tempfile.TemporaryFile() as file:
        # Copied first: whoever goes through a million items is slower than S3 keeps a connection open.
        with translated(f"s3://{bucket}/{key}"):
            client("s3").download_fileobj(bucket, key, file)
        file.seek(0)
        yield from _items(file)


def _items(file: IO[bytes]) -> Iterator[Any]:
    for line in file:
        text = line.strip().removesuffix(b",")
        if text not in (b"[", b"]", b""):
            yield json.loads(text)
