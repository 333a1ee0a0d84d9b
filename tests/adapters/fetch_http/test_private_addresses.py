"""Addresses that must not be reached: named, resolved, rebound, or redirected to."""

from __future__ import annotations

import socket

import pytest

from tests.adapters.fetch_http.world import HOST, QUICK, Make, Names, failure
from tests.adapters.tls_server import TlsServer


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
