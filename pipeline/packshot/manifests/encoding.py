"""Text from bytes: byte order marks, UTF-8, UTF-16 and UTF-32, and the old Windows code page.

The whole file is looked at once, which also gives its hash: a manifest whose first umlaut stands
in row 90,000 is read as surely as one where it stands in the header.
"""

from __future__ import annotations

import codecs
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO

from packshot.errors import ManifestError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32's little-endian mark begins with UTF-16's, so it is asked for first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "it is a workbook or an archive; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "it is an Excel workbook; save the sheet as CSV"),
    (b"\x1f\x8b", "it is compressed; unpack it first"),
    (b"%PDF", "it is a PDF"),
    (b"PAR1", "it is a Parquet file"),
    (b"SQLite format 3\x00", "it is a database"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at a manifest's bytes tells.

    Attributes:
        sha256: of the bytes, in hex digits.
        bytes: how many there are.
        encoding: Python's name for the text's encoding.
    """

    sha256: str
    bytes: int
    encoding: str


def _latin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


# Five bytes have no letter in Windows-1252; there Latin-1's control character stands, and the row is refused.
codecs.register_error("packshot-latin", _latin)


def survey(stream: BinaryIO, limit: int) -> Survey:
    """Reads the stream from its beginning to its end.

    Raises:
        ManifestError: `manifest_too_large` above `limit` bytes; `manifest_unreadable` when the
            bytes are no text; `manifest_empty` when there are none.
    """
    stream.seek(0)
    digest = hashlib.sha256()
    size = 0
    head = b""
    decoder: codecs.IncrementalDecoder | None = None
    encoding = ""
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise ManifestError("manifest_too_large", bytes=f"more than {limit}", limit=limit)
        digest.update(chunk)
        if not encoding:
            head = chunk[:4096]
            encoding = _encoding_of(head)
            decoder = codecs.getincrementaldecoder(encoding)()
        decoder = _feed(decoder, chunk, encoding)
    if size == 0:
        raise ManifestError("manifest_empty")
    decoder = _feed(decoder, b"", encoding, final=True)
    if decoder is None:
        # UTF-8 without a mark that turns out not to be UTF-8: what spreadsheets on Windows write.
        encoding = "cp1252"
    return Survey(digest.hexdigest(), size, encoding)


def _feed(
    decoder: codecs.IncrementalDecoder | None, chunk: bytes, encoding: str, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    """Decodes on; None from the first byte on that is not UTF-8 where nothing says that it should be."""
    if decoder is None:
        return None
    try:
        decoder.decode(chunk, final)
    except UnicodeError as error:
        if encoding == "utf-8":
            return None
        raise ManifestError(
            "manifest_unreadable", reason=f"its bytes are not the {encoding.upper()} that its beginning says"
        ) from error
    return decoder


def _encoding_of(head: bytes) -> str:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    for magic, reason in _OTHER_FILES:
        if head.startswith(magic):
            raise ManifestError("manifest_unreadable", reason=reason)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.2 and even == 0:
        return "utf-16-le"
    if even > len(head) * 0.2 and odd == 0:
        return "utf-16-be"
    if even or odd:
        raise ManifestError("manifest_unreadable", reason="it is not a text file")
    return "utf-8"


def text_of(stream: BinaryIO, encoding: str, *, newline: str | None) -> TextIO:
    """The stream's text from its beginning; `newline` as for `open`. Closing it leaves the stream open."""
    stream.seek(0)
    errors = "packshot-latin" if encoding == "cp1252" else "strict"
    buffered = io.BufferedReader(_Unclosed(stream), buffer_size=_CHUNK >> 2)
    return io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline=newline)


class _Unclosed(io.RawIOBase):
    """A readable view of a stream that does not close it when the text wrapper goes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)
