"""What the terminal shows: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

import click

#: Lists for people end here, with the count of the rest.
LIST_LIMIT: Final = 20


def result(text: str = "") -> None:
    """A line of the result."""
    click.echo(text, color=_coloured(sys.stdout))


def json_result(value: Any) -> None:
    """One JSON value on one line."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def note(text: str) -> None:
    """A line that is not the result: progress, advice."""
    click.echo(text, err=True, color=_coloured(sys.stderr))


def error(sentence: str, code: str) -> None:
    """Why the command ended: `packshot: sentence (code)`."""
    note(f"{click.style('packshot:', bold=True)} {sentence} {click.style(f'({code})', dim=True)}")


def _coloured(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns(rows: Iterable[Sequence[str]], right: Sequence[int] = (), indent: str = "  ") -> list[str]:
    """Rows as aligned lines; the columns in `right` stand flush right, the last one is not padded."""
    table = [list(row) for row in rows]
    if not table:
        return []
    widths = [max(len(click.unstyle(row[at])) for row in table) for at in range(len(table[0]))]
    lines = []
    for row in table:
        cells = []
        for at, cell in enumerate(row):
            gap = " " * (widths[at] - len(click.unstyle(cell)))
            cells.append(gap + cell if at in right else cell + gap)
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines


def shorten(text: str, width: int) -> str:
    """At most `width` signs, the middle left out: paths and names are told apart by their ends."""
    if len(text) <= width:
        return text
    head = (width - 1) // 3
    return f"{text[:head]}…{text[len(text) - (width - 1 - head) :]}"


def more(total: int, shown: int, where: str) -> list[str]:
    """The line that stands for the rest of a list, if there is one."""
    return [f"  and {total - shown:,} more: {where}"] if total > shown else []
