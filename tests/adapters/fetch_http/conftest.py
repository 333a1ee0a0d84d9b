"""A server with a certificate, and readers that trust it."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator

import pytest
import trustme

from packshot.adapters.fetch_http import HttpsReader, Limits
from tests.adapters.fetch_http.world import HOST, QUICK, Make, Names
from tests.adapters.tls_server import TlsServer


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[TlsServer]:
    server = TlsServer(authority, (HOST, "other.example"))
    yield server
    server.stop()


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
