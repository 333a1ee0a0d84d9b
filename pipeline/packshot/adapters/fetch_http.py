"""Photos from public https addresses, read as if their owners were hostile.

A name is resolved once; every address it has must be public; the connection goes to exactly that
address, while certificate and Host header are those of the name, so that a second answer of the
name service can't lead elsewhere. Each redirect starts over. One deadline covers everything from
the name service to the last byte, and one limit all bytes, headers and decompressed ones included.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from packshot import __version__
from packshot.adapters.addresses import Address, Network, ascii_host, is_public, literal
from packshot.adapters.http_body import read_body
from packshot.adapters.resolver import Resolver, resolve_system
from packshot.adapters.sockets import ByteLimitError, Deadline, GuardedSocket, TimeLimitError
from packshot.contracts.limits import MAX_SOURCE_BYTES, file_too_large
from packshot.errors import SourceError, SourceUnavailableError
from packshot.manifests.locate import invalid, shown

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: What stays as it is in paths and queries; `%` does, since addresses come quoted already.
_PATH_SAFE: Final = "/%:@!$&'()*+,;=~-._"
#: Bytes of status line, headers, chunk marks and trailers that a response may have beside its body.
_OVERHEAD_BYTES: Final = 1 << 20
_HEADERS: Final = {
    "User-Agent": f"packshot/{__version__}",
    "Accept": "image/*,*/*;q=0.5",
    # A body that grows when it is unpacked is how small files fill memories.
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a source may take.

    Attributes:
        bytes: of the photo's file.
        total_s: seconds from the look-up of the name to the last byte, redirects included. Below the
            time-out of the stage that fetches, so that the reason is told by us.
        connect_s: seconds for one address to answer.
        idle_s: seconds without a byte.
        redirects: how many are followed.
    """

    bytes: int = MAX_SOURCE_BYTES
    total_s: float = 30.0
    connect_s: float = 5.0
    idle_s: float = 10.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Target:
    """An https address, taken apart: host in ASCII, port, and path with query as they are asked for."""

    host: str
    port: int
    request: str

    @property
    def host_header(self) -> str:
        """The Host header's value."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


class HttpsReader:
    """Reads https addresses of the public internet.

    Args:
        limits: bytes and seconds.
        resolver: looks a name up, once per hop.
        context: TLS settings; None for certificates that this machine trusts. Always verifies.
        also_allow: networks that are read although they are not public, such as the ones of a
            company's own picture server. Everything in them can be asked for by a manifest.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        resolver: Resolver = resolve_system,
        context: ssl.SSLContext | None = None,
        also_allow: Sequence[Network] = (),
    ) -> None:
        self._limits = limits or Limits()
        self._resolver = resolver
        self._context = context or ssl.create_default_context()
        if not self._context.check_hostname or self._context.verify_mode is not ssl.CERT_REQUIRED:
            raise ValueError("certificates are always verified")
        self._also_allow = tuple(also_allow)

    def read(self, source: str) -> bytes:
        """The bytes behind an https address.

        Raises:
            SourceError: `source_invalid`, `source_scheme_refused`, `source_address_refused`,
                `source_redirects`, `source_denied`, `source_missing`, `source_unreadable`,
                `file_too_large`.
            SourceUnavailableError: `source_unreachable`, `source_timeout`, `source_throttled`.
        """
        name = shown(source)
        try:
            return self._follow(source, Deadline(self._limits.total_s))
        except TimeLimitError as error:
            limit_s = f"{error.limit_s:g}"
            raise SourceUnavailableError("source_timeout", source=name, limit_s=limit_s) from error
        except ByteLimitError as error:
            raise file_too_large(self._limits.bytes) from error
        except ssl.SSLCertVerificationError as error:
            reason = f"its certificate is not trusted: {error.verify_message}"
            raise SourceError("source_unreadable", source=name, reason=reason) from error
        except (OSError, http.client.IncompleteRead) as error:
            # Names that are not known, refused, lost and cut connections, failed handshakes.
            raise SourceUnavailableError("source_unreachable", source=name) from error
        except (http.client.HTTPException, ValueError, zlib.error) as error:
            reason = "its answer is not proper HTTP"
            raise SourceError("source_unreadable", source=name, reason=reason) from error

    def _follow(self, source: str, deadline: Deadline) -> bytes:
        url = source
        for hop in range(self._limits.redirects + 1):
            try:
                target = target_of(url)
                addresses = self._allowed(target, url, deadline)
            except SourceError as error:
                if hop == 0:
                    raise
                raise SourceError("source_redirects", source=shown(source)) from error
            with self._connect(target, addresses, deadline) as connected:
                answer = self._ask(connected, target, deadline)
                if answer.status not in _REDIRECTS:
                    return read_body(answer, source, self._limits.bytes)
                location = answer.getheader("Location")
            if not location:
                break
            url = _joined(url, location, source)
        raise SourceError("source_redirects", source=shown(source))

    def _allowed(self, target: Target, url: str, deadline: Deadline) -> list[Address]:
        """The host's addresses, looked up once; refused as a whole when a single one is not public."""
        own = literal(target.host)
        if own is not None:
            addresses = [own]
        else:
            timeout_s = deadline.timeout(self._limits.connect_s)
            try:
                addresses = self._resolver(target.host, target.port, timeout_s)
            except TimeoutError as error:
                raise deadline.expired(self._limits.connect_s) from error
        for address in addresses:
            listed = any(address.version == net.version and address in net for net in self._also_allow)
            if not is_public(address) and not listed:
                raise SourceError("source_address_refused", source=shown(url))
        return addresses

    def _connect(self, target: Target, addresses: list[Address], deadline: Deadline) -> ssl.SSLSocket:
        """A verified TLS connection to the first address that takes one."""
        failure: OSError = OSError("the name has no address")
        for address in addresses:
            timeout_s = deadline.timeout(self._limits.connect_s)
            try:
                # A numeric address: nothing is looked up again.
                plain = socket.create_connection((str(address), target.port), timeout=timeout_s)
            except TimeoutError:
                failure = deadline.expired(self._limits.connect_s)
                continue
            except OSError as error:
                failure = error
                continue
            try:
                plain.settimeout(deadline.timeout(self._limits.connect_s))
                return self._context.wrap_socket(plain, server_hostname=target.host)
            except TimeoutError as error:
                plain.close()
                raise deadline.expired(self._limits.connect_s) from error
            except BaseException:
                plain.close()
                raise
        raise failure

    def _ask(self, connected: ssl.SSLSocket, target: Target, deadline: Deadline) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = GuardedSocket(
            connected, deadline, self._limits.idle_s, self._limits.bytes + _OVERHEAD_BYTES
        )
        connection.request("GET", target.request, headers={"Host": target.host_header, **_HEADERS})
        return connection.getresponse()


