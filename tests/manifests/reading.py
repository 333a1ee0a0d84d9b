"""Short ways to read a manifest in tests."""

from __future__ import annotations

import io
from collections.abc import Iterable

from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.preset import Preset
from packshot.manifests import Manifest, SourceOptions, read_manifest
from packshot.manifests.locate import Base

BASE = Base("/shop")


def read(data: bytes | str, name: str = "list.csv", **columns: str) -> Manifest:
    raw = data.encode() if isinstance(data, str) else data
    return read_manifest(io.BytesIO(raw), name, BASE, SourceOptions(columns=columns))


def rows_of(
    data: bytes | str, name: str = "list.csv", preset: Preset | None = None, **columns: str
) -> tuple[list[ManifestRow], list[RowError]]:
    """Good rows and errors."""
    return parted(read(data, name, **columns).rows_for(preset))


def parted(found: Iterable[ManifestRow | RowError]) -> tuple[list[ManifestRow], list[RowError]]:
    good: list[ManifestRow] = []
    bad: list[RowError] = []
    for one in found:
        if isinstance(one, RowError):
            bad.append(one)
        else:
            good.append(one)
    return good, bad


def told(errors: Iterable[RowError]) -> list[tuple[int, str | None, str]]:
    """Line, column and code of each error."""
    return [(error.line, error.column, error.code) for error in errors]
