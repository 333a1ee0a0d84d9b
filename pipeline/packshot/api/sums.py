"""An overview, from the sums of batches: by day, by preset, by product group."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

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
from packshot.batches.sums import BatchSums, Sum
from packshot.contracts.base import QcStatus, ReviewReason, Status

#: Product groups that an overview lists.
LISTED_GROUPS: Final = 100


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
        total=_tally(total),
        days=tuple(DayTally(day=day, tally=_tally(one)) for day, one in sorted(days.items())),
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
    return tuple(NamedTally(name=name, tally=_tally(one)) for name, one in items)


def _stage_times(stages: Mapping[str, tuple[int, float]]) -> Iterator[StageTime]:
    for stage, (images, spent) in stages.items():
        yield StageTime(
            stage=stage, images=images, mean_ms=round(spent / images, 1), total_ms=round(spent, 1)
        )


def _tally(one: Sum) -> Tally:
    """As it goes out."""
    counts = one.counts
    completed = counts[Status.COMPLETED.value]
    reviewed = sum(
        counts[status.value] for status in (QcStatus.NEEDS_REVIEW, QcStatus.APPROVED, QcStatus.REJECTED)
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
        score_before=round(one.score_before / one.scored, 2) if one.scored else None,
        score_after=round(one.score_after / one.scored, 2) if one.scored else None,
        source_bytes=one.source_bytes,
        main_bytes=one.main_bytes,
        bytes_saved=one.source_bytes - one.main_bytes,
    )
