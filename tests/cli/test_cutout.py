from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.cli.selftest import drawn_photo


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "pack.jpg"
    Image.fromarray(drawn_photo(600, 450)).save(path, quality=92)
    return path


def alpha_of(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.getchannel("A"))


def test_each_photo_becomes_a_png_of_its_own_size(packshot, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "cut"
    ended = packshot("cutout", photo, "-o", out)
    assert (ended.code, ended.out) == (0, f"{out / 'pack.png'}\n")
    with Image.open(out / "pack.png") as picture:
        assert picture.size == (600, 450)
        alpha = alpha_of(picture)
    assert alpha[225, 300] == 255
    assert alpha[10, 10] == 0
    assert 0.10 < (alpha > 127).mean() < 0.30


def test_one_bad_photo_does_not_stop_the_others(packshot, photo: Path, tmp_path: Path) -> None:
    bad = tmp_path / "note.jpg"
    bad.write_text("no picture")
    ended = packshot("cutout", bad, tmp_path / "missing.jpg", photo, "-o", tmp_path / "cut", "-q")
    assert (ended.code, ended.out) == (1, "")
    assert [line.rpartition("(")[2] for line in ended.err.splitlines()] == [
        "image_not_a_picture)",
        "source_missing)",
    ]
    assert [path.name for path in (tmp_path / "cut").iterdir()] == ["pack.png"]


def test_two_photos_of_one_name_are_refused_before_anything_is_written(
    packshot, photo: Path, tmp_path: Path
) -> None:
    other = tmp_path / "b"
    other.mkdir()
    (other / "PACK.png").write_bytes(photo.read_bytes())
    ended = packshot("cutout", photo, other / "PACK.png", "-o", tmp_path / "cut")
    assert ended.code == 2
    assert "overwrite" in ended.err
    assert not (tmp_path / "cut").exists()


class Pipe(io.StringIO):
    """Standard input or output as a program that pipes bytes has it."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__()
        self.buffer = io.BytesIO(data)


def test_a_photo_is_never_overwritten_by_its_own_cut_out(packshot, photo: Path, tmp_path: Path) -> None:
    own = tmp_path / "mug.png"
    Image.open(photo).save(own)
    before = own.read_bytes()
    ended = packshot("cutout", photo, own, "-o", tmp_path)
    assert ended.code == 2
    assert "the photo itself" in ended.err
    assert own.read_bytes() == before
    assert not (tmp_path / "pack.png").exists()


def test_standard_input_to_standard_output(packshot, photo: Path, monkeypatch) -> None:
    written = Pipe()
    monkeypatch.setattr(sys, "stdin", Pipe(photo.read_bytes()))
    monkeypatch.setattr(sys, "stdout", written)
    assert packshot("cutout", "-", "-").code == 0
    with Image.open(io.BytesIO(written.buffer.getvalue())) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (600, 450))


@pytest.mark.parametrize("words", [["a.jpg"], ["-"], ["-", "a.jpg", "-o", "x"], ["-", "-", "-o", "x"]])
def test_wrong_use(packshot, words: list[str]) -> None:
    assert packshot("cutout", *words).code == 2


def test_an_output_folder_that_is_a_file(packshot, photo: Path, tmp_path: Path) -> None:
    (tmp_path / "cut").write_text("")
    assert packshot("cutout", photo, "-o", tmp_path / "cut").code == 2
