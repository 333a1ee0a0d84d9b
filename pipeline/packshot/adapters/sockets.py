"""A socket under a deadline and a byte limit, in the shape that `http.client` reads from."""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class TimeLimitError(TimeoutError):
    """A limit ran out; `limit_s` says which."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"more than {limit_s:g} s")
        self.limit_s = limit_s


class ByteLimitError(Exception):
    """The other side sent more than is taken."""


class Deadline:
    """A point in time by which everything must be done.

    A socket's own time-out starts anew with each byte, which a slow drip never lets run out.
    """

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._end = time.monotonic() + total_s

    def timeout(self, at_most_s: float) -> float:
        """Seconds that the next step may take; `TimeLimitError` when none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeLimitError(self._total_s)
        return min(left, at_most_s)

    def expired(self, at_most_s: float) -> TimeLimitError:
        """The error for a step that took its `timeout(at_most_s)`: of the limit that was the tighter."""
        over = time.monotonic() >= self._end
        return TimeLimitError(self._total_s if over else at_most_s)


class GuardedSocket:
    """Reads and writes a connected socket within limits; closing it is left to who opened it.

    Args:
        idle_s: seconds without a byte.
        max_bytes: bytes that are read at most, whatever they are.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, idle_s: float, max_bytes: int) -> None:
        self._socket = connected
        self._deadline = deadline
        self._idle_s = idle_s
        self._left = max_bytes

    def makefile(self, mode: str, *_: object) -> io.BufferedReader:
        """A buffered reader; `http.client` asks for mode `rb` only."""
        if mode != "rb":
            raise ValueError(mode)
        return io.BufferedReader(_Raw(self), buffer_size=1 << 16)

    def sendall(self, data: ReadableBuffer) -> None:
        """Sends everything."""
        self._socket.settimeout(self._deadline.timeout(self._idle_s))
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise self._deadline.expired(self._idle_s) from error

    def recv_into(self, buffer: WriteableBuffer) -> int:
        """Reads what there is; 0 at the end.

        Raises:
            TimeLimitError, ByteLimitError.
        """
        self._socket.settimeout(self._deadline.timeout(self._idle_s))
        try:
            count = self._socket.recv_into(buffer)
        except TimeoutError as error:
            raise self._deadline.expired(self._idle_s) from error
        self._left -= count
        if self._left < 0:
            raise ByteLimitError
        return count

    def close(self) -> None:
        """Nothing: a response is still read after `http.client` has let go of its connection."""


class _Raw(io.RawIOBase):
    def __init__(self, guarded: GuardedSocket) -> None:
        self._guarded = guarded

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return self._guarded.recv_into(buffer)
