"""Small pictures for the page, as bytes that fit into a data address."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageCms, ImageOps

from packshot.contracts.limits import MAX_PIXELS
from packshot.contracts.preset import Format
from packshot.contracts.records import ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.errors import PackshotError

#: Before and after; None where there is no picture to show.
Pictures = Callable[[ImageRecord], tuple[bytes | None, bytes | None]]

#: Longer side of a finished picture's thumbnail, in pixels: a card is about 300 wide, screens are dense.
SIDE: Final = 480
#: A source may be larger, since the page shows it as the finished picture frames it.
_SOURCE_SIDE: Final = (320, 900)
_QUALITY: Final = 72
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"RIFF", "image/webp"),
)


#: Gives a thumbnail kept under a name, or makes it; None where there is none.
Keep = Callable[[str, Callable[[], bytes | None]], bytes | None]


def _keep_nothing(name: str, make: Callable[[], bytes | None]) -> bytes | None:
    del name
    return make()


def pictures_from(
    read_source: Callable[[ImageRecord], bytes | None],
    read_file: Callable[[str], bytes | None],
    keep: Keep = _keep_nothing,
) -> Pictures:
    """Pictures of records: `read_source` gives a source's bytes, `read_file` a rendition's by its path.

    What can't be read or decoded is None: a page without one picture is better than no page. `keep`
    may remember thumbnails between pages; their names change with the pictures' bytes.
    """

    def before(record: ImageRecord) -> bytes | None:
        side = source_side(record)

        def make() -> bytes | None:
            source = read_source(record)
            return thumbnail(source, side) if source else None

        return keep(f"{record.source_sha256[:20]}-{side}", make) if record.source_sha256 else make()

    def after(record: ImageRecord) -> bytes | None:
        chosen = rendition_to_show(record)
        if chosen is None or not chosen.path:
            return None

        def make() -> bytes | None:
            finished = read_file(chosen.path)
            return thumbnail(finished, SIDE) if finished else None

        return keep(f"{chosen.sha256[:20]}-{SIDE}", make)

    return lambda record: (before(record), after(record))


def rendition_to_show(record: ImageRecord) -> RenditionFile | None:
    """The cheapest of an image's renditions that shows what `main` shows, or None when it has none."""
    main = next((file for file in record.renditions if file.name == "main"), None)
    if main is None:
        return None
    shape = main.width / main.height

    def fits(file: RenditionFile) -> bool:
        big_enough = max(file.width, file.height) >= SIDE
        same_shape = abs(file.width / file.height - shape) < 0.01
        # Cut-outs and pixelated previews show something else; JPEGs are those that `main` stands for.
        return file.format is Format.JPEG and big_enough and same_shape and "pixel" not in file.name

    return min((file for file in record.renditions if fits(file)), key=lambda file: file.bytes, default=main)


def source_side(record: ImageRecord) -> int:
    """Longer side for a source's thumbnail: its product then has as many pixels as in the finished one."""
    least, most = _SOURCE_SIDE
    main = next((file for file in record.renditions if file.name == "main"), None)
    if record.alignment is None or record.source_size is None or main is None:
        return least
    enlarging = max(record.source_size) * record.alignment.scale / max(main.width, main.height)
    return max(least, min(most, round(SIDE * enlarging)))


def thumbnail(data: bytes, side: int) -> bytes | None:
    """A small upright WebP in sRGB with its longer side at most `side`, or None when it can't be decoded.

    What the stages would not decode for its size is not decoded for a look either.
    """
    picture: Image.Image | None
    try:
        picture = _small(data, side)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # Pillow's ways of saying that bytes are no picture; HEIC and the like come here too.
        picture = _decoded(data, side)
    if picture is None:
        return None
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()


def _small(data: bytes, side: int) -> Image.Image | None:
    with warnings.catch_warnings():
        # Pillow has a limit of its own, of which it would warn on the terminal.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        opened = Image.open(io.BytesIO(data))
    with opened as image:
        if image.width * image.height > MAX_PIXELS:
            return None
        # A JPEG decodes straight to a half, quarter or eighth, which is ten times as fast.
        image.draft("RGB", (side, side))
        turned = ImageOps.exif_transpose(image)
        mode = "RGBA" if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info else "RGB"
        profile = turned.info.get("icc_profile")
        turned.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        if profile and turned.mode in ("RGB", "RGBA", "CMYK", "L"):
            return _srgb(turned, profile).convert(mode)
        return turned.convert(mode)


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        turned = ImageCms.profileToProfile(image, io.BytesIO(profile), target, outputMode=mode)
    except ImageCms.PyCMSError:
        # A damaged profile: the colours of a thumbnail are then a little off.
        return image
    return turned if turned is not None else image


def _decoded(data: bytes, side: int) -> Image.Image | None:
    """By the product's own decoder, which knows more formats and has stricter limits."""
    from packshot.imaging.decode import decode  # noqa: PLC0415  OpenCV is not needed by most pages
    from packshot.imaging.orientation import upright  # noqa: PLC0415  likewise

    try:
        picture = decode(data)
    except PackshotError:
        return None
    image = Image.fromarray(picture.pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    import numpy as np  # noqa: PLC0415  likewise

    return Image.fromarray(np.ascontiguousarray(upright(np.asarray(image), picture.facts.orientation)))


def data_address(picture: bytes) -> str:
    """A picture's bytes as a `data:` address; JPEG, PNG and WebP are told apart by their first bytes."""
    kind = next((mime for magic, mime in _MAGIC if picture.startswith(magic)), "image/webp")
    return f"data:{kind};base64,{base64.b64encode(picture).decode('ascii')}"
