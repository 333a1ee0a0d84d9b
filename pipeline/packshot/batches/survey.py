"""A first pass over a list of photos: the batch as it would be claimed, before anything is written."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from packshot.batches.plan import BadRow, plan
from packshot.batches.row_rules import EVERY_ROW, RowRules
from packshot.contracts.base import Status
from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.errors import ManifestError
from packshot.manifests.source import Manifest


@dataclass(frozen=True, slots=True)
class Survey:
    """A first pass over the manifest: the batch as it would be claimed, and how to go over its rows."""

    batch: BatchRecord
    row_errors: tuple[RowError, ...]
    planned: Callable[[BatchSettings], Iterator[ImageTask | BadRow]]

    def rows(self, settings: BatchSettings) -> Iterator[ManifestRow | RowError]:
        """The rows as they were judged, to be handed on: good ones, and the errors of bad ones."""
        for item in self.planned(settings):
            if isinstance(item, ImageTask):
                yield item.row
            else:
                yield from item.errors


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a list is taken: which rows, how many of them, and whether a bad one refuses the list."""

    rules: RowRules = EVERY_ROW
    limit: int | None = None
    strict: bool = False

    @property
    def words(self) -> str:
        """Tells one choice from another, for a batch's id."""
        return f"limit {self.limit}{self.rules.digest()}"


def survey_rows(
    manifest: Manifest,
    settings: BatchSettings,
    taken: Taken,
    *,
    batch_id: str,
    source: str,
    now: dt.datetime,
) -> Survey:
    """Counts the rows and judges each.

    Args:
        manifest: the list, opened.
        settings: of the batch.
        taken: what of the list is taken.
        batch_id: the batch's.
        source: how the list is called in its record.
        now: when it was asked for.

    Raises:
        ManifestError: manifest_empty; manifest_rows_invalid when no row can be used or, with `strict`,
            any can't. Its details hold all `row_errors`.
    """

    def planned(settings: BatchSettings) -> Iterator[ImageTask | BadRow]:
        rows = taken.rules.applied(manifest.rows_for(settings.preset))
        return itertools.islice(plan(rows, batch_id, settings, manifest.resolve), taken.limit)

    total, errors = 0, list[RowError]()
    bad = 0
    for item in planned(settings):
        total += 1
        if isinstance(item, BadRow):
            bad += 1
            errors.extend(item.errors)
    if total == 0:
        raise ManifestError("manifest_empty")
    if bad == total or (bad and taken.strict):
        raise ManifestError(
            "manifest_rows_invalid",
            count=bad,
            line=errors[0].line,
            reason=errors[0].message,
            row_errors=tuple(errors),
        )
    batch = BatchRecord(
        batch_id=batch_id,
        status=Status.PENDING,
        manifest=source,
        base=manifest.base.place,
        settings=settings,
        total=total,
        rejected_rows=bad,
        created_at=now,
    )
    return Survey(batch, tuple(errors), planned)
