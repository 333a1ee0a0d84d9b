"""Which addresses can be asked for at all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.adapters.fetch_http import target_of
from packshot.errors import SourceError


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
