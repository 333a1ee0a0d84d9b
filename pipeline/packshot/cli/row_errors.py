"""What is wrong with a manifest's rows, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packshot.cli import console
from packshot.contracts.manifest import RowError
from packshot.report import numbers


def row_error_cells(errors: Iterable[RowError]) -> list[tuple[str, str, str]]:
    """Line, column and sentence of each; a folder's photos have no lines, and their sentences name them."""
    return [
        (f"line {error.line}" if error.line else "", error.column or "", f"{error.message} ({error.code})")
        for error in errors
    ]


def row_error_lines(errors: Sequence[RowError]) -> list[str]:
    """The first bad lines under a heading; none where all are good."""
    if not errors:
        return []
    shown = errors[: console.LIST_LIMIT]
    lines = ["", f"{numbers.count(len(errors), 'bad line')}", *console.columns(row_error_cells(shown))]
    return lines + console.more(len(errors), len(shown), "packshot validate lists all")
