"""Rows of JSON: an array, an object with `images`, or one object a line; read piece by piece.

The standard library's decoder parses one row at a time out of a sliding window, so that a million
rows need no more memory than one. (An event parser such as ijson would know no line numbers.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn, TextIO

from packshot.contracts.manifest import RowError
from packshot.errors import ManifestError
from packshot.manifests.columns import ColumnNames
from packshot.manifests.lines import MAX_ROW_CHARS, RawRow, row_error

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_READ: Final = 1 << 18
#: Signs of `false`, the longest word that the window's end can cut.
_LONGEST_WORD: Final = 5


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant)


class _Window:
    """A sliding window over a JSON text that counts the lines behind it."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._counted = 0
        self._ended = False
        self.line = 1

    def _ensure(self, chars: int) -> None:
        """At least `chars` characters ahead, or all there are."""
        if self._ended or len(self._buffer) - self._at >= chars:
            return
        self._count()
        self._buffer = self._buffer[self._at :]
        self._at = self._counted = 0
        while not self._ended and len(self._buffer) < chars:
            piece = self._text.read(_READ)
            self._ended = not piece
            self._buffer += piece

    def _count(self) -> None:
        self.line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at

    def peek(self) -> str:
        """The next character that is no space, not taken; empty at the end."""
        while True:
            self._ensure(1)
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                self._count()
                return self._buffer[self._at]
            if self._ended:
                self._count()
                return ""

    def take(self, expected: str) -> None:
        """Takes one character, which must be among the expected ones."""
        found = self.peek()
        if not found or found not in expected:
            wanted = " or ".join(repr(one) for one in expected)
            shown = repr(found) if found else "the end"
            self.fail(f"there should be {wanted} instead of {shown}")
        self._at += 1

    def value(self) -> Any:
        """The next JSON value, taken."""
        self.peek()
        self._ensure(MAX_ROW_CHARS)
        try:
            value, end = _DECODER.raw_decode(self._buffer, self._at)
        except json.JSONDecodeError as error:
            at_the_end = error.pos > len(self._buffer) - _LONGEST_WORD or error.msg.startswith("Unterminated")
            if at_the_end and not self._ended:
                # The window holds more than any row may have, and the text still goes on.
                self.fail("one entry is too long")
            self._at = min(error.pos, len(self._buffer))
            self._count()
            self.fail(error.msg)
        except (ValueError, RecursionError) as error:
            self.fail(str(error))
        if end - self._at > MAX_ROW_CHARS:
            self.fail("one entry is too long")
        self._at = end
        return value

    def fail(self, reason: str) -> NoReturn:
        raise ManifestError("manifest_unreadable", reason=f"line {self.line}: {reason}")


def _entries(window: _Window) -> Iterator[tuple[int, Any]]:
    """The entries of the array that begins here, each with its line."""
    window.take("[")
    if window.peek() == "]":
        window.take("]")
        return
    while True:
        window.peek()
        line = window.line
        yield line, window.value()
        if window.peek() == "]":
            window.take("]")
            return
        window.take(",")


def _members(window: _Window) -> Iterator[str]:
    """The keys of the object that begins here; the caller takes each value before asking on."""
    window.take("{")
    if window.peek() == "}":
        window.take("}")
        return
    while True:
        if window.peek() != '"':
            window.take('"')
        yield window.value()
        if window.peek() == "}":
            window.take("}")
            return
        window.take(",")


def scan_json(text: TextIO) -> tuple[dict[str, Any], int]:
    """Reads a JSON manifest to its end: what stands beside its images, and how many images there are.

    Raises:
        ManifestError: `manifest_unreadable` with the line, for broken JSON or another shape.
    """
    window = _Window(text)
    beside: dict[str, Any] = {}
    count = 0
    found = window.peek() == "["
    if found:
        count = sum(1 for _ in _entries(window))
    else:
        for key in _members(window):
            if key in beside or (key == "images" and found):
                window.fail(f"{key!r} is given twice")
            window.take(":")
            if key == "images":
                found = True
                count = sum(1 for _ in _entries(window))
            else:
                beside[key] = window.value()
    if window.peek():
        window.fail("something follows the end of the list")
    if not found:
        raise ManifestError("manifest_unreadable", reason="it has no list called images")
    return beside, count


def json_rows(text: TextIO, columns: ColumnNames) -> Iterator[RawRow | RowError]:
    """The images of a JSON manifest that `scan_json` has found to be sound."""
    window = _Window(text)
    if window.peek() == "[":
        yield from _rows(_entries(window), columns)
        return
    for key in _members(window):
        window.take(":")
        if key == "images":
            yield from _rows(_entries(window), columns)
            return
        window.value()


def _lines(text: TextIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := text.readline(MAX_ROW_CHARS + 1):
        number += 1
        if len(line) > MAX_ROW_CHARS:
            while line and not line.endswith("\n"):
                line = text.readline(MAX_ROW_CHARS)
            yield number, ""
        elif line.strip():
            yield number, line


def jsonl_rows(text: TextIO, columns: ColumnNames) -> Iterator[RawRow | RowError]:
    """The rows of a JSON Lines text; a line that is no JSON costs that line only."""
    keys = _Keys(columns)
    for number, line in _lines(text):
        if not line:
            yield row_error(number, None, "row_unreadable", reason="it is too long")
            continue
        try:
            entry = _DECODER.decode(line)
        except json.JSONDecodeError as error:
            yield row_error(
                number, None, "row_unreadable", reason=f"{error.msg} at character {error.pos + 1}"
            )
        except (ValueError, RecursionError) as error:
            yield row_error(number, None, "row_unreadable", reason=str(error))
        else:
            yield keys.row(number, entry)


def _rows(entries: Iterator[tuple[int, Any]], columns: ColumnNames) -> Iterator[RawRow | RowError]:
    keys = _Keys(columns)
    for line, entry in entries:
        yield keys.row(line, entry)


class _Keys:
    """Columns of JSON objects; objects of one manifest mostly share one set of keys."""

    def __init__(self, columns: ColumnNames) -> None:
        self._columns = columns
        self._seen: dict[tuple[str, ...], dict[str, str]] = {}

    def row(self, line: int, entry: Any) -> RawRow | RowError:
        if not isinstance(entry, dict):
            return row_error(line, None, "row_unreadable", reason="it is not an object with named values")
        names = tuple(entry)
        located = self._seen.get(names)
        if located is None:
            try:
                located = self._columns.locate(names)
            except ManifestError as error:
                return row_error(line, "image_url", "row_unreadable", reason=error.message.rstrip("."))
            if len(self._seen) < 64:
                self._seen[names] = located
        return RawRow(line, {column: entry[name] for column, name in located.items()})
