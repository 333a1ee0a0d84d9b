"""Which network addresses are public ones, and which hosts a source may name.

A service that reads addresses which strangers write down must not become their way into its own
network (server-side request forgery). So what is refused is decided on the numeric address that is
about to be connected to, after the name was resolved, and by what is allowed in IPv6 (the global
unicast range), not by what is known to be bad.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890, RFC 8190), read
2026-11; RFC 6598 (shared), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 and RFC 8215 (NAT64).
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REFUSED_V4: Final = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared, behind a carrier's translation
        "127.0.0.0/8",
        "168.63.129.16/32",  # the metadata service of a large cloud, on a public-looking address
        "169.254.0.0/16",  # link-local, with most clouds' metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
#: All of IPv6 that is public lies in here: not mapped or compatible IPv4 (::/96, ::ffff:0:0/96), NAT64
#: (64:ff9b::/96, 64:ff9b:1::/48), discard, unique-local, link-local, site-local or multicast addresses.
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6: Final = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, with Teredo (2001::/32) and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address, perhaps a private one, is wrapped in it
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """True for addresses of the public internet that hold no other address inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _REFUSED_V6)


def ascii_host(host: str) -> str:
    """A host name in the letters that are looked up: lower case, full-width digits made plain, IDNA.

    Raises:
        ValueError: it is no host name.
    """
    if ":" in host:  # an IPv6 literal, brackets gone
        return str(ipaddress.IPv6Address(host))
    try:
        plain = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError("its host is no valid name") from error
    if not re.fullmatch(r"[a-z0-9_.\-]{1,253}", plain) or ".." in plain or plain.startswith("."):
        raise ValueError("its host is no valid name")
    return plain


def literal(host: str) -> Address | None:
    """The address that an ASCII host stands for by itself; None for a name.

    Resolvers also take numbers for addresses, in parts, octal and hexadecimal (`127.1`,
    `0177.0.0.1`, `0x7f000001`, `2130706433`). Nobody publishes photos that way, so whatever ends in
    a number must be an ordinary dotted address.

    Raises:
        ValueError: a number in any other notation.
    """
    if ":" in host:
        return ipaddress.IPv6Address(host)
    last = host.rstrip(".").rpartition(".")[2]
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last):
        return None
    return ipaddress.IPv4Address(host)
