"""The compact list of every image, for batches that are too large to show each as a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packshot.contracts.records import ImageRecord
from packshot.report.words import outcome, why

#: One image as a row of JSON: sku, group, type, outcome, before, after, reasons or error code, image id.
IndexRow = list[str | float | None]


def index_rows(records: Iterable[ImageRecord]) -> Iterator[IndexRow]:
    """One row per image, about 110 bytes each as JSON."""
    for record in records:
        yield [
            record.sku_id,
            record.product_group_id,
            record.image_type,
            outcome(record).value,
            _short(record.score_before),
            _short(record.score_after),
            " ".join(why(record)),
            record.image_id[:12],
        ]


def _short(score: float | None) -> float | None:
    return None if score is None else round(score, 1)
