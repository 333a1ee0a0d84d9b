"""SHA-256 of source files, remembered while size, time of change and inode stay the same."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from packshot.adapters.fetch_files import FileReader
from packshot.adapters.local.database import Database
from packshot.errors import SourceError

#: A file changed this recently may change again within the clock's tick, unseen; it is not remembered.
_SETTLED_NS = 2_000_000_000


class SourceHashes:
    """What makes "run again" cheap: 100,000 unchanged photos are looked at, not read."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sha256(self, path: Path, reader: FileReader) -> str | None:
        """Hex digest of the file as `reader` would read it, or None when it would not."""
        try:
            found = path.stat()
            key = (str(path), found.st_size, found.st_mtime_ns, found.st_ino)
            known = self._db.rows(
                "SELECT sha256 FROM sources WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ?", key
            )
            if known:
                return str(known[0][0])
            with reader.opened(str(path)) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, SourceError):
            # The stage that reads it says what is wrong with it.
            return None
        self._keep(path, found, digest)
        return digest

    def remember(self, path: Path, before: os.stat_result, digest: str) -> None:
        """Keeps the digest of a file that was read while it looked like `before`."""
        try:
            after = path.stat()
        except OSError:
            return
        if (after.st_size, after.st_mtime_ns, after.st_ino) == (
            before.st_size,
            before.st_mtime_ns,
            before.st_ino,
        ):
            self._keep(path, after, digest)

    def _keep(self, path: Path, found: os.stat_result, digest: str) -> None:
        if time.time_ns() - found.st_mtime_ns < _SETTLED_NS:
            return
        self._db.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)",
            (str(path), found.st_size, found.st_mtime_ns, found.st_ino, digest),
        )
