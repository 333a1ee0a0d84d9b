"""Sums over a batch: what an overview is made of, without reading its images again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from pydantic import BaseModel, Field

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import BatchRecord, ImageRecord

#: Product groups that are kept apart in one batch.
MOST_GROUPS: Final = 1000
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


class Sums(BaseModel):
    """What some of a batch's images came to.

    Attributes:
        groups: by product group; beyond the first thousand under one name.
        failures: failed images by code; examples: one sentence of each.
        stages: images and milliseconds by stage.
    """

    groups: dict[str, Sum] = Field(default_factory=dict)
    failures: Counter[str] = Field(default_factory=Counter)
    examples: dict[str, str] = Field(default_factory=dict)
    reasons: Counter[str] = Field(default_factory=Counter)
    stages: dict[str, tuple[int, float]] = Field(default_factory=dict)

    def add(self, image: ImageRecord) -> None:
        """Adds one image."""
        self._group(image.product_group_id or OTHERS).add(image)
        if image.status is Status.FAILED and image.error is not None:
            self.failures[image.error.code] += 1
            self.examples.setdefault(image.error.code, image.error.message)
        if image.qc_status is QcStatus.NEEDS_REVIEW and image.superseded_by is None:
            self.reasons.update(reason.value for reason in image.review_reasons)
        for stage, spent in image.timings_ms.items():
            self._spend(stage, 1, spent)

    def merge(self, other: Sums) -> None:
        """Adds those of other images of the batch."""
        for name, one in other.groups.items():
            self._group(name).merge(one)
        self.failures.update(other.failures)
        self.reasons.update(other.reasons)
        self.examples = other.examples | self.examples
        for stage, (images, spent) in other.stages.items():
            self._spend(stage, images, spent)

    def _group(self, name: str) -> Sum:
        if name not in self.groups and len(self.groups) >= MOST_GROUPS:
            name = OTHERS
        return self.groups.setdefault(name, Sum())

    def _spend(self, stage: str, images: int, spent: float) -> None:
        seen, before = self.stages.get(stage, (0, 0.0))
        self.stages[stage] = (seen + images, before + spent)


class BatchSums(Sums):
    """What one batch came to."""

    batch_id: str
    preset: str
    created_at: dt.datetime

    @classmethod
    def of(cls, batch: BatchRecord) -> BatchSums:
        """Of no image of a batch yet."""
        return cls(batch_id=batch.batch_id, preset=batch.settings.preset.name, created_at=batch.created_at)
