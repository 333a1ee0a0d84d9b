"""Prepared references of an output folder: which are ready, and keeping a new one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import packshot
from packshot.adapters.fetch_files import FileReader
from packshot.adapters.local.workspace import FolderWorkspace
from packshot.batches.fingerprint import reference_fingerprint, settings_hash
from packshot.batches.plan import BadRow, Resolve, effective_reference, reference_task
from packshot.contracts import ids
from packshot.contracts.records import BatchRecord
from packshot.contracts.task import ImageTask
from packshot.errors import PackshotError
from packshot.local.store import LocalDirectory

#: Written last into a reference's folder: what it was made from.
_READY: Final = "ready.json"


@dataclass(frozen=True, slots=True)
class References:
    """How the batch's references came out: the fingerprint of each, None for one that can't be used."""

    prepared: Mapping[str, str | None]

    def applied_to(self, task: ImageTask) -> ImageTask:
        """The task, told when its reference is of no use."""
        unusable = task.reference_id is not None and self.prepared.get(task.reference_id) is None
        return task.model_copy(update={"reference_unusable": unusable}) if unusable else task

    def fact(self, task: ImageTask) -> str | None:
        """What of the reference goes into the task's fingerprint."""
        if task.reference_id is None:
            return None
        return self.prepared.get(task.reference_id) or "unusable"


def references_of(
    planned: Iterable[ImageTask | BadRow], batch: BatchRecord, directory: LocalDirectory | None
) -> dict[str, str]:
    """The references that a batch's images name: their sources as written, by id.

    Those set by hand for an image in an earlier run (looked up in `directory`) belong to them,
    though its row does not say so.
    """
    found: dict[str, str] = {}
    for task in planned:
        if isinstance(task, ImageTask) and task.reference_id is not None:
            written = effective_reference(task.row, task.overrides, batch.settings)
            if written:
                found.setdefault(task.reference_id, written)
    for record in directory.table.set_by_hand() if directory else ():
        if record.overrides.reference:
            found.setdefault(ids.reference_id(record.overrides.reference), record.overrides.reference)
    return found


@dataclass(slots=True)
class Preparation:
    """The references of one run.

    Args:
        directory: the output folder.
        batch: the batch.
        resolve: sources as written to places.
        roots: folders that local photos may lie under.
        model_sha256: of the batch's background network.
    """

    directory: LocalDirectory
    batch: BatchRecord
    resolve: Resolve
    roots: tuple[Path, ...]
    model_sha256: str
    _prepared: dict[str, str | None] = field(default_factory=dict)

    def missing(self, references: Mapping[str, str]) -> Iterator[ImageTask]:
        """Tasks for those that no earlier run has prepared from what lies there now."""
        for reference_id, written in sorted(references.items()):
            try:
                task = reference_task(written, self.batch.batch_id, self.resolve)
            except PackshotError:
                self._prepared[reference_id] = None
                continue
            self._prepared[reference_id] = self._ready(task)
            if self._prepared[reference_id] is None:
                yield task

    def keep(self, reference_id: str, source_sha256: str | None) -> None:
        """Marks a reference as prepared from a source of this hash."""
        now = self._fingerprint(source_sha256)
        workspace = self._workspace(reference_id)
        facts = {"fingerprint": now, "source_sha256": source_sha256, "sizes": workspace.sizes()}
        workspace.put_bytes(_READY, json.dumps(facts).encode())
        self._prepared[reference_id] = now

    @property
    def result(self) -> References:
        """How all of them came out."""
        return References(self._prepared)

    def _ready(self, task: ImageTask) -> str | None:
        workspace = self._workspace(task.image_id)
        if not workspace.has(_READY):
            return None
        try:
            kept: dict[str, Any] = json.loads(workspace.get_bytes(_READY))
        except ValueError:
            # A power cut took its bytes, as it may take those of the files beside it.
            return None
        if kept.get("sizes") != {name: size for name, size in workspace.sizes().items() if name != _READY}:
            return None
        remote = "://" in task.source
        reader = FileReader(self.roots)
        sha256 = kept["source_sha256"] if remote else self.directory.sources.sha256(Path(task.source), reader)
        now = self._fingerprint(sha256)
        return now if now == kept["fingerprint"] else None

    def _workspace(self, reference_id: str) -> FolderWorkspace:
        return FolderWorkspace(self.directory.references / reference_id)

    def _fingerprint(self, sha256: str | None) -> str:
        return reference_fingerprint(
            settings_hash=settings_hash(self.batch.settings),
            source_sha256=sha256,
            model_sha256=self.model_sha256,
            code_version=packshot.__version__,
        )
