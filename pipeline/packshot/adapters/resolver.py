"""Names to addresses, by this machine's name service, within a time limit."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable

from packshot.adapters.addresses import Address

#: host, port, seconds -> its addresses in the order to try them; `OSError` without any, `TimeoutError`.
Resolver = Callable[[str, int, float], list[Address]]


def resolve_system(host: str, port: int, timeout_s: float) -> list[Address]:
    """All addresses of a host as this machine's name service tells them.

    Raises:
        TimeoutError: no answer in time. The look-up itself can't be stopped, so it is left to end in
            a thread that keeps nobody waiting.
        OSError: no such name, or no name service.
    """
    answer: queue.SimpleQueue[list[Address] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            # The scope of a link-local address stands behind a % and is kept, so that it is refused.
            answer.put(list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError, ValueError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=look_up, name="packshot-resolver", daemon=True).start()
    try:
        result = answer.get(timeout=timeout_s)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(result, OSError):
        raise result
    return result
