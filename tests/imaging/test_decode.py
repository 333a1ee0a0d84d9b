import hashlib
import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import AppendingTiffWriter

from packshot.errors import ImageError
from packshot.imaging.decode import decode
from tests.imaging.encoded import psnr, saved, saved_cv2, scene
from tests.imaging.profiles import DISPLAY_P3, rgb_profile

DATA = Path(__file__).parent / "data"
SCENE = scene()
ALPHA = np.full(SCENE.shape[:2], 255, np.uint8)
ALPHA[:, :40] = 0
ALPHA[:, 40:80] = 100
RGBA = np.dstack([SCENE, ALPHA])


@pytest.mark.parametrize(
    ("data", "name", "lossless"),
    [
        (saved(SCENE, "JPEG", quality=95, subsampling=0), "jpeg", False),
        (saved(SCENE, "JPEG", quality=95, progressive=True), "jpeg", False),
        (saved(SCENE, "PNG"), "png", True),
        (saved(SCENE, "WEBP", lossless=True), "webp", True),
        (saved(SCENE, "WEBP", quality=95), "webp", False),
        (saved(SCENE, "AVIF", quality=95), "avif", False),
        (saved(SCENE, "TIFF"), "tiff", True),
        (saved(SCENE, "TIFF", compression="tiff_lzw"), "tiff", True),
        (saved(SCENE, "TIFF", compression="jpeg", quality=95), "tiff", False),
        (saved(SCENE, "BMP"), "bmp", True),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_every_format_gives_the_picture(data, name, lossless):
    picture = decode(data)
    assert picture.facts.format == name
    assert (picture.facts.width, picture.facts.height) == (160, 120)
    assert picture.facts.bytes == len(data)
    assert picture.facts.sha256 == hashlib.sha256(data).hexdigest()
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous
    assert not picture.pixels.flags.writeable
    assert picture.alpha is None
    assert picture.facts.profile is None
    if lossless:
        assert np.array_equal(picture.pixels, SCENE)
    else:
        assert psnr(picture.pixels, SCENE) > 30


def test_the_format_is_told_by_the_bytes():
    # What a file is called never reaches the decoder; a PNG that pretends to be a JPEG is a PNG.
    assert decode(saved(SCENE, "PNG")).facts.format == "png"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_orientation_is_read_and_not_applied(name, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(saved(SCENE, name, exif=exif))
    assert picture.facts.orientation == orientation
    assert picture.pixels.shape == SCENE.shape
    assert psnr(picture.pixels, SCENE) > 30
    upright = (120, 160) if orientation in {6, 8} else (160, 120)
    assert (picture.facts.width, picture.facts.height) == upright


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("deep", [False, True])
def test_tiff_orientation_and_pixels_agree(orientation, deep):
    if deep:
        data = _with_tiff_orientation(saved_cv2(SCENE.astype(np.uint16) * 257, ".tiff"), orientation)
    else:
        data = saved(SCENE, "TIFF", tiffinfo={274: orientation})
    picture = decode(data)
    turned = {1: SCENE, 3: SCENE[::-1, ::-1], 6: np.rot90(SCENE, -1)}[orientation]
    left_to_do = {1: 0, 3: 2, 6: -1}[picture.facts.orientation]
    assert np.array_equal(np.rot90(picture.pixels, left_to_do), turned)
    assert (picture.facts.width, picture.facts.height) == turned.shape[1::-1]


def _with_tiff_orientation(data, orientation):
    """Appends a copy of the first IFD with an orientation tag in it."""
    order = "little" if data[:2] == b"II" else "big"
    at = int.from_bytes(data[4:8], order)
    count = int.from_bytes(data[at : at + 2], order)
    entries = [data[at + 2 + 12 * n : at + 14 + 12 * n] for n in range(count)]
    entries = [entry for entry in entries if int.from_bytes(entry[:2], order) != 274]
    value = orientation.to_bytes(2, order) + b"\0\0"
    entries.append((274).to_bytes(2, order) + (3).to_bytes(2, order) + (1).to_bytes(4, order) + value)
    entries.sort(key=lambda entry: int.from_bytes(entry[:2], order))
    data += b"\0" * (len(data) % 2)
    ifd = len(entries).to_bytes(2, order) + b"".join(entries) + b"\0\0\0\0"
    return data[:4] + len(data).to_bytes(4, order) + data[8:] + ifd


@pytest.mark.parametrize(
    "data",
    [
        saved(RGBA, "PNG"),
        saved(RGBA, "WEBP", lossless=True, exact=True),
        saved(RGBA, "TIFF"),
        saved_cv2(RGBA.astype(np.uint16) * 257, ".png"),
        saved_cv2(RGBA.astype(np.uint16) * 257, ".tiff"),
    ],
    ids=["png", "webp", "tiff", "png16", "tiff16"],
)
def test_alpha_is_a_plane_of_its_own(data):
    picture = decode(data)
    assert picture.facts.has_alpha
    assert np.array_equal(picture.alpha, ALPHA)
    assert np.array_equal(picture.pixels[ALPHA > 0], SCENE[ALPHA > 0])


def test_avif_alpha():
    picture = decode(saved(RGBA, "AVIF", quality=95))
    assert np.abs(picture.alpha.astype(int) - ALPHA).mean() < 2
    assert psnr(picture.pixels[ALPHA > 0], SCENE[ALPHA > 0]) > 28


def test_an_opaque_alpha_channel_says_nothing():
    picture = decode(saved(np.dstack([SCENE, np.full_like(ALPHA, 255)]), "PNG"))
    assert picture.alpha is None
    assert not picture.facts.has_alpha


def test_grey_with_alpha():
    grey = SCENE[..., 1]
    picture = decode(saved(Image.merge("LA", [Image.fromarray(grey), Image.fromarray(ALPHA)]), "PNG"))
    assert np.array_equal(picture.alpha, ALPHA)
    assert np.array_equal(picture.pixels, np.dstack([grey] * 3))


def test_palette_with_a_transparent_colour():
    image = Image.fromarray(SCENE).quantize(64)
    hidden = image.getpixel((50, 50))
    picture = decode(saved(image, "PNG", transparency=hidden))
    expected = np.where(np.asarray(image) == hidden, 0, 255)
    assert np.array_equal(picture.alpha, expected)
    assert np.array_equal(picture.pixels, np.asarray(image.convert("RGB")))


def test_gif_transparency():
    image = Image.fromarray(SCENE).quantize(64)
    hidden = image.getpixel((50, 50))
    picture = decode(saved(image, "GIF", transparency=hidden))
    visible = np.asarray(image) != hidden
    assert np.array_equal(picture.alpha > 0, visible)
    assert np.array_equal(picture.pixels[visible], np.asarray(image.convert("RGB"))[visible])


def test_premultiplied_tiff_is_divided_again():
    premultiplied = np.rint(SCENE * (ALPHA / 255)[..., None]).astype(np.uint8)
    data = bytearray(saved(np.dstack([premultiplied, ALPHA]), "TIFF"))
    extra_samples = data.index(
        b"\x52\x01\x03\x00\x01\x00\x00\x00\x02\x00"
    )  # tag 338, one short: 2, unassociated
    data[extra_samples + 8] = 1  # associated
    data = bytes(data)
    picture = decode(data)
    half = ALPHA == 100
    assert np.abs(picture.pixels[half].astype(int) - SCENE[half]).max() <= 2


@pytest.mark.parametrize("extension", [".png", ".tiff"])
def test_sixteen_bits_are_rounded_not_cut(extension):
    values = np.linspace(0, 65535, 64 * 64).round().astype(np.uint16).reshape(64, 64)
    expected = np.rint(values / 257).astype(np.uint8)
    grey = decode(saved_cv2(values, extension))
    assert grey.facts.bit_depth == 16
    assert np.array_equal(grey.pixels, np.dstack([expected] * 3))
    colour = decode(saved_cv2(np.dstack([values, values[::-1], values[:, ::-1]]), extension))
    assert np.array_equal(colour.pixels[..., 1], expected[::-1])


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP"])
def test_one_bit(name):
    bits = Image.fromarray(np.where(SCENE[..., 0] > 100, 255, 0).astype(np.uint8)).convert("1", dither=0)
    picture = decode(saved(bits, name))
    assert np.array_equal(picture.pixels[..., 0], np.asarray(bits).astype(np.uint8) * 255)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF", "BMP", "GIF"])
def test_grey(name):
    picture = decode(saved(Image.fromarray(SCENE[..., 0]), name))
    assert picture.pixels.shape == SCENE.shape
    assert np.abs(picture.pixels[..., 2].astype(int) - SCENE[..., 0]).mean() < 3


def test_interlaced_and_low_depth_png():
    image = Image.fromarray(SCENE).quantize(16)
    assert np.array_equal(decode(saved(image, "PNG", bits=4)).pixels, np.asarray(image.convert("RGB")))


def test_grey_png_with_a_transparent_level():
    grey = Image.fromarray((SCENE[..., 0] // 64) * 64)
    picture = decode(saved(grey, "PNG", transparency=64))
    assert np.array_equal(picture.alpha, np.where(np.asarray(grey) == 64, 0, 255))


def test_gif_gives_its_first_picture():
    first, second = Image.fromarray(SCENE).quantize(64), Image.fromarray(255 - SCENE).quantize(64)
    picture = decode(saved(first, "GIF", save_all=True, append_images=[second, first]))
    assert picture.facts.frames == 3
    assert np.array_equal(picture.pixels, np.asarray(first.convert("RGB")))


@pytest.mark.parametrize("name", ["WEBP", "PNG", "AVIF", "TIFF"])
def test_several_pictures_are_refused(name):
    images = [Image.fromarray(SCENE), Image.fromarray(255 - SCENE)]
    data = saved(images[0], name, save_all=True, append_images=images[1:])
    with pytest.raises(ImageError) as caught:
        decode(data)
    assert caught.value.code == "image_animated"
    assert caught.value.details["frames"] == 2


def test_a_tiff_thumbnail_is_no_page():
    target = io.BytesIO()
    with AppendingTiffWriter(target) as writer:
        Image.fromarray(SCENE).save(writer, "TIFF")
        writer.newFrame()
        Image.fromarray(SCENE[::4, ::4].copy()).save(writer, "TIFF", tiffinfo={254: 1})
    assert np.array_equal(decode(target.getvalue()).pixels, SCENE)


def test_motion_photo_tail_is_ignored():
    data = saved(SCENE, "JPEG", quality=95) + b"ftypmp42" + bytes(5000)
    assert decode(data).pixels.shape == SCENE.shape


def test_harmless_extra_bytes_before_a_marker():
    data = saved(SCENE, "JPEG", quality=95)
    expected = decode(data).pixels
    assert np.array_equal(decode(data[:-2] + b"\0\0\0" + data[-2:]).pixels, expected)


def test_rgb_coded_jpeg():
    data = saved(SCENE, "JPEG", quality=98, keep_rgb=True)
    assert psnr(decode(data).pixels, SCENE) > 40


def test_jpeg_pixels_are_libjpegs_own():
    data = saved(SCENE, "JPEG", quality=80)
    assert np.array_equal(decode(data).pixels, simplejpeg.decode_jpeg(data))


def test_heic():
    picture = decode((DATA / "scene-rgba.heic").read_bytes())
    assert picture.facts.format == "heic"
    assert psnr(picture.pixels, SCENE) > 38
    assert np.abs(picture.alpha.astype(int) - np.where(ALPHA == 0, 0, 255)).max() <= 2


def test_heic_profile_is_converted():
    picture = decode((DATA / "scene-p3.heic").read_bytes())
    reference = decode(saved(SCENE, "PNG", icc_profile=rgb_profile("Display P3", DISPLAY_P3, 2.2)))
    assert picture.facts.profile == "Display P3"
    assert psnr(picture.pixels, reference.pixels) > 33


def test_heic_turns_by_its_own_boxes_only():
    # The EXIF block of this file says 6; in HEIC the `irot` box rules, and there is none.
    picture = decode((DATA / "scene-exif.heic").read_bytes())
    assert picture.facts.orientation == 1
    assert picture.pixels.shape == SCENE.shape


def test_heic_of_two_pictures():
    with pytest.raises(ImageError) as caught:
        decode((DATA / "scene-two.heic").read_bytes())
    assert caught.value.code == "image_animated"


def test_png_text_bomb_is_never_inflated():
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "a" * 20_000_000, zip=True)
    assert np.array_equal(decode(saved(SCENE, "PNG", pnginfo=info)).pixels, SCENE)


def test_decoding_is_the_same_every_time():
    data = saved(SCENE, "JPEG", quality=80)
    assert np.array_equal(decode(data).pixels, decode(data).pixels)
    assert cv2.norm(decode(data).pixels, decode(data).pixels) == 0


def out_of_memory(*_: object) -> None:
    # More than any address space holds.
    cv2.resize(np.zeros((2, 2, 3), np.uint8), (2**24, 2**24))


def test_a_lack_of_memory_is_no_fault_of_the_file(monkeypatch):
    png, jpeg = saved(scene(), "PNG"), saved(scene(), "JPEG")
    monkeypatch.setattr(cv2, "imdecode", out_of_memory)
    with pytest.raises(cv2.error):
        decode(png)
    monkeypatch.setattr(simplejpeg, "decode_jpeg", out_of_memory)
    with pytest.raises(cv2.error):
        decode(jpeg)
