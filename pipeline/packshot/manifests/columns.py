"""Which column holds what: tolerant header matching, and names that the user maps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from packshot.errors import ManifestError, SettingsError

#: The columns of a manifest, in the order of the documentation. Only `image_url` must be there.
COLUMNS: Final = (
    "product_group_id",
    "sku_id",
    "image_url",
    "image_type",
    "reference",
    "mode",
    "background",
    "scale",
)

#: Words that are taken for a column when it has no column of its own name.
_ALIASES: Final = {
    "productgroup": "product_group_id",
    "sku": "sku_id",
    "url": "image_url",
    "image": "image_url",
    "path": "image_url",
    "file": "image_url",
}


def normalised(name: str) -> str:
    """A header name without case, spaces, hyphens, underscores: `Image URL` -> `imageurl`."""
    # A second byte order mark is what joined files have.
    return re.sub(r"[\s_\-\ufeff]+", "", name).casefold()


_CANONICAL: Final = {normalised(column): column for column in COLUMNS}


class ColumnNames:
    """Finds the columns of a manifest by their header names.

    Args:
        given: canonical name -> the name it has in this manifest (`{"image_url": "Photo link"}`).

    Raises:
        SettingsError: `option_invalid`, a name that is no column.
    """

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given: dict[str, str] = {}
        for column, name in (given or {}).items():
            if column not in COLUMNS:
                raise SettingsError(
                    "option_invalid", option="A column name", value=column, reason="no such column is read"
                )
            self._given[column] = name
        self._mapped = {normalised(name): column for column, name in self._given.items()}

    def column(self, name: str) -> str | None:
        """The canonical column of a header name, aliases left aside; None when it is not ours."""
        key = normalised(name)
        mapped = self._mapped.get(key)
        if mapped is not None:
            return mapped
        column = _CANONICAL.get(key)
        # A mapped column is read under its mapped name only.
        return None if column in self._given else column

    def locate(self, header: Iterable[str]) -> dict[str, str]:
        """The header name of each column that is there: canonical -> name as written.

        Raises:
            ManifestError: `manifest_column_missing` without `image_url` or without a mapped column;
                `manifest_unreadable` when two headers claim one column.
        """
        names = [name for name in header if name.strip()]
        found: dict[str, str] = {}
        for name in names:
            column = self.column(name)
            if column is None:
                continue
            if column in found:
                raise ManifestError(
                    "manifest_unreadable",
                    reason=f"the columns {found[column]!r} and {name!r} are both read as {column}",
                )
            found[column] = name
        self._add_aliases(names, found)
        for column in ("image_url", *self._given):
            if column not in found:
                wanted = self._given.get(column, column)
                listed = ", ".join(name.strip()[:40] for name in names[:20]) or "none"
                raise ManifestError("manifest_column_missing", column=wanted, found=listed)
        return found

    def alias(self, name: str) -> str | None:
        """The column that a header name stands for when the column has no header of its own."""
        column = _ALIASES.get(normalised(name))
        return None if column in self._given else column

    def _add_aliases(self, names: list[str], found: dict[str, str]) -> None:
        by_column: dict[str, list[str]] = {}
        for name in names:
            column = self.alias(name)
            if column is not None and column not in found and name not in found.values():
                by_column.setdefault(column, []).append(name)
        # Two candidates would be a guess; then the column counts as missing.
        found.update({column: alike[0] for column, alike in by_column.items() if len(alike) == 1})
