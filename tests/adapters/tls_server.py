"""A TLS server on loopback whose answers are scripts, with a certificate authority of its own."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import trustme

Script = Callable[[ssl.SSLSocket], None]


@dataclass
class Seen:
    """One request as it arrived."""

    sni: str | None
    head: str

    @property
    def host(self) -> str:
        lines = [line for line in self.head.split("\r\n") if line.lower().startswith("host:")]
        assert len(lines) == 1
        return lines[0].partition(":")[2].strip()


@dataclass
class TlsServer:
    """Serves `scripts` by path until it is stopped."""

    authority: trustme.CA
    names: tuple[str, ...]
    scripts: dict[str, Script] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*self.names).configure_cert(self._context)
        self._context.sni_callback = self._note_sni
        self._sni = threading.local()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str, host: str | None = None) -> str:
        return f"https://{host or self.names[0]}:{self.port}{path}"

    def answer(self, path: str, head: str, body: bytes = b"") -> str:
        """Serves a fixed answer; its address."""
        text = head.replace("\n", "\r\n").encode() + b"\r\n\r\n"
        self.scripts[path] = lambda connection: connection.sendall(text + body)
        return self.url(path)

    def stop(self) -> None:
        self._listener.close()

    def _note_sni(self, _socket: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self._sni.name = name

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        # The client hangs up whenever it has had enough: that is what these tests are about.
        with contextlib.suppress(OSError), plain, self._context.wrap_socket(plain, server_side=True) as tls:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = tls.recv(4096)
                if not piece:
                    return
                head += piece
            seen = Seen(getattr(self._sni, "name", None), head.decode("latin-1"))
            self.seen.append(seen)
            self.scripts[seen.head.split(" ")[1]](tls)
