"""Bytes and time are bounded, whatever a server does."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable

import pytest

from packshot.adapters.addresses import Address
from packshot.adapters.fetch_http import HttpsReader, Limits
from tests.adapters.fetch_http.world import HOST, QUICK, Make, failure
from tests.adapters.tls_server import TlsServer


def test_too_many_bytes_announced_or_sent(server: TlsServer, make: Make) -> None:
    body = b"x" * (QUICK.bytes + 1)
    announced = server.answer("/announced", f"HTTP/1.1 200 OK\nContent-Length: {len(body)}")
    sent = server.answer("/sent", "HTTP/1.0 200 OK", body)
    bomb = server.answer(
        "/bomb", "HTTP/1.0 200 OK\nContent-Encoding: gzip", gzip.compress(b"\0" * 20_000_000)
    )
    for url in (announced, sent, bomb):
        error = failure(make(), url)
        assert error.code == "file_too_large"
        assert "0.1 MB" in error.message


def test_a_body_of_exactly_the_limit_is_read(server: TlsServer, make: Make) -> None:
    body = b"x" * QUICK.bytes
    url = server.answer("/full", f"HTTP/1.1 200 OK\nContent-Length: {len(body)}", body)
    assert make().read(url) == body


def test_an_endless_body_ends_at_the_limit(server: TlsServer, make: Make) -> None:
    def endless(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    server.scripts["/endless"] = endless
    assert failure(make(), server.url("/endless")).code == "file_too_large"


def test_an_endless_chunk_of_negative_size_ends_at_the_limit(server: TlsServer, make: Make) -> None:
    def endless(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    server.scripts["/negative"] = endless
    assert failure(make(limits=Limits(100_000, 20.0)), server.url("/negative")).code in (
        "file_too_large",
        "source_unreadable",
    )


def drip(head: bytes, piece: bytes, pause_s: float) -> Callable[[ssl.SSLSocket], None]:
    def script(connection: ssl.SSLSocket) -> None:
        connection.sendall(head)
        while True:
            time.sleep(pause_s)
            connection.sendall(piece)

    return script


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"y"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_slow_drip_ends_at_the_total_time(server: TlsServer, make: Make, head: bytes, piece: bytes) -> None:
    server.scripts["/drip"] = drip(head, piece, 0.02)
    started = time.monotonic()
    error = failure(make(limits=Limits(100_000, total_s=0.5, idle_s=0.4)), server.url("/drip"))
    assert (error.code, error.details["limit_s"]) == ("source_timeout", "0.5")
    assert time.monotonic() - started < 1.5


def test_silence_ends_at_the_idle_time(server: TlsServer, make: Make) -> None:
    server.scripts["/silent"] = lambda connection: time.sleep(3)
    error = failure(make(limits=Limits(100_000, total_s=10.0, idle_s=0.2)), server.url("/silent"))
    assert (error.code, error.details["limit_s"]) == ("source_timeout", "0.2")


def test_a_handshake_that_never_comes_ends_at_the_connect_time(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://{HOST}:{listener.getsockname()[1]}/a.jpg"
        error = failure(make(limits=Limits(100_000, total_s=10.0, connect_s=0.2)), url)
    assert (error.code, error.details["limit_s"]) == ("source_timeout", "0.2")


def test_a_slow_name_service_ends_at_the_connect_time(make: Make) -> None:
    def slow(host: str, port: int, timeout_s: float) -> list[Address]:
        raise TimeoutError

    reader = HttpsReader(QUICK, resolver=slow)
    assert failure(reader, f"https://{HOST}/a.jpg").code == "source_timeout"
