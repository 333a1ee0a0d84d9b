"""Which images of a batch need work: all but those whose finished result is still right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import packshot
from packshot.adapters.fetch_files import FileReader
from packshot.batches.again import adopt, find_earlier
from packshot.batches.fingerprint import fingerprint, settings_hash, still_right
from packshot.batches.plan import BadRow, Resolve, image_task
from packshot.batches.record import FINAL, record_bad_row
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import ImageTask, Overrides, effective_model
from packshot.delivery import in_place, preset_of, settle
from packshot.local.references import References
from packshot.local.store import LocalDirectory


@dataclass(frozen=True, slots=True)
class Reused:
    """An image whose earlier result stands; or a line that is none, `refused` only now."""

    record: ImageRecord
    refused: bool = False


class Feed:
    """Looks at each planned image and decides: reuse, take over from an earlier batch, or work.

    Args:
        directory: the output folder.
        batch: the batch.
        references: how its references came out.
        resolve: sources as written to places.
        roots: folders that local photos may lie under.
        model_sha256: of a background network's file, by name.
        clock: UTC now.
        dry: look only; nothing is written.
    """

    def __init__(
        self,
        directory: LocalDirectory,
        batch: BatchRecord,
        references: References,
        resolve: Resolve,
        roots: tuple[Path, ...],
        model_sha256: Callable[[str], str],
        clock: Callable[[], dt.datetime],
        *,
        dry: bool = False,
    ) -> None:
        self._directory = directory
        self._batch = batch
        self._references = references
        self._resolve = resolve
        self._reader = FileReader(roots)
        self._model_sha256 = model_sha256
        self._clock = clock
        self._dry = dry
        self._settings_hash = settings_hash(batch.settings)

    def decide(self, planned: Iterable[ImageTask | BadRow]) -> Iterator[ImageTask | Reused]:
        """One item per planned image, in order; streams."""
        for item in planned:
            yield self._bad_row(item) if isinstance(item, BadRow) else self._decide(item)

    def everything(self, planned: Iterable[ImageTask | BadRow]) -> Iterator[ImageTask | Reused]:
        """All tasks, whatever was finished before: a retry, a rework."""
        return (self._references.applied_to(task) for task in planned if isinstance(task, ImageTask))

    def fingerprint(self, task: ImageTask, source_sha256: str | None) -> str:
        """Of a task, given its source's hash."""
        return fingerprint(
            task,
            settings_hash=self._settings_hash,
            source_sha256=source_sha256,
            model_sha256=self._model_sha256(effective_model(task, self._batch.settings)),
            reference=self._references.fact(task),
            code_version=packshot.__version__,
        )

    def _decide(self, task: ImageTask) -> ImageTask | Reused:
        table = self._directory.table
        own = table.get_image(task.batch_id, task.image_id)
        known = own
        if own is None or own.superseded_by is not None:
            known = find_earlier(task, self._batch.settings.preset.name, table) or own
        if known is None:
            return self._references.applied_to(task)
        # What a person set by hand for this image stays set.
        again = self._references.applied_to(
            image_task(
                task.batch_id,
                task.row,
                self._batch.settings,
                self._resolve,
                revision=known.revision,
                overrides=self._set_by_hand(known),
            )
        )
        if known.status in FINAL and self._stands(known, again):
            return Reused(self._take(known, again))
        return again.model_copy(update={"revision": _next_revision(own)})

    def _set_by_hand(self, known: ImageRecord) -> Overrides:
        """Where the product lies in the photo holds for each preset; what is made of it does not."""
        if preset_of(known) == self._batch.settings.preset.name:
            return known.overrides
        return known.overrides.model_copy(
            update={"mode": None, "background": None, "target_size_kb": None, "model": None}
        )

    def _stands(self, known: ImageRecord, task: ImageTask) -> bool:
        sha256 = self._source_sha256(task, known)
        if not still_right(known, self.fingerprint(task, sha256)):
            return False
        if known.status is Status.FAILED or in_place(known, self._directory.files):
            return True
        return not self._dry and self._settled(known)

    def _settled(self, known: ImageRecord) -> bool:
        """Mends a decision that was cut off; files that were removed or cut short are made again."""
        # In a unit, since somebody may be deciding on this image right now.
        with self._directory.unit():
            newest = self._directory.table.get_image(known.batch_id, known.image_id, known.revision)
            return newest is not None and settle(newest, self._directory.files)

    def _source_sha256(self, task: ImageTask, known: ImageRecord) -> str | None:
        # A web address is taken at its word within one output folder: asking again would cost a download
        # of each photo. --fresh reads them anew.
        if "://" in task.source:
            return known.source_sha256
        return self._directory.sources.sha256(Path(task.source), self._reader)

    def _take(self, known: ImageRecord, task: ImageTask) -> ImageRecord:
        directory = self._directory
        if self._dry:
            return known
        if known.batch_id != task.batch_id:
            return adopt(known, self._batch, task.row.line, directory.table, self._clock())
        return known

    def _bad_row(self, bad: BadRow) -> Reused:
        directory, batch = self._directory, self._batch
        known = directory.table.get_image(batch.batch_id, bad.image_id)
        if known is not None:
            return Reused(known)
        refused = record_bad_row(
            bad,
            batch.batch_id,
            batch.settings,
            table=directory.table,
            files=directory.files,
            publish=directory.publish,
            now=self._clock(),
        )
        return Reused(refused, refused=True)


def _next_revision(own: ImageRecord | None) -> int:
    if own is None:
        return 0
    # An attempt that was cut off goes on under its own number.
    return own.revision + 1 if own.status in FINAL else own.revision
