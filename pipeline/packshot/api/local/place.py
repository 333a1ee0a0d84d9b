"""Where the server keeps what, below the output folder."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packshot.errors import RequestError
from packshot.local.store import PRIVATE

#: The database of the server's documents.
DOCUMENTS: Final = "packshot-server.sqlite"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: Bytes that file systems take for one name.
_NAME_BYTES: Final = 240
_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one server; `root` is the output folder, absolute."""

    root: Path

    @property
    def uploads(self) -> Path:
        """One folder per upload folder, and in it one with its name, which holds the files."""
        return self.root / "uploads"

    @property
    def incoming(self) -> Path:
        """Files that are being received."""
        return self.root / PRIVATE / "incoming"

    @property
    def downloads(self) -> Path:
        """Zips."""
        return self.root / PRIVATE / "downloads"

    @property
    def previews(self) -> Path:
        """Small pictures."""
        return self.root / PRIVATE / "previews"

    @property
    def documents(self) -> Path:
        """The server's own database."""
        return self.root / DOCUMENTS


def checked_path(path: str) -> str:
    """A relative path from outside, in NFC, that stays in its folder and that every file system takes.

    Raises:
        RequestError: upload_name_refused.
    """
    plain = unicodedata.normalize("NFC", path)
    parts = plain.split("/")
    reason = None
    if _CONTROL.search(plain):
        reason = "it holds a control character"
    elif "\\" in plain:
        reason = "separate folders with / instead of \\"
    elif any(part in ("", ".", "..") for part in parts):
        reason = "it must be a plain name, with the folders before it"
    elif any(part.startswith(".") for part in parts):
        reason = "names with a leading dot are hidden files"
    elif len(parts) > _DEPTH:
        reason = f"it lies more than {_DEPTH - 1} folders deep"
    elif any(len(_encoded(part)) > _NAME_BYTES for part in parts):
        reason = f"one of its names is longer than {_NAME_BYTES} bytes"
    if reason is not None:
        shown = "".join(char if char.isprintable() else "?" for char in path[:100])
        raise RequestError("upload_name_refused", path=shown, reason=reason)
    return plain


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise RequestError("upload_name_refused", path="?", reason="it is no text") from error
