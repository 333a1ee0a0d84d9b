"""Writes `report.html` for an output folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from packshot.adapters.local.disk import whole_file
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.errors import PackshotError
from packshot.local.store import LocalDirectory
from packshot.manifests.locate import base_of, resolve_listed
from packshot.report.page import stream
from packshot.report.selection import select
from packshot.report.statistics import Statistics
from packshot.report.thumbnails import pictures_from

REPORT: Final = "report.html"
#: Thumbnails are kept, so that a page after each decision does not decode hundreds of photos again.
_THUMBNAILS: Final = ".packshot/thumbnails"
#: Codes of failed images whose source was refused or not there.
_NEVER_READ: Final = ("source_", "row_", "file_too_large")


def refresh_report(directory: LocalDirectory) -> Statistics:
    """Writes the page of the newest batch anew and returns the batch's statistics.

    Raises:
        StorageError: the folder can't be written.
    """
    batch = directory.newest_batch()

    def read_file(key: str) -> bytes | None:
        try:
            return directory.files.get(key)
        except PackshotError:
            # Somebody took the file away; the page says the rest.
            return None

    chosen = select(directory.records(batch.batch_id))
    keep = Thumbnails(directory.root / _THUMBNAILS)
    pictures = pictures_from(source_reader(batch), read_file, keep)
    with whole_file(directory.root / REPORT) as file:
        for piece in stream(batch, chosen, pictures):
            file.write(piece.encode())
    keep.prune()
    return chosen.statistics


class Thumbnails:
    """Thumbnails in a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def __call__(self, name: str, make: Callable[[], bytes | None]) -> bytes | None:
        path = self._folder / f"{name}.webp"
        self._used.add(path.name)
        if path.is_file():
            return path.read_bytes()
        made = make()
        if made is not None:
            with whole_file(path) as file:
                file.write(made)
        return made

    def prune(self) -> None:
        """Removes those that nobody has asked for: of pictures that are no more."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)


def source_reader(batch: BatchRecord) -> Callable[[ImageRecord], bytes | None]:
    """Reads the photos of a batch from this machine; what lies elsewhere is not fetched for a page."""
    # Any folder: the run has checked the roots, and what it refused is not read here either.
    base = base_of(Path(batch.base), allow_roots=(Path("/"),))

    def read(record: ImageRecord) -> bytes | None:
        if record.error is not None and record.error.code.startswith(_NEVER_READ):
            return None
        try:
            place = Path(resolve_listed(record.source, base))
            return place.read_bytes() if place.is_file() else None
        except (PackshotError, OSError):
            return None

    return read
