"""Which rows of a list a batch takes, and what it fills in where they say nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import Field

from packshot.contracts.base import Contract, Mode
from packshot.contracts.manifest import ManifestRow, RowError, Scale


class RowSettings(Contract):
    """What rows get that say nothing of it themselves; None for nothing."""

    reference: str | None = None
    mode: Mode | None = None
    background: str | None = None
    scale: Scale | None = None


class RowRules(Contract):
    """Selection and filled-in settings; a SKU's stand above its product group's.

    Attributes:
        product_group_id, sku_id: only rows of these; None for all. What is wrong with rows is then left
            out: nobody knows whose they are.
        by_group, by_sku: settings by product group and by SKU.
    """

    product_group_id: str | None = None
    sku_id: str | None = None
    by_group: dict[str, RowSettings] = Field(default_factory=dict)
    by_sku: dict[str, RowSettings] = Field(default_factory=dict)

    @property
    def selects(self) -> bool:
        """Not all rows are taken."""
        return self.product_group_id is not None or self.sku_id is not None

    def digest(self) -> str:
        """Tells rules apart, for a batch's id; empty when they change nothing."""
        if self == EVERY_ROW:
            return ""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:20]

    def takes(self, row: ManifestRow) -> bool:
        """True for a row that the batch takes."""
        return self.product_group_id in (None, row.product_group_id) and self.sku_id in (None, row.sku_id)

    def applied(self, rows: Iterable[ManifestRow | RowError]) -> Iterator[ManifestRow | RowError]:
        """The rows that are taken, with what they get; streams."""
        for row in rows:
            if isinstance(row, RowError):
                if not self.selects:
                    yield row
            elif self.takes(row):
                yield self._filled(row)

    def _filled(self, row: ManifestRow) -> ManifestRow:
        given = [self.by_sku.get(row.sku_id), self.by_group.get(row.product_group_id)]
        changes: dict[str, object] = {}
        for settings in (one for one in given if one is not None):
            for name in settings.model_dump(exclude_none=True):
                # A row that says nothing of its scale has the default: the same as own.
                silent = row.scale is Scale.OWN if name == "scale" else getattr(row, name) is None
                if silent:
                    changes.setdefault(name, getattr(settings, name))
        return row.model_copy(update=changes) if changes else row


#: Every row, as it is.
EVERY_ROW: Final = RowRules()
