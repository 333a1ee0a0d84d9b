"""Which rows repeat an earlier one, in few bytes a row.

A dict of a million texts takes 150 MB. Here a row costs one 16-byte slot of an open-addressing
table that is between 35 and 70 % full: 23 to 46 bytes. Only hashes are kept, 64 bits of them: two
different keys among a million rows look alike with a chance of 3 in 10^8.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.preset import Preset
from packshot.manifests.lines import row_error
from packshot.manifests.names import collision_key, compiled, delivery_path

_FILL: Final = 0.7
_START: Final = 1 << 10


def fingerprint(*parts: str) -> int:
    """A 64-bit hash of texts, never 0."""
    joined = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "little") or 1


class LineIndex:
    """Remembers under which line, and with which mark, a key was first seen."""

    def __init__(self) -> None:
        self._keys = array("Q", [0]) * _START
        self._lines = array("I", [0]) * _START
        self._marks = array("I", [0]) * _START
        self._mask = _START - 1
        self._used = 0

    def find(self, key: int) -> tuple[int, int] | None:
        """Line and mark that were kept with a key from `fingerprint`, or None."""
        keys = self._keys
        at = key & self._mask
        while found := keys[at]:
            if found == key:
                return self._lines[at], self._marks[at]
            at = (at + 1) & self._mask
        return None

    def add(self, key: int, line: int, mark: int = 0) -> None:
        """Keeps a key that is not there yet.

        Args:
            key: from `fingerprint`.
            line: the row's line or number, below 2^32.
            mark: what tells rows of one key apart; the lowest 32 bits count.
        """
        if self._used >= _FILL * self._mask:
            self._grow()
        self._insert(key, line, mark & 0xFFFFFFFF)
        self._used += 1

    def _insert(self, key: int, line: int, mark: int) -> None:
        at = key & self._mask
        while self._keys[at]:
            at = (at + 1) & self._mask
        self._keys[at] = key
        self._lines[at] = line
        self._marks[at] = mark

    def _grow(self) -> None:
        old = (self._keys, self._lines, self._marks)
        size = 2 * (self._mask + 1)
        self._keys = array("Q", [0]) * size
        self._lines = array("I", [0]) * size
        self._marks = array("I", [0]) * size
        self._mask = size - 1
        for key, line, mark in zip(*old, strict=True):
            if key:
                self._insert(key, line, mark)


def without_repeats(
    rows: Iterable[ManifestRow | RowError], preset: Preset | None
) -> Iterator[ManifestRow | RowError]:
    """The rows, with an error in place of each that repeats an earlier one.

    Args:
        rows: from `rows.judge`.
        preset: its name template decides which rows would write one file (`row_name_taken`);
            without one only rows of equal identity are found (`row_duplicate`).

    Raises:
        SettingsError: `preset_invalid` when its name template can't be filled.
    """
    index = LineIndex()
    paths = _Paths(preset) if preset else None
    sources: list[str] = []
    for row in rows:
        if isinstance(row, RowError):
            yield row
            continue
        # Photos of a folder have no line; they are told apart by number, and named by their paths.
        number = row.line
        if row.line == 0:
            sources.append(row.image_url)
            number = len(sources)
        identity = fingerprint(row.product_group_id, row.sku_id, row.image_type, row.image_url)
        named = paths.of(row) if paths else [("", identity)]
        hit = next(((name, seen) for name, key in named if (seen := index.find(key))), None)
        if hit is None:
            for _, key in named:
                index.add(key, number, identity)
            yield row
            continue
        name, (first, mark) = hit
        code = "row_duplicate" if mark == identity & 0xFFFFFFFF else "row_name_taken"
        other = sources[first - 1] if row.line == 0 else None
        yield _repeat(row, code, name, first, other)


def _repeat(row: ManifestRow, code: str, name: str, first: int, other: str | None) -> RowError:
    if other is None:
        return row_error(row.line, None, code, line=first, name=name)
    message = f"The files of {row.image_url} would overwrite those of {other}: {name}."
    return RowError(line=0, column=None, code=code, message=message)


class _Paths:
    """Which files a row writes, as far as two rows could write the same."""

    def __init__(self, preset: Preset) -> None:
        self._preset = preset
        template = compiled(preset.name_template, preset.name)
        main = tuple(one for one in preset.renditions if one.name == "main")
        self._renditions = main if template.one_name_each else preset.renditions

    def of(self, row: ManifestRow) -> list[tuple[str, int]]:
        paths = [delivery_path(row, rendition, self._preset) for rendition in self._renditions]
        return [(path, fingerprint(collision_key(path))) for path in paths]
