"""A manifest as `packshot submit` leaves it: its rows as they were judged, and what is asked for all.

JSON Lines. The first says what the file is and holds the options; each other one is a row with the
line that it had, or the error of one. So a batch on AWS has the rows, ids and lines of a local run,
whatever the list was: a folder, a sheet with other names of columns, a file in an old code page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final

from pydantic import ValidationError

from packshot.contracts.manifest import ManifestRow, RowError
from packshot.contracts.preset import Preset
from packshot.errors import ManifestError
from packshot.manifests.lines import MAX_ROW_CHARS
from packshot.manifests.locate import Base
from packshot.manifests.unique import without_repeats
from packshot.manifests.uploaded import resolver_of

#: Of the form; another one is refused.
FORM: Final = 1
_MARK: Final = "packshot_rows"


@dataclass(frozen=True, slots=True)
class PreparedManifest:
    """Judged rows, read as they are asked for; `base` and `batch_options` as of a `Manifest`.

    Attributes:
        stream: seekable; stays open as long as rows are read, by one pass at a time.
    """

    base: Base
    batch_options: Mapping[str, Any]
    stream: BinaryIO

    def rows_for(self, preset: Preset | None) -> Iterator[ManifestRow | RowError]:
        """A fresh pass; rows that would write one file under this preset are errors."""
        return without_repeats(self._rows(), preset)

    def resolve(self, written: str) -> str:
        """The address of a source as written in the manifest that was submitted."""
        return resolver_of(self.base.place)(written)

    def _rows(self) -> Iterator[ManifestRow | RowError]:
        self.stream.seek(0)
        next(_lines(self.stream))
        for number, value in _lines(self.stream):
            try:
                if "error" in value:
                    yield RowError.model_validate(value["error"])
                else:
                    yield ManifestRow.model_validate(value)
            except ValidationError as error:
                raise _unreadable(f"its row {number} is none") from error


def write_rows(
    file: IO[bytes], batch_options: Mapping[str, Any], rows: Iterable[ManifestRow | RowError], photos: str
) -> None:
    """Writes a prepared manifest.

    Args:
        file: to write to.
        batch_options: `preset` (a name, or a whole preset), `reference` and `options`.
        rows: judged; streamed.
        photos: hash of the photos' bytes, so that the same list of other photos is another manifest.
    """
    file.write(_line({_MARK: FORM, "photos": photos, **batch_options}))
    for row in rows:
        if isinstance(row, RowError):
            file.write(_line({"error": row.model_dump(mode="json")}))
        else:
            file.write(_line(row.model_dump(mode="json", exclude_defaults=True)))


def read_prepared(stream: BinaryIO, base: Base) -> PreparedManifest:
    """Opens what `write_rows` wrote.

    Raises:
        ManifestError: manifest_unreadable, manifest_empty.
    """
    stream.seek(0)
    _, head = next(_lines(stream), (0, {}))
    if not head:
        raise ManifestError("manifest_empty")
    if head.pop(_MARK, None) != FORM:
        raise _unreadable("packshot submit of this version has not written it")
    head.pop("photos", None)
    return PreparedManifest(base, head, stream)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while line := stream.readline(16 * MAX_ROW_CHARS):
        number += 1
        try:
            value = json.loads(line)
        except ValueError as error:
            raise _unreadable(f"line {number} is no JSON") from error
        if not isinstance(value, dict):
            raise _unreadable(f"line {number} is no JSON object")
        yield number, value


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _unreadable(reason: str) -> ManifestError:
    return ManifestError("manifest_unreadable", reason=reason)
