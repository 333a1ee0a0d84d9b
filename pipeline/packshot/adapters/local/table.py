"""A `JobTable` in SQLite.

A record is one JSON text; the columns beside it exist only to be searched. Cursors are the last
row's key, so that a page costs the same wherever it lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from pydantic import ValidationError

from packshot.adapters.local.database import Database
from packshot.contracts.base import Contract, QcStatus, Status
from packshot.contracts.records import BatchRecord, ImageRecord, ReviewEntry
from packshot.contracts.table import SHARDS
from packshot.errors import StorageError
from packshot.ports import ANY_IMAGE, ImageQuery, Page

C = TypeVar("C", bound=Contract)

#: `contracts.table.shard_of` in SQL; the folder has no use for shards itself.
_DIGIT = "substr(image_id, CASE WHEN substr(image_id, 1, 4) = 'img-' THEN 5 ELSE 1 END, 1)"
_SHARD = f"CASE WHEN instr('{SHARDS}', {_DIGIT}) > 0 THEN {_DIGIT} ELSE '{SHARDS[0]}' END"
_NEWEST = (
    "revision = (SELECT max(revision) FROM images newer"
    " WHERE newer.batch_id = images.batch_id AND newer.image_id = images.image_id)"
)


class SqliteJobTable:
    """Batches, image records and the review history of one output folder."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def unit(self) -> AbstractContextManager[None]:
        return self._db.unit()

    def claim_batch(self, batch: BatchRecord) -> bool:
        values = (batch.batch_id, batch.created_at.isoformat(), batch.model_dump_json())
        return self._db.execute("INSERT OR IGNORE INTO batches VALUES (?, ?, ?)", values).rowcount == 1

    def put_batch(self, batch: BatchRecord) -> None:
        values = (batch.batch_id, batch.created_at.isoformat(), batch.model_dump_json())
        self._db.execute("INSERT OR REPLACE INTO batches VALUES (?, ?, ?)", values)

    def get_batch(self, batch_id: str) -> BatchRecord | None:
        rows = self._db.rows("SELECT json FROM batches WHERE batch_id = ?", (batch_id,))
        return self._parse(BatchRecord, rows[0][0]) if rows else None

    def batches(self, limit: int = 50, cursor: str | None = None) -> Page[BatchRecord]:
        after = "" if cursor is None else "WHERE (created_at, batch_id) < (?, ?)"
        return self._page(
            BatchRecord,
            f"SELECT created_at, batch_id, json FROM batches {after} ORDER BY created_at DESC, batch_id DESC",  # noqa: S608 - constants, values are bound
            [],
            limit,
            cursor,
        )

    def put_image(self, record: ImageRecord, expected_version: int | None) -> bool:
        columns = (
            record.version,
            record.status,
            record.qc_status,
            record.sku_id,
            record.superseded_by is not None,
            record.updated_at.isoformat(),
            record.model_dump_json(exclude_defaults=True),
        )
        key = (record.batch_id, record.image_id, record.revision)
        if expected_version is None:
            sql = "INSERT OR IGNORE INTO images VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            return self._db.execute(sql, key + columns).rowcount == 1
        sql = (
            "UPDATE images SET version = ?, status = ?, qc_status = ?, sku_id = ?, superseded = ?,"
            " updated_at = ?, json = ? WHERE batch_id = ? AND image_id = ? AND revision = ? AND version = ?"
        )
        return self._db.execute(sql, (*columns, *key, expected_version)).rowcount == 1

    def get_image(self, batch_id: str, image_id: str, revision: int | None = None) -> ImageRecord | None:
        sql = "SELECT json FROM images WHERE batch_id = ? AND image_id = ?"
        values: tuple[Any, ...] = (batch_id, image_id)
        if revision is not None:
            sql, values = sql + " AND revision = ?", (*values, revision)
        rows = self._db.rows(sql + " ORDER BY revision DESC LIMIT 1", values)
        return self._parse(ImageRecord, rows[0][0]) if rows else None

    def images(
        self, batch_id: str, query: ImageQuery = ANY_IMAGE, limit: int = 1000, cursor: str | None = None
    ) -> Page[ImageRecord]:
        wanted = {
            "status = ?": query.status,
            "qc_status = ?": query.qc_status,
            "sku_id = ?": query.sku_id,
            f"instr(?, {_SHARD}) > 0": query.shards or None,
        }
        given = {condition: value for condition, value in wanted.items() if value is not None}
        conditions = "".join(f" AND {condition}" for condition in given)
        after = "" if cursor is None else " AND (image_id) > (?)"
        sql = (
            f"SELECT image_id, json FROM images WHERE batch_id = ? AND {_NEWEST}"  # noqa: S608 - constants
            f"{conditions}{after} ORDER BY image_id"
        )
        return self._page(ImageRecord, sql, [batch_id, *given.values()], limit, cursor)

    def by_sku(
        self, sku_id: str, image_id: str | None = None, limit: int = 1000, cursor: str | None = None
    ) -> Page[ImageRecord]:
        one = "" if image_id is None else " AND image_id = ?"
        after = "" if cursor is None else " AND (image_id, batch_id) > (?, ?)"
        sql = (
            "SELECT image_id, batch_id, json FROM images"  # noqa: S608 - constants, values are bound
            " WHERE superseded = 0 AND sku_id = ?"
            f"{one}{after} ORDER BY image_id, batch_id"
        )
        values = [sku_id] if image_id is None else [sku_id, image_id]
        return self._page(ImageRecord, sql, values, limit, cursor)

    def needs_review(self, limit: int = 100, cursor: str | None = None) -> Page[ImageRecord]:
        after = "" if cursor is None else " AND (updated_at, batch_id, image_id) > (?, ?, ?)"
        sql = (
            "SELECT updated_at, batch_id, image_id, json FROM images"  # noqa: S608 - constants
            f" WHERE superseded = 0 AND qc_status = 'needs_review'{after}"
            " ORDER BY updated_at, batch_id, image_id"
        )
        return self._page(ImageRecord, sql, [], limit, cursor)

    def append_review(self, entry: ReviewEntry) -> None:
        values = (
            entry.batch_id,
            entry.image_id,
            entry.at.isoformat(),
            entry.action,
            entry.model_dump_json(),
        )
        self._db.execute("INSERT OR IGNORE INTO reviews VALUES (?, ?, ?, ?, ?)", values)

    def reviews(self, batch_id: str, image_id: str) -> tuple[ReviewEntry, ...]:
        sql = "SELECT json FROM reviews WHERE batch_id = ? AND image_id = ? ORDER BY at"
        return tuple(self._parse(ReviewEntry, text) for (text,) in self._db.rows(sql, (batch_id, image_id)))

    def everything(self) -> Iterator[ImageRecord]:
        """All records of all batches and revisions, streamed; beyond the port, for a fresh start."""
        last = 0
        sql = "SELECT rowid, json FROM images WHERE rowid > ? ORDER BY rowid LIMIT 1000"
        while rows := self._db.rows(sql, (last,)):
            for _, text in rows:
                yield self._parse(ImageRecord, text)
            last = rows[-1][0]

    def refused_lines(self, batch_id: str) -> list[ImageRecord]:
        """Records of a batch's lines that could not become images; beyond the port, as the next."""
        sql = "SELECT json FROM images WHERE batch_id = ? AND sku_id = '' AND status = ?"
        return [self._parse(ImageRecord, text) for (text,) in self._db.rows(sql, (batch_id, Status.FAILED))]

    def forget_line(self, line: ImageRecord) -> None:
        """Takes away the record of a refused line that is read otherwise by now."""
        with self._db.unit():
            key = (line.batch_id, line.image_id)
            self._db.execute("DELETE FROM images WHERE batch_id = ? AND image_id = ?", key)
            sql = "UPDATE tallies SET images = images - 1 WHERE (batch_id, status, qc_status) = (?, ?, ?)"
            self._db.execute(sql, (line.batch_id, line.status, line.qc_status))

    def tally(self, batch_id: str) -> Iterator[tuple[Status, QcStatus, int]]:
        """Newest revisions of a batch by status and qc_status; beyond the port, for live counts.

        It costs the same for a batch of any size: the counts are kept up while images are written.
        """
        sql = "SELECT status, qc_status, images FROM tallies WHERE batch_id = ? AND images > 0"
        for status, qc_status, images in self._db.rows(sql, (batch_id,)):
            yield Status(status), QcStatus(qc_status), int(images)

    def id_of_source(self, batch_id: str, source: str) -> str | None:
        """The image of a source as written, in a batch; beyond the port, since rows are named by ids."""
        sql = "SELECT image_id FROM images WHERE batch_id = ? AND json_extract(json, '$.source') = ? LIMIT 1"
        rows = self._db.rows(sql, (batch_id, source))
        return str(rows[0][0]) if rows else None

    def set_by_hand(self) -> Iterator[ImageRecord]:
        """Records with overrides; beyond the port, few, and cheaper to find here than one by one."""
        for (text,) in self._db.rows("""SELECT json FROM images WHERE json LIKE '%"overrides":{%'"""):
            yield self._parse(ImageRecord, text)

    def _page(
        self, kind: type[C], sql: str, values: Sequence[Any], limit: int, cursor: str | None
    ) -> Page[C]:
        # One row more than asked for tells whether there is a next page.
        after = [] if cursor is None else json.loads(cursor)
        rows = self._db.rows(f"{sql} LIMIT ?", [*values, *after, limit + 1])
        more = len(rows) > limit
        items = tuple(self._parse(kind, row[-1]) for row in rows[:limit])
        return Page(items, json.dumps(rows[limit - 1][:-1]) if more else None)

    def _parse(self, kind: type[C], text: str) -> C:
        try:
            return kind.model_validate_json(text)
        except ValidationError as error:
            raise StorageError("store_corrupt", path=str(self._db.path), reason=str(error)) from error
