"""The event log `events.jsonl`: an outbox in SQLite, and the file written from it.

An event is kept in the same transaction as the record that it speaks of, so a crash loses none and
doubles none. The file follows: the table knows how many of its bytes are certain, and whatever a
killed process left behind them, a torn line too, is cut off and written again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from packshot.adapters.local.database import Database
from packshot.adapters.local.disk import translated
from packshot.contracts.events import Event

_WRITTEN: Final = "events_written"
_CHUNK: Final = 1000


class EventLog:
    """Publishes to the outbox; `flush` brings the file up to it.

    A line has the shape that consumers get from EventBridge: source, detail-type, detail.
    """

    def __init__(self, database: Database, path: Path) -> None:
        self._db = database
        self._path = path

    def publish(self, event: Event) -> None:
        """Keeps an event; one whose id is there already changes nothing."""
        self._db.execute(
            "INSERT INTO events (event_id, json) VALUES (?, ?) ON CONFLICT (event_id) DO NOTHING",
            (
                event.metadata.event_id,
                json.dumps(event.envelope(), ensure_ascii=False, separators=(",", ":")),
            ),
        )

    def flush(self, *, durable: bool = False) -> None:
        """Appends what the file lacks; a file that was shortened or removed is written anew."""
        if self._db.read_only or self._up_to_date():
            return
        # Inside of a transaction, so that two processes can't append at once.
        with self._db.unit(), translated(self._path):
            seq, size = json.loads(self._db.get_meta(_WRITTEN) or "[0, 0]")
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            with os.fdopen(descriptor, "r+b") as file:
                if os.fstat(descriptor).st_size < size:
                    seq, size = 0, 0
                file.truncate(size)
                file.seek(size)
                while rows := self._after(seq):
                    for seq, text in rows:  # noqa: B007 - the last one is where the next chunk begins
                        size += file.write(text.encode() + b"\n")
                if durable:
                    file.flush()
                    os.fsync(descriptor)
            self._db.set_meta(_WRITTEN, json.dumps([seq, size]))

    def _up_to_date(self) -> bool:
        # Whoever only reads a folder must not wait for who writes there.
        seq, size = json.loads(self._db.get_meta(_WRITTEN) or "[0, 0]")
        there = self._path.stat().st_size if self._path.is_file() else 0
        return there == size and not self._after(seq)

    def _after(self, seq: int) -> list[tuple[int, str]]:
        found = self._db.rows(
            "SELECT seq, json FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (seq, _CHUNK)
        )
        return [(int(number), str(text)) for number, text in found]
