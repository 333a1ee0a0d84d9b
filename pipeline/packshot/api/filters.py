"""Filters that the table does not know: a page is filled from several of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from packshot.contracts.base import ReviewReason
from packshot.contracts.records import ImageRecord
from packshot.ports import Page

#: Records that are looked at for one page, at most, and in how many reads; then it is given out short. Of a
#: page that is almost full little is read at a time, and on AWS each read is several calls.
_MOST: Final = 2000
_READS: Final = 40

#: A page of the table: after this cursor, so many.
Read = Callable[[str | None, int], Page[ImageRecord]]


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """What an image must have; None for anything. Bounds of the score are inclusive."""

    reason: ReviewReason | None = None
    score_min: float | None = None
    score_max: float | None = None
    batch_id: str | None = None
    product_group_id: str | None = None

    @property
    def empty(self) -> bool:
        """Everything passes."""
        return self == ImageFilter()

    def takes(self, image: ImageRecord) -> bool:
        """True for an image that passes."""
        if self.batch_id is not None and image.batch_id != self.batch_id:
            return False
        if self.product_group_id is not None and image.product_group_id != self.product_group_id:
            return False
        if self.reason is not None and self.reason not in image.review_reasons:
            return False
        if self.score_min is None and self.score_max is None:
            return True
        score = image.score_after
        return (
            score is not None
            and (self.score_min is None or score >= self.score_min)
            and (self.score_max is None or score <= self.score_max)
        )


def filtered(read: Read, wanted: ImageFilter, limit: int, cursor: str | None) -> Page[ImageRecord]:
    """At most `limit` images that pass, and where to go on."""
    if wanted.empty:
        return read(cursor, limit)
    found: list[ImageRecord] = []
    looked_at = reads = 0
    while True:
        # Never more than still fit: the cursor stands behind the last one that was read.
        page = read(cursor, limit - len(found))
        found.extend(image for image in page.items if wanted.takes(image))
        looked_at, reads = looked_at + len(page.items), reads + 1
        cursor = page.cursor
        if cursor is None or len(found) >= limit or looked_at >= _MOST or reads >= _READS:
            return Page(tuple(found), cursor)
