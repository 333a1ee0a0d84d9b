"""Numbers for the page's charts; the template draws them as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packshot import workflow
from packshot.report.statistics import Statistics, median
from packshot.report.words import STAGES, plain

_BINS = 20


@dataclass(frozen=True, slots=True)
class Bin:
    """Images with a score in [low, low + 5): how many before and after, and heights 0-100 for drawing."""

    low: int
    before: int
    after: int
    before_height: float
    after_height: float


def histogram(statistics: Statistics) -> list[Bin]:
    """Scores before and after in steps of five; a full score belongs to the last bin."""
    before = _binned(statistics.scores_before)
    after = _binned(statistics.scores_after)
    top = max([*before, *after, 1])
    width = 100 // _BINS
    return [
        Bin(index * width, b, a, round(100 * b / top, 2), round(100 * a / top, 2))
        for index, (b, a) in enumerate(zip(before, after, strict=True))
    ]


def _binned(scores: Sequence[float]) -> list[int]:
    counts = [0] * _BINS
    for value in scores:
        counts[min(max(int(value * _BINS / 100), 0), _BINS - 1)] += 1
    return counts


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage: the median milliseconds of an image, and its share of all the time spent, 0-100."""

    title: str
    median_ms: float
    share: float


def stage_times(statistics: Statistics) -> list[StageTime]:
    """Time per stage in the workflow's order; what is timed besides the stages comes last."""
    totals = {name: sum(spent) for name, spent in statistics.stage_ms.items()}
    whole = sum(totals.values())
    if not whole:
        return []
    known = [name for name in workflow.STAGE_NAMES if name in totals]
    names = known + sorted(set(totals) - set(known))
    return [
        StageTime(
            STAGES.get(name, plain(name)),
            median(statistics.stage_ms[name]) or 0.0,
            round(100 * totals[name] / whole, 2),
        )
        for name in names
    ]


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of the score, medians 0-100; `before` is None where sources have no such part."""

    title: str
    before: float | None
    after: float


def part_changes(statistics: Statistics) -> list[PartChange]:
    """Medians of each part of the score, those with a before first, in the score's own order."""
    rows = []
    for name, values in statistics.parts_after.items():
        after = median(values)
        if after is not None:
            rows.append(PartChange(plain(name), median(statistics.parts_before.get(name, ())), after))
    return sorted(rows, key=lambda row: row.before is None)
