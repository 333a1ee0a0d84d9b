"""Files that are no pictures, half pictures or traps: each has its code, and nothing else ever escapes."""

import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from packshot.errors import ImageError, PackshotError, SourceError
from packshot.imaging.decode import decode
from tests.imaging.encoded import saved, saved_cv2, scene

SCENE = scene()
RGBA = np.dstack([SCENE, SCENE[..., 0]])
HEIC = (Path(__file__).parent / "data" / "scene-rgba.heic").read_bytes()
NOISE = np.random.default_rng(3).integers(0, 256, (96, 128, 3), dtype=np.uint8)

WHOLE = {
    "jpeg": saved(NOISE, "JPEG", quality=90),
    "jpeg-progressive": saved(NOISE, "JPEG", quality=90, progressive=True),
    "jpeg-cmyk": saved(Image.fromarray(NOISE).convert("CMYK"), "JPEG", quality=90),
    "png": saved(RGBA, "PNG"),
    "png-16": saved_cv2(SCENE.astype(np.uint16) * 257, ".png"),
    "webp": saved(NOISE, "WEBP", quality=90),
    "webp-lossless": saved(RGBA, "WEBP", lossless=True),
    "gif": saved(Image.fromarray(NOISE).quantize(64), "GIF"),
    "bmp": saved(NOISE, "BMP"),
    "tiff": saved(NOISE, "TIFF"),
    "tiff-lzw": saved(NOISE, "TIFF", compression="tiff_lzw"),
    "tiff-16": saved_cv2(SCENE.astype(np.uint16) * 257, ".tiff"),
    "avif": saved(NOISE, "AVIF", quality=90),
    "heic": HEIC,
}
MOVING = {
    "gif": saved(
        Image.fromarray(NOISE).quantize(16), "GIF", save_all=True, append_images=[Image.fromarray(SCENE)]
    ),
}


def code_of(data):
    with pytest.raises(PackshotError) as caught:
        decode(data)
    assert caught.value.message  # every code has its sentence filled in
    return caught.value.code


def test_an_empty_file():
    assert code_of(b"") == "image_empty_file"


@pytest.mark.parametrize(
    "data",
    [
        b"This is a shopping list, not a photo.\n" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"\x00" * 5000,
        b"BM and then just words that go on for a while",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
        b"II*\x00\x10\x00\x00\x00CR\x02\x00",
        b"\xff",
    ],
)
def test_what_is_no_picture(data):
    assert code_of(data) == "image_not_a_picture"


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.95])
def test_a_truncated_file_never_passes(name, kept):
    data = WHOLE[name]
    decode(data)  # whole, it is fine
    assert code_of(data[: max(int(len(data) * kept), 16)]) in {"image_truncated", "image_corrupt"}


@pytest.mark.parametrize("name", ["jpeg", "jpeg-progressive", "png", "webp", "bmp", "tiff", "avif", "gif"])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_file_that_ends_early_is_called_so(name, kept):
    data = WHOLE[name]
    assert code_of(data[: int(len(data) * kept)]) == "image_truncated"


def test_a_jpeg_without_its_end_is_truncated():
    assert code_of(WHOLE["jpeg"][:-2]) == "image_truncated"


def test_a_jpeg_with_an_end_put_on_after_a_cut_is_found_out():
    data = WHOLE["jpeg"]
    assert code_of(data[: len(data) // 2] + b"\xff\xd9") in {"image_truncated", "image_corrupt"}


def test_a_gif_cut_in_its_second_picture_is_truncated():
    assert code_of(MOVING["gif"][:-40]) == "image_truncated"


def test_a_gif_that_only_lacks_its_trailer_is_whole():
    assert decode(WHOLE["gif"].removesuffix(b";")).pixels.shape == NOISE.shape


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "bmp", "avif", "heic"])
def test_damage_in_the_header(name):
    data = bytearray(WHOLE[name])
    data[14:90] = bytes(76)
    assert code_of(bytes(data)) in {
        "image_corrupt",
        "image_truncated",
        "image_not_a_picture",
        "image_too_small",
    }


