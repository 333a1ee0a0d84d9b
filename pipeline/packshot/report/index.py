"""The compact list of every image, for batches that are too large to show each as a card."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator

from packshot.contracts.records import ImageRecord
from packshot.report.words import name_of, outcome, why

#: Bytes that stay in memory; a longer list goes to a temporary file.
_IN_MEMORY = 8_000_000


class Index:
    """One row of JSON per image, about 110 bytes each, gathered while the records pass by.

    A row is [SKU, group, type, outcome, score before, score after, why it is not ready, image id]; in
    its text nothing stands that could end the script element around it.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115 - lives as long as the index

    def add(self, record: ImageRecord) -> None:
        """Adds an image."""
        row = [
            name_of(record),
            record.product_group_id,
            record.image_type,
            outcome(record).value,
            _short(record.score_before),
            _short(record.score_after),
            " ".join(why(record)),
            record.image_id[:12],
        ]
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        self._file.write(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e") + "\n")

    def rows(self) -> Iterator[str]:
        """The rows' texts, in the order in which they came."""
        self._file.seek(0)
        for line in self._file:
            yield line.rstrip("\n")


def _short(score: float | None) -> float | None:
    return None if score is None else round(score, 1)
