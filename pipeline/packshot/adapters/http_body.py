"""The body of an HTTP answer, or the error that its status stands for."""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Iterator
from typing import Final

from packshot.contracts.limits import file_too_large
from packshot.errors import PackshotError, SourceError, SourceUnavailableError
from packshot.manifests.locate import shown

_CHUNK: Final = 1 << 18
_MISSING: Final = frozenset({404, 410})
_THROTTLED: Final = frozenset({429, 503})


def read_body(answer: http.client.HTTPResponse, source: str, limit: int) -> bytes:
    """The whole body of a 200 answer, unpacked, at most `limit` bytes.

    Raises:
        SourceError: `source_missing`, `source_denied`, `source_unreadable`, `file_too_large`.
        SourceUnavailableError: `source_throttled`, `source_unreachable`.
        http.client.IncompleteRead: the connection ended before the announced length.
    """
    if answer.status != 200:
        raise status_error(answer.status, source)
    if (answer.length or 0) > limit:
        raise file_too_large(limit)
    coding = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        reason = f"it is sent packed as {coding[:20]}"
        raise SourceError("source_unreadable", source=shown(source), reason=reason)
    parts: list[bytes] = []
    size = 0
    for part in _plain(answer) if coding == "identity" else _unpacked(answer):
        size += len(part)
        if size > limit:
            raise file_too_large(limit)
        parts.append(part)
    return b"".join(parts)


def status_error(status: int, source: str) -> PackshotError:
    """The error that a status other than 200 stands for."""
    name = shown(source)
    if status in _MISSING:
        return SourceError("source_missing", source=name)
    if status in _THROTTLED:
        return SourceUnavailableError("source_throttled", source=name)
    if status >= 500 or status == 408:
        return SourceUnavailableError("source_unreachable", source=name)
    if status >= 400:
        return SourceError("source_denied", source=name, reason=f"HTTP {status}")
    return SourceError("source_unreadable", source=name, reason=f"it answers with HTTP {status}")


def _plain(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while part := answer.read(_CHUNK):
        yield part
    if answer.length:
        # Read in pieces, `http.client` takes an early end for the end.
        raise http.client.IncompleteRead(b"", answer.length)


def _unpacked(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """Unpacks what a server packed though it was asked not to, never more than a piece at a time."""
    unpack = zlib.decompressobj(wbits=47)  # gzip or zlib, by its header
    for part in _plain(answer):
        while part:
            yield unpack.decompress(part, _CHUNK)
            part = unpack.unconsumed_tail  # noqa: PLW2901  # what is left of the piece
    while rest := unpack.decompress(b"", _CHUNK):
        yield rest
    if not unpack.eof:
        raise http.client.IncompleteRead(b"")
