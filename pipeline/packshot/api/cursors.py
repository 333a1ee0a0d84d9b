"""Cursors as they go out: bound to their list and its filters, and signed: made-up ones are refused."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Final

from packshot.errors import RequestError

_MAC_BYTES: Final = 12


class Cursors:
    """Seals the ports' cursors.

    Args:
        secret: equal on all servers that share a table.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, cursor: str | None, *scope: object) -> str | None:
        """A port's cursor for the outside; `scope` is the list and its filters."""
        if cursor is None:
            return None
        text = cursor.encode()
        return base64.urlsafe_b64encode(self._mac(text, scope) + text).decode().rstrip("=")

    def open(self, sealed: str | None, *scope: object) -> str | None:
        """The port's cursor again.

        Raises:
            RequestError: cursor_invalid, also for one of another list or other filters.
        """
        if sealed is None:
            return None
        try:
            data = base64.urlsafe_b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4))
        except (UnicodeEncodeError, binascii.Error, ValueError) as error:
            raise RequestError("cursor_invalid") from error
        mac, text = data[:_MAC_BYTES], data[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(text, scope)):
            raise RequestError("cursor_invalid")
        return text.decode()

    def _mac(self, text: bytes, scope: tuple[object, ...]) -> bytes:
        bound = json.dumps([str(part) for part in scope]).encode()
        return hmac.digest(self._secret, bound + b"\0" + text, hashlib.sha256)[:_MAC_BYTES]
