from __future__ import annotations

import gzip
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from packshot.adapters.addresses import Address
from packshot.adapters.fetch_http import HttpsReader, Limits, target_of
from packshot.errors import PackshotError, SourceError, SourceUnavailableError
from tests.adapters.tls_server import TlsServer

HOST = "photos.example"
LOOPBACK = ipaddress.ip_address("127.0.0.1")
QUICK = Limits(bytes=100_000, total_s=2.0, connect_s=1.0, idle_s=1.0)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[TlsServer]:
    server = TlsServer(authority, (HOST, "other.example"))
    yield server
    server.stop()


class Names:
    """A name service with a fixed list of answers for each name; the last one stays."""

    def __init__(self, **answers: list[str]) -> None:
        self.asked: list[str] = []
        self._answers = {HOST: ["127.0.0.1"], "other.example": ["127.0.0.1"]}
        self._answers |= {name.replace("_", "."): given for name, given in answers.items()}

    def __call__(self, host: str, port: int, timeout_s: float) -> list[Address]:
        self.asked.append(host)
        answers = self._answers.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        text = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ipaddress.ip_address(one) for one in text.split()]


@pytest.fixture
def names() -> Names:
    return Names()


Make = Callable[..., HttpsReader]


@pytest.fixture
def make(authority: trustme.CA) -> Make:
    """Makes a reader that may read loopback, and trusts the test's authority."""

    def make(
        names: Names | None = None, limits: Limits = QUICK, allow: str | None = "127.0.0.0/8"
    ) -> HttpsReader:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        networks = [ipaddress.ip_network(allow)] if allow else []
        return HttpsReader(limits, resolver=names or Names(), context=context, also_allow=networks)

    return make


def failure(reader: HttpsReader, url: str) -> PackshotError:
    with pytest.raises(PackshotError) as caught:
        reader.read(url)
    return caught.value


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
    "host",
    [
        "127.0.0.1",
        "localhost.example",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "１２７.０.０.１",
        "169.254.169.254",
        "100.64.0.1",
    ],
)
def test_addresses_that_are_not_public_are_not_even_connected_to(
    server: TlsServer, make: Make, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise AssertionError("connected")

    monkeypatch.setattr(socket, "create_connection", refuse)
    reader = make(Names(localhost_example=["127.0.0.1"]), allow=None)
    assert failure(reader, f"https://{host}:{server.port}/a.jpg").code == "source_address_refused"
    assert server.seen == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(make: Make) -> None:
    reader = make(Names(mixed_example=["93.184.215.14 10.0.0.1"]), allow=None)
    assert failure(reader, "https://mixed.example/a.jpg").code == "source_address_refused"


def test_a_name_is_resolved_once_and_the_answer_is_connected_to(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[tuple[str, int]] = []

    def note(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", note)
    # Rebinding: the second answer is the one that an attacker wants to be connected to.
    names = Names(rebind_example=["93.184.215.14", "127.0.0.1"])
    assert failure(make(names, allow=None), "https://rebind.example/a.jpg").code == "source_unreachable"
    assert names.asked == ["rebind.example"]
    assert connected == [("93.184.215.14", 443)]


def test_a_rebound_name_reaches_the_address_that_was_checked(server: TlsServer, make: Make) -> None:
    url = server.answer("/a.jpg", "HTTP/1.1 200 OK\nContent-Length: 5", b"photo")
    names = Names(photos_example=["127.0.0.1", "10.9.9.9"])
    assert make(names).read(url) == b"photo"
    assert names.asked == [HOST]


def test_a_redirect_is_resolved_and_checked_anew(server: TlsServer, make: Make) -> None:
    server.answer("/there.jpg", "HTTP/1.1 200 OK\nContent-Length: 5", b"photo")
    target = server.url("/there.jpg", "other.example")
    url = server.answer("/a.jpg", f"HTTP/1.1 302 Found\nLocation: {target}\nContent-Length: 0")
    names = Names()
    assert make(names).read(url) == b"photo"
    assert names.asked == [HOST, "other.example"]
    assert [seen.sni for seen in server.seen] == names.asked


@pytest.mark.parametrize(
    "location",
    [
        "https://inner.example/secret",
        "https://169.254.169.254/latest/meta-data/",
        "https://0x7f000001/",
        "http://photos.example/plain.jpg",
        "file:///etc/passwd",
        "https://user:word@photos.example/a.jpg",
        "https://photos.example:22/a.jpg",
        "//[::1]/a.jpg",
        "https://[::1/a.jpg",
    ],
)
def test_redirects_to_places_that_are_not_allowed(server: TlsServer, make: Make, location: str) -> None:
    url = server.answer("/a.jpg", f"HTTP/1.1 301 Moved\nLocation: {location}\nContent-Length: 0")
    error = failure(make(Names(inner_example=["10.0.0.1"])), url)
    assert error.code == "source_redirects"
    assert len(server.seen) == 1


def test_rebinding_between_two_hops_is_seen(server: TlsServer, make: Make) -> None:
    url = server.answer("/a.jpg", "HTTP/1.1 307 Again\nLocation: /a.jpg\nContent-Length: 0")
    names = Names(photos_example=["127.0.0.1", "192.168.0.1"])
    assert failure(make(names), url).code == "source_redirects"
    assert len(server.seen) == 1


def test_redirects_end(server: TlsServer, make: Make) -> None:
    url = server.answer("/loop", "HTTP/1.1 302 Found\nLocation: /loop\nContent-Length: 0")
    assert failure(make(), url).code == "source_redirects"
    assert len(server.seen) == 1 + QUICK.redirects
    nowhere = server.answer("/nowhere", "HTTP/1.1 302 Found\nContent-Length: 0")
    assert failure(make(), nowhere).code == "source_redirects"


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


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://photos.example/a.jpg", "source_scheme_refused"),
        ("ftp://photos.example/a.jpg", "source_scheme_refused"),
        ("https://me:secret@photos.example/a.jpg", "source_invalid"),
        ("https://me@photos.example/a.jpg", "source_invalid"),
        ("https:///a.jpg", "source_invalid"),
        ("https://photos.example:99999/a.jpg", "source_invalid"),
        ("https://photos.example:22/a.jpg", "source_address_refused"),
        ("https://photos.example\\@10.0.0.1/a.jpg", "source_invalid"),
        ("https://photos.example/a\r\nHost: x", "source_invalid"),
        ("https://[::1/a.jpg", "source_invalid"),
        ("https://a..b/a.jpg", "source_invalid"),
    ],
)
def test_addresses_that_can_not_be_asked_for(url: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        target_of(url)
    assert caught.value.code == code
    assert "secret" not in caught.value.message


@given(
    st.one_of(
        st.text(max_size=60).map("https://".__add__),
        st.lists(
            st.sampled_from(
                ["https:", "/", "//", "@", ":", "[", "]", "%", "?", "#", "127.1", "a.example", "\ud800", "。"]
            ),
            max_size=10,
        ).map("".join),
    )
)
def test_any_text_is_an_address_or_a_source_error(url: str) -> None:
    try:
        target = target_of(url)
    except SourceError:
        return
    assert target.host.isascii()
    assert target.request.startswith("/")
    assert re.fullmatch(r"[!-~]+", target.host_header + target.request)


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
