from __future__ import annotations

import hashlib
import io

import pytest

from packshot.errors import ManifestError
from packshot.manifests.encoding import survey, text_of

TEXT = "sku_id,image_url\nGröße,a.jpg\n"


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(codec: str, named: str) -> None:
    data = TEXT.encode(codec)
    stream = io.BytesIO(data)
    found = survey(stream, 1000)
    assert (found.encoding, found.bytes, found.sha256) == (named, len(data), hashlib.sha256(data).hexdigest())
    assert text_of(stream, found.encoding, newline="").read() == TEXT


def test_big_endian_marks() -> None:
    for mark, codec in ((b"\xfe\xff", "utf-16-be"), (b"\x00\x00\xfe\xff", "utf-32-be")):
        stream = io.BytesIO(mark + TEXT.encode(codec))
        assert text_of(stream, survey(stream, 1000).encoding, newline="").read() == TEXT


def test_an_umlaut_far_behind_decides_as_one_in_the_header() -> None:
    far = "a,b\n" * 600_000 + "ä"
    assert survey(io.BytesIO(far.encode("cp1252")), 10_000_000).encoding == "cp1252"
    assert survey(io.BytesIO(far.encode("utf-8")), 10_000_000).encoding == "utf-8"


def test_a_letter_across_two_reads_is_whole() -> None:
    data = b"a" * ((1 << 20) - 1) + "ä".encode()
    assert survey(io.BytesIO(data), 10_000_000).encoding == "utf-8"


def test_a_letter_cut_off_at_the_end_is_no_utf_8() -> None:
    assert survey(io.BytesIO("aä".encode()[:-1]), 100).encoding == "cp1252"


def test_bytes_without_a_letter_in_windows_1252_stay_readable() -> None:
    stream = io.BytesIO(b"a\x81\xe4")
    assert text_of(stream, survey(stream, 100).encoding, newline="").read() == "a\x81ä"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04rest", "CSV"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"\x1f\x8b\x08rest", "compressed"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1", "Parquet"),
        (b"SQLite format 3\x00", "database"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"ab\x00\x00\x00cd\x00", "text"),
        (b"\xef\xbb\xbfa\xff", "UTF-8"),
        (b"\xff\xfea", "UTF-16"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, word: str) -> None:
    with pytest.raises(ManifestError) as caught:
        survey(io.BytesIO(data), 100)
    assert caught.value.code == "manifest_unreadable"
    assert word in caught.value.message


def test_sizes() -> None:
    with pytest.raises(ManifestError) as empty:
        survey(io.BytesIO(b""), 100)
    assert empty.value.code == "manifest_empty"
    with pytest.raises(ManifestError) as large:
        survey(io.BytesIO(b"a" * 101), 100)
    assert large.value.code == "manifest_too_large"
    assert survey(io.BytesIO(b"a" * 100), 100).bytes == 100
