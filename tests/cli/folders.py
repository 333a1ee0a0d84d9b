"""Output folders for tests, as a run leaves them: real job table, real files, records made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.delivery import moved
from packshot.local.store import LocalDirectory, open_or_make
from tests.report.samples import batch as make_batch
from tests.report.samples import jpeg


def output_folder(out: Path, records: Iterable[ImageRecord], batch: BatchRecord | None = None) -> Path:
    """Fills `out` with a finished batch of these records; each of its files is a drawn JPEG."""
    chosen = list(records)
    with open_or_make(out) as directory:
        directory.table.claim_batch(batch or make_batch(len(chosen)))
        directory.set_newest_batch("b" * 16)
        for record in chosen:
            directory.table.put_image(
                record.model_copy(update={"renditions": _written(record, directory)}), None
            )
        directory.write_results()
    return out


def _written(record: ImageRecord, directory: LocalDirectory) -> tuple[RenditionFile, ...]:
    """The record's renditions with the files that stand for them, where its verdict puts them."""
    files = []
    for file in moved(record.renditions, record.qc_status):
        stored = directory.files.put(file.path, jpeg(500, 500))
        files.append(file.model_copy(update={"sha256": stored.sha256, "bytes": stored.bytes}))
    return tuple(files)
