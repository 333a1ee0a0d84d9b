"""Sums over images that can be added up: of a batch by product group, of days, of presets."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pydantic import BaseModel, Field

from packshot.api.models.overview import (
    DayTally,
    FailureCount,
    NamedTally,
    Overview,
    ReasonCount,
    StageTime,
    Tally,
)
from packshot.api.window import Window
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.records import ImageRecord

#: Product groups that are kept apart in one batch, and that an overview lists.
MOST_GROUPS: Final = 1000
LISTED_GROUPS: Final = 100
#: What the groups beyond are called.
OTHERS: Final = "(others)"


class Sum(BaseModel):
    """Sums over some images; scores are of images that have both."""

    counts: Counter[str] = Field(default_factory=Counter)
    scored: int = 0
    score_before: float = 0.0
    score_after: float = 0.0
    source_bytes: int = 0
    main_bytes: int = 0

    def add(self, image: ImageRecord) -> None:
        """Adds one image."""
        self.counts["images"] += 1
        self.counts[image.status.value] += 1
        if image.status is Status.COMPLETED:
            self.counts[image.qc_status.value] += 1
        if image.score_before is not None and image.score_after is not None:
            self.scored += 1
            self.score_before += image.score_before
            self.score_after += image.score_after
        main = next((one for one in image.renditions if one.name == "main"), None)
        if main is not None and image.source_bytes:
            self.source_bytes += image.source_bytes
            self.main_bytes += main.bytes

    def merge(self, other: Sum) -> None:
        """Adds another sum."""
        self.counts.update(other.counts)
        self.scored += other.scored
        self.score_before += other.score_before
        self.score_after += other.score_after
        self.source_bytes += other.source_bytes
        self.main_bytes += other.main_bytes

    def view(self) -> Tally:
        """As it goes out."""
        counts = self.counts
        completed = counts[Status.COMPLETED.value]
        reviewed = sum(
            counts[one.value] for one in (QcStatus.NEEDS_REVIEW, QcStatus.APPROVED, QcStatus.REJECTED)
        )
        return Tally(
            images=counts["images"],
            completed=completed,
            failed=counts[Status.FAILED.value],
            auto_approved=counts[QcStatus.AUTO_APPROVED.value],
            needs_review=counts[QcStatus.NEEDS_REVIEW.value],
            approved=counts[QcStatus.APPROVED.value],
            rejected=counts[QcStatus.REJECTED.value],
            reviewed=reviewed,
            review_rate=round(reviewed / completed, 4) if completed else None,
            score_before=round(self.score_before / self.scored, 2) if self.scored else None,
            score_after=round(self.score_after / self.scored, 2) if self.scored else None,
            source_bytes=self.source_bytes,
            main_bytes=self.main_bytes,
            bytes_saved=self.source_bytes - self.main_bytes,
        )


class BatchSums(BaseModel):
    """What one batch came to.

    Attributes:
        groups: by product group; beyond the first thousand under one name.
        failures: failed images by code; examples: one sentence of each.
        stages: images and milliseconds by stage.
    """

    batch_id: str
    preset: str
    created_at: dt.datetime
    groups: dict[str, Sum] = Field(default_factory=dict)
    failures: Counter[str] = Field(default_factory=Counter)
    examples: dict[str, str] = Field(default_factory=dict)
    reasons: Counter[str] = Field(default_factory=Counter)
    stages: dict[str, tuple[int, float]] = Field(default_factory=dict)

    def add(self, image: ImageRecord) -> None:
        """Adds one image."""
        name = image.product_group_id or OTHERS
        if name not in self.groups and len(self.groups) >= MOST_GROUPS:
            name = OTHERS
        self.groups.setdefault(name, Sum()).add(image)
        if image.status is Status.FAILED and image.error is not None:
            self.failures[image.error.code] += 1
            self.examples.setdefault(image.error.code, image.error.message)
        if image.qc_status is QcStatus.NEEDS_REVIEW and image.superseded_by is None:
            self.reasons.update(reason.value for reason in image.review_reasons)
        for stage, spent in image.timings_ms.items():
            images, total = self.stages.get(stage, (0, 0.0))
            self.stages[stage] = (images + 1, total + spent)


def overview_of(window: Window, batches: Iterable[BatchSums]) -> Overview:
    """The sums of several batches as an overview."""
    total = Sum()
    days: defaultdict[dt.date, Sum] = defaultdict(Sum)
    presets: defaultdict[str, Sum] = defaultdict(Sum)
    groups: defaultdict[str, Sum] = defaultdict(Sum)
    failures: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    stages: dict[str, tuple[int, float]] = {}
    number = 0
    for batch in batches:
        number += 1
        for name, one in batch.groups.items():
            for into in (total, days[batch.created_at.date()], presets[batch.preset], groups[name]):
                into.merge(one)
        failures.update(batch.failures)
        reasons.update(batch.reasons)
        examples |= {code: text for code, text in batch.examples.items() if code not in examples}
        for stage, (images, spent) in batch.stages.items():
            seen, before = stages.get(stage, (0, 0.0))
            stages[stage] = (seen + images, before + spent)
    listed = sorted(groups.items(), key=lambda item: (-item[1].counts["images"], item[0]))
    return Overview(
        since=window.since,
        until=window.until,
        batches=number,
        total=total.view(),
        days=tuple(DayTally(day=day, tally=one.view()) for day, one in sorted(days.items())),
        presets=_named(sorted(presets.items())),
        groups=_named(listed[:LISTED_GROUPS]),
        groups_left=max(0, len(listed) - LISTED_GROUPS),
        failures=tuple(
            FailureCount(code=code, images=images, example=examples[code])
            for code, images in failures.most_common()
        ),
        reasons=tuple(
            ReasonCount(reason=ReviewReason(name), images=images) for name, images in reasons.most_common()
        ),
        stages=tuple(_stage_times(stages)),
    )


def _named(items: Iterable[tuple[str, Sum]]) -> tuple[NamedTally, ...]:
    return tuple(NamedTally(name=name, tally=one.view()) for name, one in items)


def _stage_times(stages: Mapping[str, tuple[int, float]]) -> Iterator[StageTime]:
    for stage, (images, spent) in stages.items():
        yield StageTime(
            stage=stage, images=images, mean_ms=round(spent / images, 1), total_ms=round(spent, 1)
        )
