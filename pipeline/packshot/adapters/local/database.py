"""The SQLite file of an output folder: connection, schema, transactions, errors as ours."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from packshot.errors import PackshotError, StorageError, StoreUnavailableError

SCHEMA_VERSION: Final = 1

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE batches (batch_id TEXT PRIMARY KEY, created_at TEXT NOT NULL, json TEXT NOT NULL);
CREATE INDEX batches_by_age ON batches (created_at DESC, batch_id);
CREATE TABLE images (
    batch_id TEXT NOT NULL, image_id TEXT NOT NULL, revision INTEGER NOT NULL,
    version INTEGER NOT NULL, status TEXT NOT NULL, qc_status TEXT NOT NULL, sku_id TEXT NOT NULL,
    superseded INTEGER NOT NULL, updated_at TEXT NOT NULL, json TEXT NOT NULL
);
CREATE UNIQUE INDEX images_by_key ON images (batch_id, image_id, revision DESC);
CREATE INDEX images_by_sku ON images (sku_id, image_id, batch_id) WHERE superseded = 0;
CREATE INDEX images_to_review ON images (updated_at, batch_id, image_id)
    WHERE superseded = 0 AND qc_status = 'needs_review';
CREATE TABLE reviews (
    batch_id TEXT NOT NULL, image_id TEXT NOT NULL, at TEXT NOT NULL, action TEXT NOT NULL,
    json TEXT NOT NULL, PRIMARY KEY (batch_id, image_id, at, action)
) WITHOUT ROWID;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, json TEXT NOT NULL
);
CREATE TABLE sources (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


#: What came later; older folders get it when they are opened.
#: tallies: newest revisions by batch and state, counted while they are written, by whichever process
#: writes. A look at a big batch's counts must not read all of its images, nor must one for a few of them.
_ADDED: Final = (
    "CREATE INDEX images_by_status ON images (batch_id, status, image_id)",
    "CREATE INDEX images_by_qc_status ON images (batch_id, qc_status, image_id)",
    "CREATE INDEX images_by_batch_sku ON images (batch_id, sku_id, image_id)",
    """CREATE TABLE tallies (
    batch_id TEXT NOT NULL, status TEXT NOT NULL, qc_status TEXT NOT NULL, images INTEGER NOT NULL,
    PRIMARY KEY (batch_id, status, qc_status)
) WITHOUT ROWID""",
    """INSERT INTO tallies SELECT batch_id, status, qc_status, count(*) FROM images WHERE revision = (
    SELECT max(revision) FROM images newer
    WHERE newer.batch_id = images.batch_id AND newer.image_id = images.image_id
) GROUP BY batch_id, status, qc_status""",
    # An earlier revision than the newest counts for nothing, whenever it is written.
    """CREATE TRIGGER tally_new AFTER INSERT ON images WHEN NOT EXISTS (
    SELECT 1 FROM images
    WHERE batch_id = NEW.batch_id AND image_id = NEW.image_id AND revision > NEW.revision
) BEGIN
    UPDATE tallies SET images = images - 1 WHERE (batch_id, status, qc_status) = (
        SELECT batch_id, status, qc_status FROM images
        WHERE batch_id = NEW.batch_id AND image_id = NEW.image_id AND revision < NEW.revision
        ORDER BY revision DESC LIMIT 1
    );
    INSERT INTO tallies VALUES (NEW.batch_id, NEW.status, NEW.qc_status, 1)
        ON CONFLICT (batch_id, status, qc_status) DO UPDATE SET images = images + 1;
END""",
    """CREATE TRIGGER tally_change AFTER UPDATE OF status, qc_status ON images WHEN
    (OLD.status, OLD.qc_status) != (NEW.status, NEW.qc_status) AND NOT EXISTS (
    SELECT 1 FROM images
    WHERE batch_id = NEW.batch_id AND image_id = NEW.image_id AND revision > NEW.revision
) BEGIN
    UPDATE tallies SET images = images - 1
        WHERE batch_id = OLD.batch_id AND status = OLD.status AND qc_status = OLD.qc_status;
    INSERT INTO tallies VALUES (NEW.batch_id, NEW.status, NEW.qc_status, 1)
        ON CONFLICT (batch_id, status, qc_status) DO UPDATE SET images = images + 1;
