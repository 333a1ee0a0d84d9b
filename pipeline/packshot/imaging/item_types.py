"""The items that a HEIC lists, and whether their types are text.

pi-heif makes a Python text of the type of each metadata item (`Exif`, `mime`) and of its content type, and
takes the whole process down where that can't be done; so this has to be known before it opens a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from packshot.errors import ImageError

#: Bytes of an item's number and protection before its type, by the version of its entry
#: (ISO/IEC 14496-12, 8.11.6); entries of version 0 and 1 have no type.
_BEFORE: Final = {0: 4, 1: 4, 2: 4, 3: 6}


def check_item_types(data: bytes) -> None:
    """Refuses a HEIC with an item whose type or content type is no text.

    Raises:
        ImageError: `image_corrupt`.
    """
    for kind, meta in _boxes(data):
        if kind != b"meta":
            continue
        for inner, items in _boxes(meta[4:]):
            if inner != b"iinf":
                continue
            # The count of the entries has two bytes, in later versions four.
            for entry, body in _boxes(items[6 if items[:1] == b"\0" else 8 :]):
                if entry == b"infe":
                    _check_entry(body)


def _check_entry(body: bytes) -> None:
    version = body[0] if body else 0
    rest = body[4 + _BEFORE.get(version, 4) :]
    kind, texts = (rest[:4], rest[4:]) if version >= 2 else (b"", rest)
    # The name, which nobody reads, the content type, its encoding.
    content_type = [*texts.split(b"\0"), b""][1]
    try:
        (kind + content_type).decode()
    except UnicodeDecodeError as error:
        raise ImageError("image_corrupt", reason="its list of parts is damaged") from error


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of the boxes in a row (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(data):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:  # reaches to the end
            size = len(data) - at
        if size < head:
            return
        yield data[at + 4 : at + 8], data[at + head : at + size]
        at += size
