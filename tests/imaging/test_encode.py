import numpy as np
import pytest
from PIL import Image

from packshot.contracts.preset import Format
from packshot.errors import RenditionError
from packshot.imaging.decode import decode
from packshot.imaging.encode import encoder
from tests.imaging.encoded import psnr, scene

SCENE = scene(240, 320)
RGBA = np.dstack([SCENE, np.where(SCENE[..., 0] > 90, 255, 60).astype(np.uint8)])


@pytest.mark.parametrize("file_format", list(Format))
def test_what_is_written_is_what_it_says_and_looks_the_same(file_format):
    data = encoder(SCENE, file_format)(90)
    picture = decode(data)
    assert picture.facts.format == file_format.value
    assert psnr(picture.pixels, SCENE) > 35


@pytest.mark.parametrize("file_format", [Format.PNG, Format.WEBP, Format.AVIF])
def test_alpha_is_kept(file_format):
    picture = decode(encoder(RGBA, file_format)(90))
    assert np.abs(picture.alpha.astype(int) - RGBA[..., 3]).mean() < 3


def test_png_is_lossless():
    picture = decode(encoder(RGBA, Format.PNG)(1))
    assert np.array_equal(np.dstack([picture.pixels, picture.alpha]), RGBA)


@pytest.mark.parametrize("file_format", list(Format))
def test_no_metadata_and_the_same_bytes(file_format):
    data = encoder(SCENE, file_format)(80)
    assert data == encoder(SCENE.copy(), file_format)(80)
    picture = decode(data)
    assert picture.facts.profile is None
    assert picture.facts.orientation == 1
    for trace in (b"Exif\0\0", b"ICC_PROFILE", b"http://ns.adobe.com", b"iCCP", b"tEXt", b"tIME"):
        assert trace not in data


@pytest.mark.parametrize("file_format", [Format.JPEG, Format.WEBP, Format.AVIF])
def test_quality_costs_bytes(file_format):
    encode = encoder(SCENE, file_format)
    sizes = [len(encode(quality)) for quality in (30, 60, 90)]
    assert sizes == sorted(sizes)


def test_jpeg_keeps_full_colour_resolution():
    import io  # noqa: PLC0415 - only here

    with Image.open(io.BytesIO(encoder(SCENE, Format.JPEG)(90))) as image:
        assert [component[1:3] for component in image.layer] == [(1, 1)] * 3


def test_a_jpeg_of_more_than_two_bytes_a_pixel_is_written_all_the_same():
    noise = np.random.default_rng(1).integers(0, 256, (256, 256, 3), np.uint8)
    data = encoder(noise, Format.JPEG)(100)
    assert len(data) > 2 * 256 * 256
    assert psnr(decode(data).pixels, noise) > 40


def test_a_transparent_jpeg_is_refused_by_name():
    with pytest.raises(RenditionError) as caught:
        encoder(RGBA, Format.JPEG, "main")
    assert caught.value.code == "rendition_failed"
    assert "main" in caught.value.message


def test_what_a_format_cannot_hold_is_refused_by_name():
    with pytest.raises(RenditionError) as caught:
        encoder(np.zeros((8, 16_500, 3), np.uint8), Format.WEBP, "web")(80)
    assert caught.value.code == "rendition_failed"
    assert "web" in caught.value.message