END""",
)


class Database:
    """One connection to the job table's file. Not for use by two threads at once.

    Write-ahead logging lets others read while a run writes. A commit survives the process's death
    at once (`synchronous=NORMAL`); a power cut may take the last ones, whose images are then done again.

    In a folder that may not be written it can be read all the same: a catalogue on somebody's share.

    Args:
        path: made when it is not there.
        schema: statements that make its tables; the job table's by default.

    Raises:
        StorageError: store_corrupt (no database of ours, or of a newer Packshot), output_not_writable,
            disk_full.
    """

    def __init__(self, path: Path, *, schema: str = _SCHEMA) -> None:
        self.path = path
        self._schema = schema
        self._depth = 0
        self.read_only = path.is_file() and not _may_write(path.parent)
        with self.translated():
            # One thread after the other may use it, as with the connections of a pool.
            self._connection = sqlite3.connect(
                _address(path, read_only=self.read_only),
                timeout=30.0,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
        try:
            with self.translated():
                self._check_version()
                if not self.read_only:
                    self._open()
        except PackshotError:
            self._connection.close()
            raise

    def _check_version(self) -> None:
        version = self._version()
        if version not in (0, SCHEMA_VERSION):
            raise self._corrupt(f"it is of version {version}, this Packshot reads {SCHEMA_VERSION}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _open(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if self._version() == 0:
            with self.unit():
                # Another process may have been first.
                if self._version() == 0:
                    for statement in self._schema.split(";"):
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        if self._schema == _SCHEMA and not self._is_there("tallies"):
            with self.unit():
                if not self._is_there("tallies"):
                    for statement in _ADDED:
                        self._connection.execute(statement)

    def _is_there(self, table: str) -> bool:
        sql = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
        return bool(self._connection.execute(sql, (table,)).fetchone()[0])

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Runs one statement; outside of a `unit` it stands at once."""
        with self.translated():
            return self._connection.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.translated():
            return self._connection.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def unit(self) -> Iterator[None]:
        """What is written inside stands wholly or not at all; units may nest, the outermost counts."""
        if self._depth == 0:
            self.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
            if self._depth == 1:
                # It may be refused, by a full disk for one: then nothing of it stands either.
                self.execute("COMMIT")
        except BaseException:
            if self._depth == 1:
                self._connection.rollback()
            raise
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Folds the log into the file, so that one file is left, and closes it."""
        with contextlib.suppress(sqlite3.Error):
            # Another process may be reading; then the last one to close does it.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def get_meta(self, key: str) -> str | None:
        """A setting of the folder."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        """Keeps a setting of the folder."""
        self.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Raises SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._translate(error) from error

    def _translate(self, error: sqlite3.Error) -> PackshotError:
        # The low byte is the primary code; the rest details it.
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return StorageError("disk_full", path=str(self.path))
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return StorageError("output_not_writable", path=str(self.path), reason=str(error))
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR):
            return StoreUnavailableError("store_unavailable", reason=f"{self.path}: {error}")
        return self._corrupt(str(error))

    def _corrupt(self, reason: str) -> StorageError:
        return StorageError("store_corrupt", path=str(self.path), reason=reason)


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _address(path: Path, *, read_only: bool) -> str:
    address = path.absolute().as_uri()
    if not read_only:
        return address
    # Even who only reads a log beside the file takes part in its locks; without a log nobody is at work.
    is_logged = path.with_name(f"{path.name}-wal").exists()
    return f"{address}?mode=ro" if is_logged else f"{address}?mode=ro&immutable=1"
