"""The start-up token, and the sessions that it opens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Final

from packshot.errors import RequestError

#: Seconds that a browser stays signed in.
SESSION_S: Final = 12 * 3600
#: Signs that a token of one's own must have.
SHORTEST: Final = 16


def new_token() -> str:
    """A token that can't be guessed: 192 bits."""
    return secrets.token_urlsafe(24)


class Tokens:
    """Knows the token, and signs sessions with it.

    Args:
        token: whoever has it may do everything.
        clock: seconds since 1970.
    """

    def __init__(self, token: str, clock: Callable[[], float] = time.time) -> None:
        self._token = token.encode()
        self._key = hashlib.sha256(b"packshot session " + self._token).digest()
        self._clock = clock

    def is_token(self, given: str) -> bool:
        """True for the token itself; takes as long for any."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token)

    def session(self) -> str:
        """The value of a new session's cookie."""
        said = f"{int(self._clock()) + SESSION_S}.{secrets.token_urlsafe(9)}"
        return f"{said}.{self._sign(said)}"

    def check_session(self, value: str) -> None:
        """Accepts a session's cookie.

        Raises:
            RequestError: token_invalid, token_expired.
        """
        said, _, signature = value.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._sign(said).encode()):
            raise RequestError("token_invalid")
        if int(said.partition(".")[0]) < self._clock():
            raise RequestError("token_expired")

    def _sign(self, said: str) -> str:
        return hmac.digest(self._key, said.encode("utf-8", "replace"), hashlib.sha256).hex()
