"""What a server may answer, and what is read of it."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading

import pytest

from packshot.adapters.fetch_http import HttpsReader, Limits
from packshot.errors import PackshotError, SourceError, SourceUnavailableError
from tests.adapters.fetch_http.world import HOST, QUICK, Make, Names, failure
from tests.adapters.tls_server import TlsServer


def test_reads_a_photo_with_the_names_host_and_certificate(server: TlsServer, make: Make) -> None:
    url = server.answer("/a%20b/m%C3%BCg.jpg?v=1&w=2", "HTTP/1.1 200 OK\nContent-Length: 5", b"photo")
    assert make().read(url) == b"photo"
    (seen,) = server.seen
    assert seen.sni == HOST
    assert seen.host == f"{HOST}:{server.port}"
    assert "Accept-Encoding: identity" in seen.head


def test_quotes_what_a_manifest_left_unquoted(server: TlsServer, make: Make) -> None:
    server.answer("/a%20b/m%C3%BCg.jpg", "HTTP/1.1 200 OK\nContent-Length: 5", b"photo")
    assert make().read(server.url("/a b/müg.jpg#frag")) == b"photo"


def test_reads_bodies_of_every_framing(server: TlsServer, make: Make) -> None:
    chunked = b"3\r\npho\r\n2\r\nto\r\n0\r\n\r\n"
    until_close = server.answer("/close", "HTTP/1.0 200 OK", b"photo")
    in_chunks = server.answer("/chunks", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked", chunked)
    assert make().read(until_close) == make().read(in_chunks) == b"photo"


def test_unpacks_what_was_packed_unasked(server: TlsServer, make: Make) -> None:
    packed = gzip.compress(b"photo" * 1000)
    url = server.answer(
        "/z", f"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {len(packed)}", packed
    )
    assert make().read(url) == b"photo" * 1000


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "source_denied", SourceError),
        (403, "source_denied", SourceError),
        (404, "source_missing", SourceError),
        (410, "source_missing", SourceError),
        (418, "source_denied", SourceError),
        (204, "source_unreadable", SourceError),
        (304, "source_unreadable", SourceError),
        (429, "source_throttled", SourceUnavailableError),
        (503, "source_throttled", SourceUnavailableError),
        (500, "source_unreachable", SourceUnavailableError),
        (408, "source_unreachable", SourceUnavailableError),
    ],
)
def test_statuses(server: TlsServer, make: Make, status: int, code: str, kind: type[PackshotError]) -> None:
    error = failure(make(), server.answer("/s", f"HTTP/1.1 {status} Word\nContent-Length: 0"))
    assert (error.code, type(error)) == (code, kind)


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 200 OK\n" + "\n".join(f"X-{n}: {n}" for n in range(200)),
        "HTTP/1.1 200 OK\nX-Long: " + "y" * 70_000,
        "SSH-2.0-OpenSSH_9.9",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz",
        "HTTP/1.1 999999 OK",
    ],
)
def test_answers_that_are_not_proper_http(server: TlsServer, make: Make, head: str) -> None:
    error = failure(make(), server.answer("/odd", head))
    assert error.code in ("source_unreadable", "source_unreachable")


def test_a_body_that_ends_early_may_be_whole_the_next_time(server: TlsServer, make: Make) -> None:
    url = server.answer("/cut", "HTTP/1.1 200 OK\nContent-Length: 10", b"photo")
    error = failure(make(), url)
    assert (error.code, error.retryable) == ("source_unreachable", True)


def test_a_packed_body_that_ends_early_or_is_no_gzip(server: TlsServer, make: Make) -> None:
    cut = server.answer("/cut", "HTTP/1.0 200 OK\nContent-Encoding: gzip", gzip.compress(b"photo" * 99)[:20])
    junk = server.answer("/junk", "HTTP/1.0 200 OK\nContent-Encoding: gzip", b"photo")
    brotli = server.answer("/br", "HTTP/1.0 200 OK\nContent-Encoding: br", b"photo")
    assert failure(make(), cut).code == "source_unreachable"
    assert failure(make(), junk).code == "source_unreadable"
    assert failure(make(), brotli).code == "source_unreadable"


def test_certificates_are_verified(server: TlsServer, make: Make) -> None:
    url = server.answer("/a.jpg", "HTTP/1.1 200 OK\nContent-Length: 5", b"photo")
    stranger = HttpsReader(QUICK, resolver=Names(), also_allow=[ipaddress.ip_network("127.0.0.0/8")])
    assert "certificate" in failure(stranger, url).message
    wrong_name = make(Names(wrong_example=["127.0.0.1"]))
    assert "certificate" in failure(wrong_name, server.url("/a.jpg", "wrong.example")).message
    assert server.seen == []


def test_a_context_that_does_not_verify_is_not_taken() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    with pytest.raises(ValueError, match="verified"):
        HttpsReader(context=context)


def test_the_next_address_is_tried(server: TlsServer, make: Make) -> None:
    url = server.answer("/a.jpg", "HTTP/1.1 200 OK\nContent-Length: 5", b"photo")
    names = Names(photos_example=["127.0.0.9 127.0.0.1"])
    assert make(names).read(url) == b"photo"


def test_names_that_are_not_known_and_ports_that_are_closed(make: Make) -> None:
    assert failure(make(), "https://nowhere.example/a.jpg").code == "source_unreachable"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert failure(make(), f"https://{HOST}:{port}/a.jpg").code == "source_unreachable"


def test_many_at_once_keep_their_answers_apart(server: TlsServer, make: Make) -> None:
    reader = make(limits=Limits(100_000, total_s=20.0))
    for n in range(8):
        server.answer(f"/{n}", "HTTP/1.0 200 OK", str(n).encode() * 1000)
    results: dict[int, bytes] = {}

    def read(n: int) -> None:
        results[n] = reader.read(server.url(f"/{n}"))

    threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: str(n).encode() * 1000 for n in range(8)}
