"""An output folder opened: its job table, files and events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.ports import JobTable, ObjectStore, Publish


@dataclass(frozen=True, slots=True)
class LocalDirectory:
    """One output folder. Use it as a context manager, so that the table is closed and events are flushed.

    Attributes:
        root: the folder.
        table, files, publish: the ports that the use cases ask for.
    """

    root: Path
    table: JobTable
    files: ObjectStore
    publish: Publish

    def unit(self) -> AbstractContextManager[None]:
        """What is written to `table` and published inside stands wholly or not at all; wrap each decision."""
        raise NotImplementedError

    def newest_batch(self) -> BatchRecord:
        """The batch that ran last; `SettingsError("directory_unknown")` when there is none."""
        raise NotImplementedError

    def records(self, batch_id: str | None = None) -> Iterator[ImageRecord]:
        """Newest revisions of a batch's images (None: of the newest batch), sorted by image_id, streamed."""
        raise NotImplementedError

    def write_results(self) -> None:
        """Writes results.jsonl and results.csv anew from the table; after reviews, for example."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Flushes events.jsonl and closes the table."""
        raise NotImplementedError


def open_directory(out: Path) -> LocalDirectory:
    """Opens an output folder that a run has made; reading and reviews work while a run is on.

    Raises:
        SettingsError: directory_unknown.
        StorageError: store_corrupt, output_not_writable.
    """
    raise NotImplementedError