def test_a_png_with_a_flipped_bit_is_corrupt():
    data = bytearray(WHOLE["png"])
    data[len(data) // 2] ^= 0x10
    assert code_of(bytes(data)) == "image_corrupt"


def _png(width, height, body=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_png_decompression_bombs_are_refused_by_their_header():
    assert code_of(_png(20_000, 20_000, zlib.compress(bytes(10_000_000)))) == "image_too_large"
    assert code_of(_png(2**31 - 1, 2**31 - 1)) == "image_too_large"


def test_a_png_without_its_pixels():
    assert code_of(_png(200, 200, zlib.compress(b"\0" * 100))) in {"image_corrupt", "image_truncated"}
    assert code_of(_png(200, 200)) in {"image_corrupt", "image_truncated"}


def _resized_header(data, name, width, height):
    data = bytearray(data)
    if name == "jpeg":
        frame = data.index(b"\xff\xc0")
        data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    elif name == "gif":
        data[6:10] = struct.pack("<HH", width, height)
    elif name == "bmp":
        data[18:26] = struct.pack("<ii", width, height)
    elif name == "webp":
        start = data.index(b"\x9d\x01\x2a")
        data[start + 3 : start + 7] = struct.pack("<HH", width, height)
    elif name == "tiff":
        for tag, value in ((256, width), (257, height)):
            at = data.index(struct.pack("<HH", tag, 4)) if struct.pack("<HH", tag, 4) in data else -1
            at = at if at >= 0 else data.index(struct.pack("<HH", tag, 3))
            data[at : at + 12] = struct.pack("<HHII", tag, 4, 1, value)
    return bytes(data)


@pytest.mark.parametrize("name", ["jpeg", "gif", "bmp", "tiff"])
def test_a_header_of_twenty_thousand_pixels_a_side_is_refused(name):
    error = code_of(_resized_header(WHOLE[name], name, 20_000, 20_000))
    assert error == "image_too_large"


def test_webp_of_its_largest_size_is_refused():
    assert code_of(_resized_header(WHOLE["webp"], "webp", 16_383, 16_383)) == "image_too_large"


def test_sixty_four_megapixels_are_the_limit():
    assert code_of(_png(8001, 8000)) == "image_too_large"
    assert code_of(_png(8000, 8000, b"")) != "image_too_large"


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_one_by_one_is_too_small(name):
    data = saved(Image.new("RGB", (1, 1)), name)
    assert code_of(data) == "image_too_small"


def test_too_many_bytes_are_refused_unread():
    with pytest.raises(SourceError) as caught:
        decode(b"\xff\xd8\xff" + bytes(50_000_001))
    assert caught.value.code == "file_too_large"


def test_a_jpeg_of_twelve_bits_is_refused_by_name():
    data = bytearray(WHOLE["jpeg"])
    data[data.index(b"\xff\xc0") + 4] = 12
    assert code_of(bytes(data)) == "image_corrupt"


def test_a_lying_heic_size_is_refused():
    data = bytearray(HEIC)
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 30_000, 30_000)
    assert code_of(bytes(data)) in {"image_too_large", "image_corrupt"}


def test_no_warning_of_a_library_escapes():
    image = Image.fromarray(SCENE).quantize(16)
    data = saved(image, "PNG", transparency=bytes(range(16)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        decode(data)
        decode(saved(image, "GIF", transparency=3))


@pytest.mark.parametrize("name", ["png", "png-16", "tiff-16"])
def test_a_library_does_not_write_onto_the_terminal(name, capfd):
    data = bytearray(WHOLE[name])
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(range(64))
    for broken in (bytes(data), WHOLE[name][: len(data) // 2]):
        try:
            decode(broken)
        except ImageError:
            continue
    assert capfd.readouterr().err == ""


@st.composite
def damaged(draw):
    """A real file with a few bytes overwritten, a piece cut out, or a piece doubled."""
    data = bytearray(WHOLE[draw(st.sampled_from(sorted(WHOLE)))])
    # Half of the damage goes to the first kilobyte, where headers and tables are.
    spots = st.one_of(st.integers(0, min(1023, len(data) - 1)), st.integers(0, len(data) - 1))
    for _ in range(draw(st.integers(1, 6))):
        data[draw(spots) % len(data)] = draw(st.integers(0, 255))
    at, length = draw(spots) % len(data), draw(st.integers(0, 300))
    kind = draw(st.sampled_from(["as it is", "cut out", "doubled", "cut off"]))
    if kind == "cut out":
        del data[at : at + length]
    elif kind == "doubled":
        data[at:at] = data[at : at + length]
    elif kind == "cut off":
        del data[at:]
    return bytes(data)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_damage_of_any_kind_raises_our_errors_only(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            picture = decode(data)
        except (ImageError, SourceError):
            return
    # Damage that the format can't tell from a picture: still a picture, whole and of the size it claims.
    height, width = picture.pixels.shape[:2]
    assert {width, height} == {picture.facts.width, picture.facts.height}
    assert picture.pixels.dtype == np.uint8
    assert picture.alpha is None or picture.alpha.shape == (height, width)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([data[:16] for data in WHOLE.values()]))
def test_noise_behind_a_magic_number(tail, magic):
    with pytest.raises((ImageError, SourceError)):
        decode(magic + tail)
