"""`Documents` in SQLite, in a file of their own: runs and the server don't wait for each other's writes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from packshot.adapters.local.database import Database
from packshot.ports import Page

_SCHEMA: Final = """
CREATE TABLE documents (
    kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, expires_at TEXT,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX documents_by_end ON documents (expires_at) WHERE expires_at IS NOT NULL;
"""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def documents_database(path: Path) -> Database:
    """The file behind `SqliteDocuments`; errors as `Database`."""
    return Database(path, schema=_SCHEMA)


class SqliteDocuments:
    """Documents of one output folder.

    Args:
        database: of `documents_database`.
        clock: UTC now, for what has expired.
    """

    def __init__(self, database: Database, clock: Callable[[], dt.datetime] = _utc_now) -> None:
        self._db = database
        self._clock = clock

    def create(
        self, kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None = None
    ) -> bool:
        with self._db.unit():
            # The newest to expire clear away those that have: nobody else would.
            self._db.execute("DELETE FROM documents WHERE expires_at <= ?", (self._now(),))
            sql = "INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?)"
            return self._db.execute(sql, (kind, key, _text(value), _moment(expires_at))).rowcount == 1

    def put(
        self, kind: str, key: str, value: Mapping[str, Any], expires_at: dt.datetime | None = None
    ) -> None:
        sql = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)"
        self._db.execute(sql, (kind, key, _text(value), _moment(expires_at)))

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        sql = (
            "SELECT json FROM documents WHERE kind = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)"
        )
        rows = self._db.rows(sql, (kind, key, self._now()))
        return dict(json.loads(rows[0][0])) if rows else None

    def delete(self, kind: str, key: str) -> None:
        self._db.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))

    def page(
        self,
        kind: str,
        limit: int = 100,
        cursor: str | None = None,
        *,
        prefix: str = "",
        newest: bool = False,
    ) -> Page[dict[str, Any]]:
        conditions = ["kind = ?", "substr(key, 1, ?) = ?", "(expires_at IS NULL OR expires_at > ?)"]
        values: list[Any] = [kind, len(prefix), prefix, self._now()]
        if prefix and not newest:
            # The same once more, as something that the key's order can be used for.
            conditions.append("key >= ?")
            values.append(prefix)
        if cursor is not None:
            conditions.append("key < ?" if newest else "key > ?")
            values.append(cursor)
        order = "DESC" if newest else "ASC"
        sql = f"SELECT key, json FROM documents WHERE {' AND '.join(conditions)} ORDER BY key {order} LIMIT ?"  # noqa: S608 - constants, values are bound
        # One row more than asked for tells whether there is a next page.
        rows = self._db.rows(sql, (*values, limit + 1))
        items = tuple(dict(json.loads(text)) for _, text in rows[:limit])
        return Page(items, str(rows[limit - 1][0]) if len(rows) > limit else None)

    def _now(self) -> str:
        return self._clock().isoformat()


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _moment(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(dt.UTC).isoformat()
