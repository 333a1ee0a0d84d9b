"""What would take the process down is refused before the library sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from packshot.errors import ImageError
from packshot.imaging.decode import decode
from packshot.imaging.item_types import check_item_types

DATA = Path(__file__).parent / "data"
SOUND = (DATA / "scene-exif.heic").read_bytes()
#: Where the type of its metadata stands.
EXIF_TYPE = SOUND.index(b"Exif")


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def listing(entry: bytes, version: int = 0) -> bytes:
    """A `meta` box with one item."""
    count = (1).to_bytes(2 if version == 0 else 4, "big")
    return box(b"meta", bytes(4) + box(b"iinf", bytes([version, 0, 0, 0]) + count + box(b"infe", entry)))


@pytest.mark.parametrize("name", ["scene-exif", "scene-p3", "scene-rgba", "scene-two"])
def test_sound_files_pass(name: str) -> None:
    check_item_types((DATA / f"{name}.heic").read_bytes())


def test_a_damaged_type_of_metadata_ends_no_process(tmp_path: Path) -> None:
    damaged = bytearray(SOUND)
    damaged[EXIF_TYPE + 1] = 0xA7
    photo = tmp_path / "a.heic"
    photo.write_bytes(damaged)
    # In a process of its own, which the library would take down.
    program = (
        "import pathlib, sys\n"
        "from packshot.errors import ImageError\n"
        "from packshot.imaging.decode import decode\n"
        "try:\n"
        "    decode(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "except ImageError as error:\n"
        "    print(error.code)\n"
    )
    ended = subprocess.run(  # noqa: S603 - our own program, our own file
        [sys.executable, "-c", program, str(photo)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "image_corrupt")


@pytest.mark.parametrize(
    ("data", "sound"),
    [
        (listing(b"\2\0\0\0\0\1\0\0mime\0application/rdf+xml\0"), True),
        (listing(b"\2\0\0\0\0\1\0\0mime\0app\xff\0"), False),
        (listing(b"\2\0\0\0\0\1\0\0mime\xe9\0text/plain\0"), True),  # its name is nobody's business
        (listing(b"\3\0\0\0\0\0\0\1\0\0Ex\xa7f\0", version=1), False),
        (listing(b"\0\0\0\0\0\1\0\0name\0image\xff\0"), False),
        (listing(b""), True),
    ],
)
def test_each_version_of_an_entry(data: bytes, sound: bool) -> None:
    if sound:
        check_item_types(data)
        return
    with pytest.raises(ImageError) as caught:
        check_item_types(data)
    assert caught.value.code == "image_corrupt"


def test_a_damaged_name_is_no_reason_to_refuse_a_photo() -> None:
    named = SOUND.replace(b"Exif\0", b"Exif\xe9", 1)
    assert decode(named).pixels.size
