"""Pages of a filter that the table does not know."""

from __future__ import annotations

from packshot.api.filters import ImageFilter, filtered
from packshot.contracts.records import ImageRecord
from packshot.ports import Page
from tests.report.samples import review_record


def test_a_page_that_is_almost_full_is_not_filled_one_by_one() -> None:
    good, poor = review_record(1, score_after=90.0), review_record(2, score_after=10.0)
    records = [good] * 49 + [poor] * 3000 + [good]
    reads: list[int] = []

    def read(cursor: str | None, limit: int) -> Page[ImageRecord]:
        start = int(cursor or 0)
        reads.append(limit)
        end = start + limit
        return Page(tuple(records[start:end]), str(end) if end < len(records) else None)

    found, cursor = 0, None
    while True:
        reads.clear()
        page = filtered(read, ImageFilter(score_min=80.0), 50, cursor)
        assert len(reads) <= 50
        found, cursor = found + len(page.items), page.cursor
        if cursor is None:
            break
    assert found == 50
