"""What stands in a PNG beside its pixels is no business of the terminal's."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from packshot.imaging.decode import decode
from tests.imaging.encoded import saved, scene

SCENE = scene()
#: Signature and header.
HEAD = 8 + 25


def with_chunk(data: bytes, kind: bytes, content: bytes, at: int = HEAD) -> bytes:
    checksum = zlib.crc32(kind + content).to_bytes(4, "big")
    return data[:at] + len(content).to_bytes(4, "big") + kind + content + checksum + data[at:]


def with_palette() -> bytes:
    """Both levels of the picture are opaque; its palette has two entries."""
    data = np.asarray(SCENE[..., 0] > 128, np.uint8)
    picture = Image.fromarray(data, "P")
    picture.putpalette([20, 20, 20, 220, 220, 220])
    out = io.BytesIO()
    picture.save(out, "PNG", bits=1)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (b"iCCP", b"sRGB\0\0" + zlib.compress(bytes(200))),
        (b"sBIT", bytes(3)),
        (b"pHYs", b"\0"),
        (b"eXIf", b"II"),
        (b"zTXt", b"note\0\0xx"),
        (b"tIME", bytes(7)),
        (b"PLTE", bytes(31)),
    ],
)
def test_a_chunk_that_is_damaged_costs_no_pixel_and_no_line(
    kind: bytes, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = decode(with_chunk(saved(SCENE, "PNG"), kind, content))
    assert np.array_equal(picture.pixels, SCENE)
    assert capfd.readouterr() == ("", "")


def test_transparency_that_nobody_needs_costs_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    rgba = np.dstack([SCENE, SCENE[..., 0]])
    picture = decode(with_chunk(saved(rgba, "PNG"), b"tRNS", b"\0\1\0\2\0\3"))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, SCENE[..., 0])
    assert capfd.readouterr() == ("", "")


def test_a_damaged_exif_block_costs_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    # One directory entry whose value would lie far behind the block's end.
    entry = b"\x01\x0f\0\2\0\0\0\x7f\0\0\x7f\0"
    picture = decode(with_chunk(saved(SCENE, "PNG"), b"eXIf", b"MM\0*\0\0\0\x08\0\1" + entry + bytes(4)))
    assert picture.facts.orientation == 1
    assert not recwarn.list


@pytest.mark.parametrize("level", [b"", b"\0", b"\0\x40\0\x40"])
def test_a_transparent_level_of_another_size_says_nothing(
    level: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = decode(with_chunk(saved(SCENE[..., 0], "PNG"), b"tRNS", level))
    assert picture.alpha is None
    assert capfd.readouterr() == ("", "")


def test_of_a_transparent_level_only_the_samples_bits_count() -> None:
    grey = np.ascontiguousarray(SCENE[..., 0] // 64 * 64)
    picture = decode(with_chunk(saved(grey, "PNG"), b"tRNS", b"\1\x40"))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha == 0, grey == 64)


def test_a_palette_that_a_grey_picture_has_no_use_for_costs_no_line(
    capfd: pytest.CaptureFixture[str],
) -> None:
    grey = np.ascontiguousarray(SCENE[..., 0])
    assert np.array_equal(decode(with_chunk(saved(grey, "PNG"), b"PLTE", bytes(6))).pixels[..., 0], grey)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("before", "alphas"), [(b"PLTE", b"\0"), (b"IEND", b"\0"), (b"IDAT", b""), (b"IDAT", bytes(3))]
)
def test_a_palettes_transparency_that_is_out_of_place_says_nothing(
    before: bytes, alphas: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    data = with_palette()
    picture = decode(with_chunk(data, b"tRNS", alphas, data.index(before) - 4))
    assert picture.alpha is None
    assert set(np.unique(picture.pixels)) == {20, 220}
    assert capfd.readouterr() == ("", "")


def test_of_two_transparencies_of_a_palette_the_first_counts(capfd: pytest.CaptureFixture[str]) -> None:
    data = with_palette()
    at = data.index(b"IDAT") - 4
    picture = decode(with_chunk(with_chunk(data, b"tRNS", b"\xff\xff", at), b"tRNS", b"\0\x80", at))
    assert picture.alpha is not None
    assert set(np.unique(picture.alpha)) == {0, 128}
    assert capfd.readouterr() == ("", "")
