"""Rows of a CSV file: its delimiter, its header, and the line on which each row begins.

A row that can't be parsed costs that row only: reading goes on with its second line, so that one
stray quotation mark does not swallow the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from packshot.contracts.manifest import RowError
from packshot.errors import ManifestError
from packshot.manifests.columns import ColumnNames
from packshot.manifests.lines import MAX_ROW_CHARS, RawRow, row_error

_DELIMITERS: Final = (",", ";", "\t", "|")
#: Lines that a row may span; a quotation mark that is never closed is found out here.
_MAX_ROW_LINES: Final = 100


class _RowTooLongError(Exception):
    """A row with more lines or characters than any real one has."""


class _Lines:
    """Lines for `csv.reader` that know where the current row began and can be given back."""

    def __init__(self, text: TextIO, end: str) -> None:
        self._text = text
        self._end = end
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._chars = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._row) >= _MAX_ROW_LINES or self._chars > MAX_ROW_CHARS:
            raise _RowTooLongError
        line = self._again.popleft() if self._again else self._text.readline(MAX_ROW_CHARS + 1)
        if not line:
            raise StopIteration
        if len(line) > MAX_ROW_CHARS:
            self._skip_line(line)
            self.number += 1
            self._row.append("")
            raise _RowTooLongError
        self.number += 1
        self._row.append(line)
        self._chars += len(line)
        return line

    def _skip_line(self, part: str) -> None:
        while part and not part.endswith(self._end):
            part = self._text.readline(MAX_ROW_CHARS)

    def begin(self) -> int:
        """Starts a row; the number of its first line."""
        self._row.clear()
        self._chars = 0
        return self.number + 1

    def give_back(self) -> None:
        """All lines of the current row but the first are read again."""
        rest = self._row[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self._row.clear()


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    skip_first: bool


def _reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def _dialect(text: TextIO, columns: ColumnNames, end: str) -> _Dialect:
    """The delimiter under which the header names most of our columns, then the most cells."""
    first = text.readline(MAX_ROW_CHARS)
    told = re.fullmatch(r"\s*sep=([^\w\s\"]|\t)\s*", first)
    text.seek(0)
    if told:
        return _Dialect(told.group(1), skip_first=True)
    best = (-1, -1, ",")
    for delimiter in _DELIMITERS:
        text.seek(0)
        header = _header(_Lines(text, end), delimiter)
        known = sum(1 for name in header if columns.column(name) or columns.alias(name))
        if (known, len(header)) > best[:2]:
            best = (known, len(header), delimiter)
    text.seek(0)
    return _Dialect(best[2], skip_first=False)


def _header(lines: _Lines, delimiter: str) -> list[str]:
    """The first row with anything in it; empty when there is none or it can't be parsed."""
    reader = _reader(lines, delimiter)
    while True:
        lines.begin()
        try:
            cells = next(reader, None)
        except (csv.Error, _RowTooLongError):
            return []
        if cells is None:
            return []
        if any(cell.strip() for cell in cells):
            return cells


def line_end_of(text: TextIO) -> str:
    """The `newline` to open a CSV text with: a lone carriage return ends lines only where nothing else does.

    In files with other line ends it is a slip in a cell, which must not tear the row in two.

    Args:
        text: opened with `newline=""`, at its beginning.
    """
    head = text.read(MAX_ROW_CHARS)
    return "\r" if "\r" in head and "\n" not in head else "\n"


def csv_rows(text: TextIO, columns: ColumnNames, end: str = "\n") -> Iterator[RawRow | RowError]:
    """The rows of a CSV text at its beginning.

    Args:
        text: opened with `newline=end`, seekable.
        columns: which header names are which columns.
        end: from `line_end_of`.

    Raises:
        ManifestError: `manifest_unreadable` without a usable header, `manifest_column_missing`.
    """
    dialect = _dialect(text, columns, end)
    lines = _Lines(text, end)
    if dialect.skip_first:
        next(lines)
    header = _header(lines, dialect.delimiter)
    if not header:
        raise ManifestError("manifest_unreadable", reason="its first line is not a list of column names")
    located = columns.locate(header)
    places = [(column, header.index(name)) for column, name in located.items()]
    yield from _data_rows(lines, dialect.delimiter, places, len(header))


def _in_words(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quotation mark is not closed"
    if "expected after" in str(error):
        return "text follows a closing quotation mark"
    if "new-line character" in str(error):
        return "a line break is not in quotation marks"
    return str(error)


def _data_rows(
    lines: _Lines, delimiter: str, places: list[tuple[str, int]], width: int
) -> Iterator[RawRow | RowError]:
    reader = _reader(lines, delimiter)
    while True:
        line = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _RowTooLongError:
            lines.give_back()
            reader = _reader(lines, delimiter)
            reason = "it has no end; a quotation mark is probably not closed"
            yield row_error(line, None, "row_unreadable", reason=reason)
            continue
        except csv.Error as error:
            lines.give_back()
            yield row_error(line, None, "row_unreadable", reason=_in_words(error))
            continue
        if not any(cells):
            continue
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            reason = f"it has {len(cells)} cells, the header has {width}"
            yield row_error(line, None, "row_unreadable", reason=reason)
            continue
        yield RawRow(line, {column: cells[at] if at < len(cells) else "" for column, at in places})
