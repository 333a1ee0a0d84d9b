"""results.jsonl and results.csv: the newest revision of each image, sorted by image_id, written whole.

`updated_at` and `timings_ms` are the only fields that differ between two runs over the same input.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from packshot.adapters.local.disk import whole_file
from packshot.contracts.records import ImageRecord

COLUMNS: Final = (
    "image_id",
    "revision",
    "line",
    "source",
    "product_group_id",
    "sku_id",
    "image_type",
    "status",
    "qc_status",
    "score_before",
    "score_after",
    "review_reasons",
    "error_code",
    "error_message",
    "error_stage",
    "rules_failed",
    "alignment_method",
    "residual_px",
    "main_path",
    "main_width",
    "main_height",
    "main_bytes",
    "renditions",
)

#: A cell that begins like this is a formula to a spreadsheet; the seller's texts must not become one.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_results(folder: Path, records: Iterable[ImageRecord]) -> None:
    """Writes both files anew; `records` are streamed.

    Raises:
        StorageError: disk_full, output_not_writable; the files stay as they were.
    """
    with (
        whole_file(folder / "results.jsonl", durable=True) as lines,
        whole_file(folder / "results.csv", durable=True) as table,
    ):
        # The mark lets spreadsheet programs read the file as UTF-8.
        table.write("\ufeff".encode())
        table.write(_csv_line(COLUMNS))
        for record in records:
            lines.write(json.dumps(line_of(record), ensure_ascii=False, separators=(",", ":")).encode())
            lines.write(b"\n")
            table.write(_csv_line(_cells(record)))


def line_of(record: ImageRecord) -> dict[str, Any]:
    """A record as a line of results.jsonl, JSON-ready."""
    return record.model_dump(mode="json")


def _cells(record: ImageRecord) -> tuple[object, ...]:
    main = next((one for one in record.renditions if one.name == "main"), None)
    error, alignment = record.error, record.alignment
    failed = [one.rule for one in record.compliance if not one.passed]
    return (
        record.image_id,
        record.revision,
        record.line,
        record.source,
        record.product_group_id,
        record.sku_id,
        record.image_type,
        record.status.value,
        record.qc_status.value,
        record.score_before,
        record.score_after,
        " ".join(record.review_reasons),
        error.code if error else None,
        error.message if error else None,
        error.stage if error else None,
        " ".join(failed),
        alignment.method if alignment else None,
        alignment.residual_px if alignment else None,
        main.path if main else None,
        main.width if main else None,
        main.height if main else None,
        main.bytes if main else None,
        " ".join(one.name for one in record.renditions),
    )


def _csv_line(cells: Iterable[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "surrogateescape")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
