"""Connections for requests: a few, made when they are needed and kept."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from packshot.adapters.local.database import Database
from packshot.adapters.local.documents import SqliteDocuments, documents_database
from packshot.api.backend import Desk
from packshot.api.local.place import Place
from packshot.errors import InternalError, StoreUnavailableError
from packshot.local.store import LocalDirectory, open_or_make

#: SQLite takes one writer at a time, and readers are quick: more connections would only wait elsewhere.
SIZE: Final = 8
#: Seconds that a request waits for one.
_PATIENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class LocalDesk(Desk):
    """The ports, and the folder that is behind them."""

    directory: LocalDirectory


def local_desk(desk: Desk) -> LocalDesk:
    """A desk of this machine, as its own backend gives out no other."""
    if not isinstance(desk, LocalDesk):
        raise InternalError("internal_error", reason="a local backend needs a local desk")
    return desk


@dataclass(frozen=True, slots=True)
class _Connection:
    desk: LocalDesk
    database: Database


class Desks:
    """A pool of connections; each is used by one thread at a time."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._idle: queue.LifoQueue[_Connection] = queue.LifoQueue()
        self._made = 0
        self._lock = threading.Lock()

    @contextmanager
    def desk(self) -> Iterator[LocalDesk]:
        """One of them, for a request.

        Raises:
            StoreUnavailableError: all are taken for too long.
        """
        connection = self._take()
        try:
            yield connection.desk
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Closes those that are idle; requests have ended by then."""
        while True:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                return
            with self._lock:
                self._made -= 1
            connection.desk.directory.close()
            connection.database.close()

    def _take(self) -> _Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._lock:
            room = self._made < SIZE
            self._made += room
        if room:
            try:
                return self._connect()
            except BaseException:
                with self._lock:
                    self._made -= 1
                raise
        try:
            return self._idle.get(timeout=_PATIENCE_S)
        except queue.Empty as error:
            raise StoreUnavailableError("store_unavailable", reason="too many requests at once") from error

    def _connect(self) -> _Connection:
        directory = open_or_make(self._place.root)
        database = documents_database(self._place.documents)
        desk = LocalDesk(
            table=directory.table,
            files=directory.files,
            publish=directory.publish,
            documents=SqliteDocuments(database),
            directory=directory,
        )
        return _Connection(desk, database)
