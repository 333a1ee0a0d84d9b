"""Sums over batches."""

from __future__ import annotations

import datetime as dt

from packshot.api.models.base import View
from packshot.contracts.base import ReviewReason


class Tally(View):
    """Sums over some images; scores are means, 0 to 100.

    Attributes:
        reviewed: images that went to a person: waiting, approved or rejected.
        review_rate: their share of the completed ones, 0 to 1; null without any.
        source_bytes, main_bytes: of images that have both; their difference is what was saved.
    """

    images: int
    completed: int
    failed: int
    auto_approved: int
    needs_review: int
    approved: int
    rejected: int
    reviewed: int
    review_rate: float | None
    score_before: float | None
    score_after: float | None
    source_bytes: int
    main_bytes: int
    bytes_saved: int


class DayTally(View):
    """The batches that were begun on one day (UTC)."""

    day: dt.date
    tally: Tally


class NamedTally(View):
    """A preset's or a product group's."""

    name: str
    tally: Tally


class FailureCount(View):
    """Failed images by code, with one of the sentences as an example."""

    code: str
    images: int
    example: str


class ReasonCount(View):
    """Images that wait for review, by reason; an image may have several."""

    reason: ReviewReason
    images: int


class StageTime(View):
    """Milliseconds of one stage: mean over images, and the sum."""

    stage: str
    images: int
    mean_ms: float
    total_ms: float


class Overview(View):
    """Sums over the batches of some days.

    Attributes:
        groups: the 100 product groups with the most images.
    """

    since: dt.date
    until: dt.date
    batches: int
    total: Tally
    days: tuple[DayTally, ...]
    presets: tuple[NamedTally, ...]
    groups: tuple[NamedTally, ...]
    groups_left: int
    failures: tuple[FailureCount, ...]
    reasons: tuple[ReasonCount, ...]
    stages: tuple[StageTime, ...]
