"""What the readers hand on: a row's line and its cells, before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from packshot.contracts.manifest import RowError
from packshot.errors import SENTENCES

#: Characters that one row may have, in any format: an endless line must not fill the memory.
MAX_ROW_CHARS: Final = 65_536


@dataclass(frozen=True, slots=True)
class RawRow:
    """Cells of one row by canonical column; a column that is not there is not given at all.

    Attributes:
        line: the row's first line, counted from 1; 0 for a folder.
        cells: texts from CSV; any JSON value from JSON.
    """

    line: int
    cells: Mapping[str, object]


def row_error(line: int, column: str | None, code: str, /, **details: object) -> RowError:
    """A row's error with the sentence of its code."""
    return RowError(line=line, column=column, code=code, message=SENTENCES[code].format_map(details))