def _joined(url: str, location: str, source: str) -> str:
    try:
        # Headers are read as Latin-1, while servers put UTF-8 there.
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise SourceError("source_redirects", source=shown(source)) from error


def target_of(url: str) -> Target:
    """Takes an https address apart.

    Raises:
        SourceError: `source_scheme_refused`; `source_invalid` for credentials and malformed addresses;
            `source_address_refused` for ports below 1024 other than 443 and odd spellings of numbers.
    """
    if re.search(r"[\x00-\x1f\x7f\\]", url):
        raise invalid(url, "it holds a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else 443
        scheme = parts.scheme.lower()
        host = ascii_host(parts.hostname) if parts.hostname else ""
        request = quote(parts.path or "/", safe=_PATH_SAFE)
        if parts.query:
            request += "?" + quote(parts.query, safe=_PATH_SAFE + "?")
    except ValueError as error:
        raise invalid(url, str(error)) from error
    if scheme != "https":
        raise SourceError("source_scheme_refused", source=shown(url))
    if not host:
        raise invalid(url, "it names no host")
    if parts.username is not None or parts.password is not None:
        raise invalid(url, "an address must not hold a user name or password")
    try:
        literal(host)
    except ValueError as error:
        raise SourceError("source_address_refused", source=shown(url)) from error
    if port != 443 and port < 1024:
        # Other services' ports: what answers there was not meant to be read as a photo.
        raise SourceError("source_address_refused", source=shown(url))
    return Target(host, port, request)
