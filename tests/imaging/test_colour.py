import numpy as np
import pytest
from PIL import ExifTags, Image

from packshot.imaging.cmyk import cmyk_to_srgb
from packshot.imaging.colour import UNREADABLE
from packshot.imaging.decode import decode
from tests.imaging.encoded import psnr, saved, scene
from tests.imaging.profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    cmyk_profile,
    grey_profile,
    matrix_to_d50,
    rgb_profile,
)

SCENE = scene()
#: Primaries of sRGB (IEC 61966-2-1).
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))


def srgb_encode(linear):
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def expected_srgb(pixels, primaries, gamma):
    """The conversion from first principles: decode, change of primaries, encode."""
    matrix = np.linalg.solve(matrix_to_d50(SRGB), matrix_to_d50(primaries))
    return np.rint(255 * srgb_encode((pixels / 255) ** gamma @ matrix.T)).astype(int)


@pytest.mark.parametrize(
    ("name", "primaries", "gamma"),
    [("Adobe RGB (1998)", ADOBE_RGB, 2.19921875), ("Display P3", DISPLAY_P3, 2.19921875)],
)
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_wide_gamut_becomes_srgb(name, primaries, gamma, file_format):
    picture = decode(saved(SCENE, file_format, icc_profile=rgb_profile(name, primaries, gamma)))
    assert picture.facts.profile == name
    difference = np.abs(picture.pixels.astype(int) - expected_srgb(SCENE, primaries, gamma))
    assert difference.max() <= 3  # the profile's 16-bit curve and matrix, and 8-bit rounding
    assert difference.mean() < 0.6


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "AVIF", "PNG", "TIFF"])
def test_every_format_hands_its_profile_on(file_format):
    options = {} if file_format in {"PNG", "TIFF"} else {"quality": 95}
    plain = decode(saved(SCENE, file_format, **options))
    tagged = decode(
        saved(SCENE, file_format, icc_profile=rgb_profile("Display P3", DISPLAY_P3, 2.2), **options)
    )
    assert tagged.facts.profile == "Display P3"
    wide = expected_srgb(plain.pixels, DISPLAY_P3, 2.19921875)
    assert psnr(tagged.pixels, wide) > 40
    assert psnr(tagged.pixels, plain.pixels) < 35  # and it is not what it was


def test_a_cameras_adobe_rgb_without_a_profile():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.IFD.Interop] = {1: "R03"}
    plain = decode(saved(SCENE, "JPEG", quality=95))
    marked = decode(saved(SCENE, "JPEG", quality=95, exif=exif))
    assert marked.facts.profile == "Adobe RGB (1998)"
    assert marked.facts.orientation == 6
    wide = expected_srgb(plain.pixels, ADOBE_RGB, 2.19921875)
    assert np.abs(marked.pixels - wide).max() <= 2
    # An embedded profile rules over the camera's word.
    profile = rgb_profile("Display P3", DISPLAY_P3, 2.2)
    assert decode(saved(SCENE, "JPEG", exif=exif, icc_profile=profile)).facts.profile == "Display P3"


def test_a_profile_that_is_srgb_changes_nothing():
    from PIL import ImageCms  # noqa: PLC0415 - the only test that needs it

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = decode(saved(SCENE, "PNG", icc_profile=profile))
    assert picture.facts.profile is None
    assert np.array_equal(picture.pixels, SCENE)


@pytest.mark.parametrize("profile", [b"not a profile at all" * 20, b"\0" * 200])
@pytest.mark.parametrize("file_format", ["JPEG", "TIFF", "WEBP"])
def test_a_broken_profile_is_ignored_and_noted(profile, file_format):
    picture = decode(saved(SCENE, file_format, icc_profile=profile))
    assert picture.facts.profile == UNREADABLE
    assert psnr(picture.pixels, decode(saved(SCENE, file_format)).pixels) > 60


def test_a_cut_off_profile_is_ignored_and_noted():
    profile = rgb_profile("Display P3", DISPLAY_P3, 2.2)[:200]
    picture = decode(saved(SCENE, "TIFF", icc_profile=profile))
    assert picture.facts.profile == UNREADABLE
    assert np.array_equal(picture.pixels, SCENE)


