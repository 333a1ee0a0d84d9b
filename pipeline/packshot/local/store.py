"""An output folder opened: its job table, files and events.

DIR/catalogue/  DIR/review/     finished pictures
DIR/results.jsonl  results.csv  events.jsonl  report.html
DIR/packshot.sqlite             the job table
DIR/.packshot/                  the lock, prepared references, files between worker and place
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from packshot.adapters.local.database import Database
from packshot.adapters.local.disk import PARTIAL, translated
from packshot.adapters.local.events import EventLog
from packshot.adapters.local.files import FolderStore
from packshot.adapters.local.lock import FolderLock
from packshot.adapters.local.sources import SourceHashes
from packshot.adapters.local.table import SqliteJobTable
from packshot.batches.summarise import all_images
from packshot.contracts.events import Event
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.delivery import CATALOGUE, REVIEW, remove_leftovers
from packshot.errors import PackshotError, SettingsError
from packshot.local.results import write_results

TABLE: Final = "packshot.sqlite"
PRIVATE: Final = ".packshot"
_NEWEST: Final = "newest_batch"
#: What a run writes beside the pictures, and writes anew each time.
MADE: Final = ("results.jsonl", "results.csv", "events.jsonl", "report.html")


@dataclass(frozen=True, slots=True)
class LocalDirectory:
    """One output folder. Use it as a context manager, so that the table is closed and events are flushed.

    Attributes:
        root: the folder.
        database: the file behind `table`.
        table, files: the ports that the use cases ask for; `publish` is the third.
        events: the log behind `publish`.
        sources: remembered hashes of source files.
        staging_name: of the folder in which workers leave files. Who works beside a run has its own.
    """

    root: Path
    database: Database
    table: SqliteJobTable
    files: FolderStore
    events: EventLog
    sources: SourceHashes
    staging_name: str = "staging"

    def publish(self, event: Event) -> None:
        """Keeps an event for events.jsonl."""
        self.events.publish(event)

    def unit(self) -> AbstractContextManager[None]:
        """What is written to `table` and published inside stands wholly or not at all."""
        return self.table.unit()

    def newest_batch(self) -> BatchRecord:
        """The batch that ran last; `SettingsError("directory_unknown")` when there is none."""
        batch_id = self.database.get_meta(_NEWEST)
        batch = self.table.get_batch(batch_id) if batch_id else None
        if batch is None:
            raise SettingsError("directory_unknown", directory=str(self.root))
        return batch

    def batch(self, batch_id: str | None) -> BatchRecord:
        """A batch (None: the newest); `SettingsError("directory_unknown")` when there is none."""
        if batch_id is None:
            return self.newest_batch()
        batch = self.table.get_batch(batch_id)
        if batch is None:
            raise SettingsError("directory_unknown", directory=str(self.root))
        return batch

    def set_newest_batch(self, batch_id: str) -> None:
        """Makes a batch the one that the other commands speak of."""
        self.database.set_meta(_NEWEST, batch_id)

    def records(self, batch_id: str | None = None) -> Iterator[ImageRecord]:
        """Newest revisions of a batch's images (None: of the newest batch), sorted by image_id, streamed."""
        yield from all_images(self.table, batch_id or self.newest_batch().batch_id)

    def write_results(self) -> None:
        """Writes results.jsonl and results.csv anew from the table; after reviews, for example."""
        write_results(self.root, self.records())

    @property
    def staging(self) -> Path:
        """Where workers leave finished files; one folder per run."""
        return self.root / PRIVATE / self.staging_name

    def new_staging(self) -> Path:
        """A folder in it for a new run: a killed one's last worker must not write where this one reads."""
        folder = self.staging / secrets.token_hex(6)
        with translated(folder):
            folder.mkdir(parents=True)
            # Never empty, or it would go with its last file.
            (folder / "in-use").touch()
        return folder

    @property
    def references(self) -> Path:
        """Prepared references, one folder each."""
        return self.root / PRIVATE / "references"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Flushes events.jsonl and closes the table."""
        try:
            self.events.flush(durable=True)
        finally:
            self.database.close()


def open_directory(out: Path) -> LocalDirectory:
    """Opens an output folder that a run has made; reading and reviews work while a run is on.

    Raises:
        SettingsError: directory_unknown.
        StorageError: store_corrupt, output_not_writable.
    """
    if not (out / TABLE).is_file():
        raise SettingsError("directory_unknown", directory=str(out))
    return open_or_make(out)


def open_or_make(out: Path) -> LocalDirectory:
    """Opens an output folder, and makes what it lacks; errors as `open_directory`."""
    with translated(out):
        out.mkdir(parents=True, exist_ok=True)
    out = out.resolve()
    database = Database(out / TABLE)
    return LocalDirectory(
        root=out,
        database=database,
        table=SqliteJobTable(database),
        files=FolderStore(out),
        events=EventLog(database, out / "events.jsonl"),
        sources=SourceHashes(database),
    )


def lock(out: Path) -> FolderLock:
    """To be held by whoever runs batches in the folder; see `FolderLock`."""
    return FolderLock(out.resolve() / PRIVATE / "lock")


def remove_results(out: Path) -> None:
    """Forgets all results of a folder: removes what Packshot wrote there, and nothing else.

    Of a job table that can't be read the pictures are not known, so they stay; the new run's
    replace those of their names.

    Raises:
        StorageError: output_not_writable.
    """
    out = out.resolve()
    if (out / TABLE).is_file():
        _remove_pictures(out)
    with translated(out):
        for name in (*MADE, *(TABLE + ending for ending in ("", "-wal", "-shm", "-journal"))):
            (out / name).unlink(missing_ok=True)
        for folder in ("staging", "references"):
            shutil.rmtree(out / PRIVATE / folder, ignore_errors=True)


def remove_scraps(directory: LocalDirectory) -> None:
    """Removes what a killed run left half-done; only for the holder of the lock."""
    shutil.rmtree(directory.staging, ignore_errors=True)
    with translated(directory.root):
        for scrap in directory.root.glob(f"{PARTIAL}*"):
            scrap.unlink(missing_ok=True)


def _remove_pictures(out: Path) -> None:
    try:
        with open_or_make(out) as directory:
            for record in directory.table.everything():
                remove_leftovers((record,), frozenset(), directory.files)
    except PackshotError as error:
        if error.code != "store_corrupt":
            raise
    for folder in (CATALOGUE, REVIEW):
        _remove_if_empty(out / folder)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        with translated(folder):
            folder.rmdir()
