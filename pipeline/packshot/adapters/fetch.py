"""The Fetcher port: one reader for each kind of place that a photo can lie in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        scheme = source.partition("://")[0].lower()
        reader = self._readers.get("file" if source.startswith("/") else scheme)
        if reader is None or scheme == "file":  # files are asked for by their path
            raise SourceError("source_scheme_refused", source=shown(source))
        return reader.read(source)


class LazyReader:
    """A reader that is made when the first source needs it.

    Args:
        make: makes the reader; what it raises is raised at each read.
    """

    def __init__(self, make: Callable[[], Reader]) -> None:
        self._make = make
        self._reader: Reader | None = None

    def read(self, source: str) -> bytes:
        """The source's bytes, as the reader gives them."""
        if self._reader is None:
            self._reader = self._make()
        return self._reader.read(source)


class RefusingReader:
    """Stands where a reader can't be made, and says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def read(self, source: str) -> bytes:
        """Always raises `source_unreadable`."""
        raise SourceError("source_unreadable", source=shown(source), reason=self._reason)


def local_fetcher(roots: Sequence[Path]) -> SourceFetcher:
    """The fetcher of one machine: files under `roots`, public https addresses, s3 with the user's account."""
    return SourceFetcher(
        {"file": FileReader(roots), "https": LazyReader(_https_reader), "s3": LazyReader(_s3_reader)}
    )


def _https_reader() -> Reader:
    from packshot.adapters.fetch_http import HttpsReader  # noqa: PLC0415  # loads the trusted certificates

    return HttpsReader()


def _s3_reader() -> Reader:
    try:
        from packshot.adapters.fetch_s3 import s3_reader  # noqa: PLC0415  # boto3 is an extra
    except ImportError:
        return RefusingReader("reading from S3 needs the extra packshot[aws]")
    return s3_reader()
