from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from packshot.contracts.preset import Format
from packshot.report.thumbnails import (
    SIDE,
    data_address,
    pictures_from,
    rendition_to_show,
    source_side,
    thumbnail,
)
from tests.report.samples import failed_record, jpeg, record, rendition


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


def test_it_is_a_small_webp_of_the_same_shape() -> None:
    picture = opened(thumbnail(jpeg(1600, 800), 400))
    assert (picture.format, picture.size) == ("WEBP", (400, 200))


def test_a_small_picture_is_not_enlarged() -> None:
    assert opened(thumbnail(jpeg(100, 80), 400)).size == (100, 80)


def test_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = opened(thumbnail(jpeg(600, 300, exif=exif), 300)).convert("RGB")
    assert picture.size == (150, 300)
    # The drawn box's far end is at the right of the stored picture, so below when it stands upright.
    assert picture.getpixel((75, 290)) != picture.getpixel((75, 150))


def test_transparency_is_kept() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (200, 10, 10, 0)).save(out, "PNG")
    assert opened(thumbnail(out.getvalue(), 40)).getpixel((20, 20))[3] == 0


def test_cmyk_and_profiles_come_out_as_srgb() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (50, 50), (0, 255, 255, 0)).save(out, "JPEG")
    red, green, blue = opened(thumbnail(out.getvalue(), 40)).convert("RGB").getpixel((20, 20))
    assert red > 200
    assert max(green, blue) < 60
    out = io.BytesIO()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (50, 50), (10, 120, 200)).save(out, "PNG", icc_profile=lab)
    found = opened(thumbnail(out.getvalue(), 40)).convert("RGB").getpixel((20, 20))
    assert max(abs(a - b) for a, b in zip(found, (10, 120, 200), strict=True)) <= 4


@pytest.mark.parametrize("data", [b"", b"no picture", jpeg(300, 300)[:200], b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert thumbnail(data, 100) is None


def test_what_the_stages_would_not_decode_is_not_decoded_for_a_look(recwarn) -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 9_000)).save(out, "PNG")
    assert thumbnail(out.getvalue(), 100) is None
    assert not recwarn.list, "Pillow's own limit is none of a user's business"


def test_heic_is_shown_too() -> None:
    # Pillow can't open it by itself, so the product's decoder is asked; a broken one is none.
    assert thumbnail(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1", 100) is None


def test_a_source_is_as_large_as_its_product_is_shown() -> None:
    image = record(0)
    scale = image.alignment.scale
    assert source_side(image) == round(SIDE * 3000 * scale / 2000)
    far = image.alignment.model_copy(update={"scale": 5.0})
    assert source_side(record(0, alignment=far)) == 900
    assert source_side(failed_record(1)) == 320


def test_the_cheapest_file_that_shows_what_main_shows() -> None:
    main = rendition(bytes=400_000)
    web = rendition("web", width=1000, height=1000, bytes=90_000)
    thumb = rendition("thumb", width=300, height=300, bytes=9_000)
    pixels = rendition("pixel8", width=800, height=800, bytes=5_000)
    avif = rendition("avif", format=Format.AVIF, width=1000, height=1000, bytes=30_000)
    wide = rendition("banner", width=1000, height=500, bytes=20_000)
    assert rendition_to_show(record(0, renditions=(main, web, thumb, pixels, avif, wide))) == web
    assert rendition_to_show(record(0, renditions=(main, thumb))) == main
    assert rendition_to_show(failed_record(1)) is None


def test_pictures_are_kept_by_the_bytes_that_they_show() -> None:
    kept: dict[str, bytes | None] = {}

    def keep(name, make):
        if name not in kept:
            kept[name] = make()
        return kept[name]

    read: list[str] = []

    def read_file(path: str) -> bytes:
        read.append(path)
        return jpeg()

    pictures = pictures_from(lambda _: jpeg(), read_file, keep)
    image = record(0, source_sha256="cd" * 32)
    assert pictures(image) == pictures(image)
    assert len(read) == 1
    newer = image.renditions[0].model_copy(update={"sha256": "1" * 64})
    pictures(image.model_copy(update={"renditions": (newer,)}))
    assert len(read) == 2


def test_data_addresses_name_their_kind() -> None:
    webp = thumbnail(jpeg(), 50)
    assert webp is not None
    assert data_address(webp).startswith("data:image/webp;base64,UklGR")
    assert data_address(jpeg()).startswith("data:image/jpeg;base64,/9j/")
