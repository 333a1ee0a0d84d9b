"""A record as a line of results.jsonl and as a row of results.csv.

Both list the newest revision of each image, sorted by image_id. `updated_at` and `timings_ms` are the
only fields that differ between two runs over the same input.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from packshot.contracts.records import ImageRecord

#: Names of the files, beside the pictures.
JSON_LINES: Final = "results.jsonl"
CSV: Final = "results.csv"

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


def json_line(record: ImageRecord) -> bytes:
    """A line of results.jsonl, with its end."""
    return record.model_dump_json().encode() + b"\n"


def csv_head() -> bytes:
    """The first line of results.csv; its mark lets spreadsheet programs read the file as UTF-8."""
    return "\ufeff".encode() + _csv_line(COLUMNS)


def csv_line(record: ImageRecord) -> bytes:
    """A line of results.csv, with its end."""
    return _csv_line(_cells(record))


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
