"""One pass over a batch's records: everything that a summary says, in memory that does not grow with text."""

from __future__ import annotations

import heapq
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from packshot.contracts.base import ReviewReason
from packshot.contracts.records import ErrorFacts, ImageRecord
from packshot.contracts.stages import ComplianceResult
from packshot.report.words import Outcome, bad_line, outcome


def _floats() -> array[float]:
    return array("f")


@dataclass(slots=True)
class RuleTally:
    """One rule over all images: an example of its words, how many were measured, how many failed."""

    example: ComplianceResult
    measured: int = 0
    failed: int = 0


#: Bad lines of a manifest that are listed; `packshot validate` lists all.
_LINES: Final = 200


@dataclass(slots=True)
class FirstLines:
    """The first bad lines of a manifest, in its order, and how many there are."""

    count: int = 0
    codes: set[str] = field(default_factory=set)
    _heap: list[tuple[int, str, ErrorFacts]] = field(default_factory=list)

    def add(self, line: int, error: ErrorFacts) -> None:
        """Counts a line."""
        self.count += 1
        self.codes.add(error.code)
        entry = (-line, f"{error.code} {self.count}", error)
        if len(self._heap) < _LINES:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def __iter__(self) -> Iterator[tuple[int, ErrorFacts]]:
        return ((-line, error) for line, _, error in sorted(self._heap, key=lambda entry: -entry[0]))

    @property
    def left(self) -> int:
        """Lines that are not among the first ones."""
        return self.count - len(self._heap)


@dataclass(slots=True)
class Statistics:
    """What a batch came to; sizes in bytes, times in milliseconds, scores 0-100.

    Attributes:
        outcomes: images by what became of them.
        failures: failed images by error code, and one of the errors as an example;
            `varied_failures` are the codes whose errors do not all say the same.
        reasons: images to review by reason; an image may have several.
        source_bytes, main_bytes: of the images that have both, so that they compare.
        file_bytes: of all renditions, `files` of them.
        bad_lines: lines of the manifest that could not become images; they count as failed ones too.
        parts_before, parts_after: every image's score parts by name.
    """

    total: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    failure_examples: dict[str, ErrorFacts] = field(default_factory=dict)
    varied_failures: set[str] = field(default_factory=set)
    reasons: Counter[ReviewReason] = field(default_factory=Counter)
    rules: dict[str, RuleTally] = field(default_factory=dict)
    bad_lines: FirstLines = field(default_factory=FirstLines)
    scores_before: array[float] = field(default_factory=_floats)
    scores_after: array[float] = field(default_factory=_floats)
    parts_before: dict[str, array[float]] = field(default_factory=lambda: defaultdict(_floats))
    parts_after: dict[str, array[float]] = field(default_factory=lambda: defaultdict(_floats))
    stage_ms: dict[str, array[float]] = field(default_factory=lambda: defaultdict(_floats))
    source_bytes: int = 0
    main_bytes: int = 0
    file_bytes: int = 0
    files: int = 0

    def add(self, record: ImageRecord) -> None:
        """Counts one image."""
        self.total += 1
        kind = outcome(record)
        self.outcomes[kind] += 1
        if record.error is not None and kind is Outcome.FAILED:
            self.failures[record.error.code] += 1
            example = self.failure_examples.setdefault(record.error.code, record.error)
            if example.message != record.error.message:
                self.varied_failures.add(record.error.code)
            if bad_line(record):
                self.bad_lines.add(record.line, record.error)
        if kind is Outcome.REVIEW:
            self.reasons.update(record.review_reasons)
        self._add_scores(record)
        self._add_sizes(record)
        for result in record.compliance:
            tally = self.rules.setdefault(result.rule, RuleTally(result))
            tally.measured += 1
            if not result.passed:
                tally.failed += 1
                # A failing example knows what to fix.
                tally.example = result
        for stage, spent in record.timings_ms.items():
            self.stage_ms[stage].append(spent)

    def _add_scores(self, record: ImageRecord) -> None:
        # Only pairs: a median over other images would compare apples with pears.
        if record.score_before is None or record.score_after is None:
            return
        self.scores_before.append(record.score_before)
        self.scores_after.append(record.score_after)
        for name, value in record.score_parts_before.items():
            self.parts_before[name].append(value)
        for name, value in record.score_parts.items():
            self.parts_after[name].append(value)

    def _add_sizes(self, record: ImageRecord) -> None:
        main = next((file for file in record.renditions if file.name == "main"), None)
        if main is not None and record.source_bytes:
            self.source_bytes += record.source_bytes
            self.main_bytes += main.bytes
        self.files += len(record.renditions)
        self.file_bytes += sum(file.bytes for file in record.renditions)

    def failing_rules_first(self) -> list[RuleTally]:
        """Rules: failed required ones, failed advised ones, then those that all images hold."""

        def rank(tally: RuleTally) -> tuple[bool, bool, float, str]:
            advised = tally.example.level != "required"
            return (not tally.failed, advised, -tally.failed / max(tally.measured, 1), tally.example.rule)

        return sorted(self.rules.values(), key=rank)


def gather(records: Iterable[ImageRecord]) -> Statistics:
    """The statistics of all records."""
    result = Statistics()
    for record in records:
        result.add(record)
    return result


def median(values: Sequence[float]) -> float | None:
    """The median, or None of nothing."""
    return statistics.median(values) if len(values) else None
