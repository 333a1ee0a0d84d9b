"""What follows decisions and runs, a little later: the event log, results.*, the report."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from packshot.api.local.desks import Desks
from packshot.errors import PackshotError
from packshot.local.reporting import refresh_report

_LOG: Final = logging.getLogger("packshot.api")
#: Seconds of quiet before results and report are written anew: a reviewer decides every few seconds.
_QUIET_S: Final = 5.0
_TICK_S: Final = 0.5


class Tidying:
    """A thread that writes the files beside the pictures anew when something has changed.

    Args:
        desks: connections.
        busy: True while a run writes them itself.
    """

    def __init__(self, desks: Desks, busy: Callable[[], bool]) -> None:
        self._desks = desks
        self._busy = busy
        self._changed_at: float | None = None
        self._unsent = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._live, name="packshot-tidying", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def changed(self) -> None:
        """Something has."""
        self._unsent = True
        self._changed_at = time.monotonic()

    def close(self) -> None:
        """Does what is left to do."""
        self._closing.set()
        self._thread.join()
        self._tidy(at_once=True)

    def _live(self) -> None:
        while not self._closing.wait(_TICK_S):
            self._tidy(at_once=False)

    def _tidy(self, *, at_once: bool) -> None:
        try:
            if self._unsent:
                self._unsent = False
                with self._desks.desk() as desk:
                    desk.directory.events.flush()
            since = self._changed_at
            quiet = since is not None and time.monotonic() - since >= _QUIET_S
            if since is not None and (at_once or (quiet and not self._busy())):
                self._changed_at = None
                with self._desks.desk() as desk:
                    desk.directory.write_results()
                    refresh_report(desk.directory)
        except PackshotError as error:
            if error.code != "directory_unknown":
                # The table has everything; the next change writes the files.
                _LOG.warning("results and report were not renewed: %s", error)
