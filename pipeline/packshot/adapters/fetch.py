"""The Fetcher port: one reader for each kind of place that a photo can lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from packshot.adapters.fetch_files import FileReader
from packshot.errors import SourceError
from packshot.manifests.locate import shown


class Reader(Protocol):
    """Reads sources of one scheme."""

    def read(self, source: str) -> bytes:
        """The source's bytes, or a `SourceError` or `SourceUnavailableError`."""
        ...


class SourceFetcher:
    """Hands each source to the reader of its scheme.

    Args:
        readers: `file`, `https`, `s3` -> reader; a scheme without one is refused.
    """

    def __init__(self, readers: Mapping[str, Reader]) -> None:
        self._readers = dict(readers)

    def fetch(self, source: str) -> bytes:
        scheme, separator, _ = source.partition("://")
        kind = "file" if source.startswith("/") else scheme.lower() if separator else ""
        reader = self._readers.get(kind)
        if reader is None:
            raise SourceError("source_scheme_refused", source=shown(source))
        return reader.read(source)


def local_fetcher(roots: Sequence[Path]) -> SourceFetcher:
    """The fetcher of one machine: files under `roots`, public https addresses, s3 with the user's account."""
    return SourceFetcher({"file": FileReader(roots)})
