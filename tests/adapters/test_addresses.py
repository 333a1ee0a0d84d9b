from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.adapters.addresses import ascii_host, is_public, literal

REFUSED = [
    "0.0.0.0",  # noqa: S104  # nothing is bound to it
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.7",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.9",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::1%eth0",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.0.1",
    "192.169.0.1",
    "198.17.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001:82a::200e",
    "3ffe::1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_an_ipv4_address_public(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = [
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1),
        ipaddress.IPv6Address((0x0064FF9B << 96) | number),
        ipaddress.IPv6Address((0x0064FF9B0001 << 80) | number),
        ipaddress.IPv6Address((0x20010000 << 96) | (number << 64) | (number ^ 0xFFFFFFFF)),
    ]
    assert not any(is_public(one) for one in wrapped)


@given(st.ip_addresses(v=4))
def test_never_more_liberal_than_the_standard_library(address: ipaddress.IPv4Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f.0.0.1",
        "0x7f000001",
        "0x7F000001",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.01",
        "0x",
        "1.2.3.4.5",
        "256.1.1.1",
        "example.1",
        "127.0.0.1.",
    ],
)
def test_odd_spellings_of_numbers_are_refused_as_such(host: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        literal(ascii_host(host))


@pytest.mark.parametrize("host", ["127.0.0.1", "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①"])
def test_full_width_digits_and_dots_are_made_plain(host: str) -> None:
    address = literal(ascii_host(host))
    assert address == ipaddress.IPv4Address("127.0.0.1")


def test_ipv6_literals_and_names() -> None:
    assert literal(ascii_host("0:0:0:0:0:0:0:1")) == ipaddress.IPv6Address("::1")
    assert literal(ascii_host("cdn.example")) is None
    assert ascii_host("Bücher.Example") == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    "host", ["", ".example", "a..b", "a b", "a/b", "ex%61mple", "a" * 64 + ".example", "[::1"]
)
def test_what_is_no_host_is_no_host(host: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ascii_host(host)


@given(st.text(max_size=40))
def test_any_text_is_a_host_or_a_value_error(text: str) -> None:
    try:
        host = ascii_host(text)
        literal(host)
    except ValueError:
        return
    assert host.isascii()