def test_a_printers_profile_on_rgb_values_is_ignored():
    picture = decode(saved(SCENE, "TIFF", icc_profile=cmyk_profile("Press")))
    assert picture.facts.profile == UNREADABLE
    assert np.array_equal(picture.pixels, SCENE)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF"])
def test_grey_profile(file_format):
    grey = Image.fromarray(SCENE[..., 0])
    plain = decode(saved(grey, file_format)).pixels
    picture = decode(saved(grey, file_format, icc_profile=grey_profile("Gray Gamma 1.8", 1.80078125)))
    assert picture.facts.profile == "Gray Gamma 1.8"
    expected = np.rint(255 * srgb_encode((plain / 255) ** 1.80078125))
    assert np.abs(picture.pixels - expected).max() <= 2


def test_an_rgb_profile_on_grey_values_is_applied():
    profile = rgb_profile("Adobe RGB (1998)", ADOBE_RGB, 2.2)
    picture = decode(saved(Image.fromarray(SCENE[..., 0]), "JPEG", quality=95, icc_profile=profile))
    assert picture.facts.profile == "Adobe RGB (1998)"
    assert np.abs(np.diff(picture.pixels.astype(int), axis=2)).max() <= 1  # grey stays grey


def _inks(**shares):
    """A flat CMYK picture; shares of 0-1."""
    values = [round(255 * shares.get(ink, 0)) for ink in "cmyk"]
    return Image.new("CMYK", (64, 48), tuple(values))


#: What the inks look like: hue by the order of the channels, not by exact values.
@pytest.mark.parametrize(
    ("inks", "looks"),
    [
        ({}, lambda r, g, b: min(r, g, b) == 255),
        ({"k": 1}, lambda r, g, b: max(r, g, b) < 45),
        ({"c": 1}, lambda r, g, b: b > g > r and r < 60),
        ({"m": 1}, lambda r, g, b: r > b > g and g < 60),
        ({"y": 1}, lambda r, g, b: r > g > b and g > 200),
        ({"m": 1, "y": 1}, lambda r, g, b: r > 200 and max(g, b) < 60),
        ({"k": 0.5}, lambda r, g, b: 110 < r < 160 and max(r, g, b) - min(r, g, b) < 6),
    ],
)
@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile(inks, looks, file_format):
    options = {"quality": 95} if file_format == "JPEG" else {}
    picture = decode(saved(_inks(**inks), file_format, **options))
    assert picture.facts.profile is None
    assert looks(*(int(value) for value in picture.pixels[20, 20]))


def test_cmyk_with_a_profile():
    image = _inks(c=1, m=0.2)
    stored = decode(saved(image, "TIFF", icc_profile=cmyk_profile("Press")))
    assert stored.facts.profile == "Press"
    red, green, blue = (int(value) for value in stored.pixels[20, 20])
    assert blue > green > red
    jpeg = decode(saved(image, "JPEG", quality=98, icc_profile=cmyk_profile("Press")))
    assert jpeg.facts.profile == "Press"
    # Adobe's inverted storage and the plain one are the same colour.
    assert np.abs(jpeg.pixels[20, 20].astype(int) - stored.pixels[20, 20]).max() <= 6


def test_a_cmyk_jpeg_without_adobes_mark_is_not_inverted():
    data = saved(_inks(c=1), "JPEG", quality=95)
    start = data.index(b"\xff\xee")
    length = int.from_bytes(data[start + 2 : start + 4], "big")
    marked, plain = decode(data).pixels, decode(data[:start] + data[start + 2 + length :]).pixels
    # Pillow stores inverted values; without the mark the same values mean the opposite inks.
    assert marked[20, 20, 2] > 200
    assert plain[20, 20].max() < 60


def test_black_over_colour_darkens_it():
    ramp = np.zeros((1, 256, 4), np.uint8)
    ramp[..., 1] = 255
    ramp[..., 3] = np.arange(256)
    darker = cmyk_to_srgb(ramp).astype(int)
    assert (np.diff(darker, axis=1) <= 0).all()
    assert darker[0, -1].max() < 30
