"""Names of files where several presets share one catalogue.

Some presets name their files alike: studio and shopify, google and ebay. In a folder that keeps batches of
several presets the one that came first has the names; another's files lie in a folder that is called after
it, so that neither takes the other's pictures away.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from packshot.contracts.preset import Preset
from packshot.contracts.records import BatchRecord
from packshot.ports import JobTable


class Shelves:
    """Knows which preset has which names; read from the table once, and remembered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owners: dict[str, str] | None = None

    def of(self, preset: Preset, table: JobTable, *, take: bool) -> str | None:
        """The folder that a batch's files go into below `catalogue/` and `review/`; None for none.

        Args:
            preset: the batch's, as it is kept.
            table: whose batches have names already.
            take: the batch will be run, so names that are free are its preset's from now on.
        """
        with self._lock:
            if self._owners is None:
                self._owners = {}
                for batch in _batches(table):
                    # The newest come first: the oldest has the last word.
                    known = batch.settings.preset
                    self._owners[known.name_template] = known.name
            owner = self._owners.get(preset.name_template, preset.name)
            if take:
                self._owners[preset.name_template] = owner
        return None if owner == preset.name else preset.name


def _batches(table: JobTable) -> Iterator[BatchRecord]:
    cursor: str | None = None
    while True:
        page = table.batches(500, cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return
