from __future__ import annotations

import errno
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from packshot.adapters.fetch_files import FileReader
from packshot.contracts.limits import MAX_SOURCE_BYTES
from packshot.errors import SourceError


def failure(reader: FileReader, path: Path | str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reader.read(str(path))
    return caught.value


def test_reads_a_photo_below_a_root(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "müg 1.jpg").write_bytes(b"photo")
    assert FileReader([tmp_path]).read(f"{tmp_path}/x/müg 1.jpg") == b"photo"
    assert FileReader([tmp_path / "x" / "müg 1.jpg"]).read(f"{tmp_path}/x/müg 1.jpg") == b"photo"
    (tmp_path / "empty.jpg").write_bytes(b"")
    assert FileReader([tmp_path]).read(f"{tmp_path}/empty.jpg") == b""


def test_roots_may_be_links_themselves(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.jpg").write_bytes(b"photo")
    (tmp_path / "link").symlink_to("real")
    assert FileReader([tmp_path / "link"]).read(f"{tmp_path}/link/a.jpg") == b"photo"
    assert FileReader([tmp_path / "link"]).read(f"{tmp_path}/real/a.jpg") == b"photo"


def test_links_inside_are_followed_and_links_out_of_the_roots_are_not(tmp_path: Path) -> None:
    for folder in ("shop", "secret"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jpg").write_bytes(folder.encode())
    (tmp_path / "shop" / "inside.jpg").symlink_to("a.jpg")
    (tmp_path / "shop" / "out.jpg").symlink_to("../secret/a.jpg")
    (tmp_path / "shop" / "out").symlink_to("../secret")
    reader = FileReader([tmp_path / "shop"])
    assert reader.read(f"{tmp_path}/shop/inside.jpg") == b"shop"
    for path in ("shop/out.jpg", "shop/out/a.jpg", "secret/a.jpg", "shop/../secret/a.jpg"):
        assert failure(reader, tmp_path / path).code == "source_outside_root"
    assert FileReader([tmp_path / "shop", tmp_path / "secret"]).read(f"{tmp_path}/shop/out.jpg") == b"secret"


def test_a_root_that_only_begins_alike_is_another_folder(tmp_path: Path) -> None:
    (tmp_path / "shop2").mkdir()
    (tmp_path / "shop2" / "a.jpg").write_bytes(b"photo")
    assert (
        failure(FileReader([tmp_path / "shop"]), tmp_path / "shop2" / "a.jpg").code == "source_outside_root"
    )


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "dangling.jpg").symlink_to("gone.jpg")
    reader = FileReader([tmp_path])
    for name in ("gone.jpg", "a.jpg/b.jpg", "gone/a.jpg", "dangling.jpg"):
        assert failure(reader, tmp_path / name).code == "source_missing"


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{tmp_path}/s.jpg")
        reader = FileReader([tmp_path])
        started = time.monotonic()
        names = ["folder.jpg", "pipe.jpg", "loop.jpg", "s.jpg", "x" * 300 + ".jpg", "a\x00.jpg"]
        assert {failure(reader, f"{tmp_path}/{name}").code for name in names} == {"source_unreadable"}
        assert time.monotonic() - started < 5
    assert failure(FileReader([Path("/dev")]), "/dev/zero").code == "source_unreadable"


def test_without_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(b"photo")

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    error = failure(FileReader([tmp_path]), tmp_path / "a.jpg")
    assert (error.code, error.details["reason"]) == ("source_unreadable", "Permission denied")


def test_limits(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x" * 1001)
    error = failure(FileReader([tmp_path], limit=1000), tmp_path / "a.jpg")
    assert error.code == "file_too_large"
    assert len(FileReader([tmp_path], limit=1001).read(f"{tmp_path}/a.jpg")) == 1001
    with (tmp_path / "sparse.jpg").open("wb") as file:
        file.truncate(MAX_SOURCE_BYTES + 1)
    error = failure(FileReader([tmp_path]), tmp_path / "sparse.jpg")
    assert error.message == "The photo's file has more than 50 MB."


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")
    reader = FileReader([tmp_path], limit=3_000_000)
    done = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not done.is_set():
                file.write(b"x" * 200_000)
                if file.tell() > 40_000_000:
                    file.truncate(1)
                    file.seek(0, os.SEEK_END)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for _ in range(20):
            try:
                assert len(reader.read(str(path))) <= 3_000_000
            except SourceError as error:
                assert error.code == "file_too_large"  # noqa: PT017  # either ending is right
    finally:
        done.set()
        writer.join()
