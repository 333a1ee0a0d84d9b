"""Small pictures that every browser shows, made once and kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from packshot.adapters.local.disk import whole_file
from packshot.report.thumbnails import thumbnail

#: Longer sides, in pixels.
SIDES: Final = {"small": 480, "large": 2048}
#: Made at once, at most: each takes a core and the memory of a photo.
_AT_ONCE: Final = 2
#: Bytes of all that are kept, about; the oldest go first.
_KEPT_BYTES: Final = 1_000_000_000


class Previews:
    """WebPs in a folder, by the hash of what they show.

    Args:
        folder: made with the first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def get(self, sha256: str, size: str, read: Callable[[], bytes | None]) -> bytes | None:
        """The preview of a picture, or None when it can't be shown.

        Args:
            sha256: of its bytes, in hex digits.
            size: `small` or `large`.
            read: gives its bytes when there is no preview yet; None when they are gone.
        """
        path = self._folder / f"{sha256[:40]}-{SIDES[size]}.webp"
        kept = _read(path)
        if kept is not None:
            return kept
        with self._room:
            kept = _read(path)
            if kept is not None:
                return kept
            data = read()
            made = thumbnail(data, SIDES[size]) if data else None
        if made is not None:
            with whole_file(path) as file:
                file.write(made)
        return made

    def prune(self) -> None:
        """Removes the oldest, down to what may be kept."""
        if not self._folder.is_dir():
            return
        with os.scandir(self._folder) as entries:
            found = sorted((one.stat().st_mtime, one.stat().st_size, one.path) for one in entries)
        size = sum(entry[1] for entry in found)
        for _, part, path in found:
            if size <= _KEPT_BYTES:
                return
            Path(path).unlink(missing_ok=True)
            size -= part


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
