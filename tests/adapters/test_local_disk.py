"""The folder side: files whole or not at all, the operating system's errors as ours."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from packshot.adapters.local.disk import PARTIAL, storage_error, translated, whole_file
from packshot.adapters.local.files import FolderStore
from packshot.adapters.local.lock import FolderLock
from packshot.errors import StorageError, StoreUnavailableError


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EACCES, "output_not_writable"),
        (errno.EROFS, "output_not_writable"),
        (errno.ENAMETOOLONG, "output_not_writable"),
        (errno.EIO, "store_unavailable"),
    ],
)
def test_errors_are_ours(number: int, code: str) -> None:
    error = storage_error(OSError(number, os.strerror(number)), "/out")
    assert error.code == code
    assert "/out" in error.message


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_appears_when_it_is_whole(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "a" / "b.bin"
    with whole_file(path, durable=durable) as file:
        file.write(b"half")
        assert not path.exists()
        file.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert [one.name for one in path.parent.iterdir()] == ["b.bin"]


def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "b.bin"
    path.write_bytes(b"old")

    def fails() -> None:
        with whole_file(path) as file:
            file.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["b.bin"]


def test_files_are_readable_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with whole_file(tmp_path / "b.bin") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "b.bin").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_by_name() -> None:
    # A device on which every write fails as on a full disk.
    with (
        pytest.raises(StorageError) as caught,
        translated("/out"),
        Path("/dev/full").open("wb", buffering=0) as file,
    ):
        file.write(b"x")
    assert caught.value.code == "disk_full"
    assert "/out" in caught.value.message


def test_a_folder_where_a_file_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"x")
    with pytest.raises(StorageError) as caught:
        FolderStore(tmp_path).put("taken/a.jpg", b"x")
    assert caught.value.code == "output_not_writable"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").mkdir()
    with pytest.raises(StorageError) as caught:
        FolderStore(tmp_path).put("folder/a", b"x")
    assert caught.value.code == "output_not_writable"


def test_a_link_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(StorageError):
        FolderStore(tmp_path / "out").put("link/a.jpg", b"x")
    assert list((tmp_path / "outside").iterdir()) == []


def test_half_written_files_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / f"{PARTIAL}0123").write_bytes(b"x")
    store = FolderStore(tmp_path)
    store.put("a.jpg", b"x")
    assert list(store.list()) == ["a.jpg"]


def test_empty_folders_go_with_their_last_file(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("catalogue/g/s/a.jpg", b"x")
    store.put("catalogue/b.jpg", b"x")
    store.delete("catalogue/g/s/a.jpg")
    assert sorted(one.name for one in (tmp_path / "catalogue").iterdir()) == ["b.jpg"]
    store.delete("catalogue/b.jpg")
    assert tmp_path.is_dir()


def test_a_finished_file_is_taken_once(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "out")
    store.put("a/b.jpg", b"old")
    finished = tmp_path / "finished"
    finished.write_bytes(b"new")
    for _ in range(2):
        store.take(finished, "a/b.jpg")
        assert store.get("a/b.jpg") == b"new"
    assert not finished.exists()
    with pytest.raises(StorageError) as caught:
        store.take(finished, "c.jpg")
    assert caught.value.code == "store_corrupt"


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / ".packshot" / "lock"
    with FolderLock(path):
        with pytest.raises(StorageError) as caught, FolderLock(path):
            pass
        assert caught.value.code == "output_locked"
    with FolderLock(path):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP])
def test_a_file_system_without_locks_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(StorageError) as caught, FolderLock(tmp_path / ".packshot" / "lock"):
        pytest.fail("two runs could be at work here")
    assert caught.value.code == "output_not_writable"
    assert str(tmp_path) in caught.value.message
    assert "can't lock files" in caught.value.message


def test_a_file_whose_folder_vanishes_is_an_error_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    store.put("a/b.bin", b"data")
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    (tmp_path / "a" / "b.bin").unlink()
    with pytest.raises(StoreUnavailableError):
        store.size("a/b.bin")
