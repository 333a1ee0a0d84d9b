"""Names of files from outside, before they come near a folder or a bucket."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from packshot.errors import RequestError

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: Bytes that file systems take for one name.
_NAME_BYTES: Final = 240
_DEPTH: Final = 8


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
