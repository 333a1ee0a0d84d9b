"""results.jsonl and results.csv of an output folder, written whole; `batches.results` has their form."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from packshot.adapters.local.disk import whole_file
from packshot.batches.results import CSV, JSON_LINES, csv_head, csv_line, json_line
from packshot.contracts.records import ImageRecord


def write_results(folder: Path, records: Iterable[ImageRecord]) -> None:
    """Writes both files anew; `records` are streamed.

    Raises:
        StorageError: disk_full, output_not_writable; the files stay as they were.
    """
    with (
        whole_file(folder / JSON_LINES, durable=True) as lines,
        whole_file(folder / CSV, durable=True) as table,
    ):
        table.write(csv_head())
        for record in records:
            lines.write(json_line(record))
            table.write(csv_line(record))
