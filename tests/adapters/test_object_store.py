"""The contract of `ObjectStore`, for both adapters."""

from __future__ import annotations

import hashlib

import pytest

from packshot.errors import StorageError
from packshot.ports import ObjectStore

KEYS = [
    "a.jpg",
    "catalogue/group/sku/sku.primary.main.jpg",
    "review/Größe 42/ä+b & c's.png",
    "x/ファイル.webp",
]


@pytest.mark.parametrize("key", KEYS)
def test_what_was_put_is_got_back(store: ObjectStore, key: str) -> None:
    data = key.encode() * 100
    stored = store.put(key, data, "image/jpeg")
    assert store.get(key) == data
    assert (stored.key, stored.bytes) == (key, len(data))
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert store.stat(key) == stored
    assert store.size(key) == len(data)
    assert store.version_id(key, stored.sha256) == stored.version_id


def test_an_empty_file_is_a_file(store: ObjectStore) -> None:
    store.put("empty", b"")
    assert store.get("empty") == b""
    assert store.size("empty") == 0


def test_a_second_put_replaces(store: ObjectStore) -> None:
    first = store.put("a/b.jpg", b"old")
    second = store.put("a/b.jpg", b"newer")
    assert store.get("a/b.jpg") == b"newer"
    assert list(store.list()) == ["a/b.jpg"]
    assert first.version_id is None or first.version_id != second.version_id


def test_what_is_missing_is_said_so(store: ObjectStore) -> None:
    assert store.stat("nothing/here.jpg") is None
    assert store.size("nothing/here.jpg") is None
    assert store.version_id("nothing/here.jpg", "00" * 32) is None
    with pytest.raises(StorageError) as caught:
        store.get("nothing/here.jpg")
    assert caught.value.code == "store_corrupt"
    store.delete("nothing/here.jpg")


def test_a_version_is_told_only_of_the_bytes_that_were_asked_for(store: ObjectStore) -> None:
    first = store.put("a/b.jpg", b"old")
    second = store.put("a/b.jpg", b"newer")
    assert store.version_id("a/b.jpg", first.sha256) is None
    assert store.version_id("a/b.jpg", second.sha256) == second.version_id
    # Where versions are kept there is one bucket, which events name.
    assert (store.bucket is None) == (second.version_id is None)


def test_delete_removes(store: ObjectStore) -> None:
    store.put("a/b.jpg", b"x")
    store.delete("a/b.jpg")
    assert store.stat("a/b.jpg") is None
    assert list(store.list()) == []


def test_move_takes_the_file_along_and_replaces_the_target(store: ObjectStore) -> None:
    store.put("review/a.jpg", b"new")
    store.put("catalogue/a.jpg", b"old")
    moved = store.move("review/a.jpg", "catalogue/a.jpg")
    assert store.get("catalogue/a.jpg") == b"new"
    assert (moved.key, moved.sha256) == ("catalogue/a.jpg", hashlib.sha256(b"new").hexdigest())
    assert list(store.list()) == ["catalogue/a.jpg"]


def test_a_move_that_was_cut_off_can_be_repeated(store: ObjectStore) -> None:
    store.put("review/a.jpg", b"x")
    first = store.move("review/a.jpg", "catalogue/a.jpg")
    again = store.move("review/a.jpg", "catalogue/a.jpg")
    assert (again.key, again.sha256) == (first.key, first.sha256)


def test_moving_what_is_nowhere_is_an_error(store: ObjectStore) -> None:
    with pytest.raises(StorageError) as caught:
        store.move("review/a.jpg", "catalogue/a.jpg")
    assert caught.value.code == "store_corrupt"


def test_list_is_sorted_and_begins_with_the_prefix(store: ObjectStore) -> None:
    for key in ("b/2.jpg", "a/1.jpg", "b/10.jpg", "b.jpg", "ab/3.jpg"):
        store.put(key, b"x")
    assert list(store.list()) == ["a/1.jpg", "ab/3.jpg", "b.jpg", "b/10.jpg", "b/2.jpg"]
    assert list(store.list("b/")) == ["b/10.jpg", "b/2.jpg"]
    assert list(store.list("a")) == ["a/1.jpg", "ab/3.jpg"]
    assert list(store.list("c/")) == []


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../up.jpg", "a/../../up.jpg", "a\\..\\up", "a\0b"])
def test_no_key_leads_out(store: ObjectStore, key: str) -> None:
    for attempt in (
        lambda: store.put(key, b"x"),
        lambda: store.get(key),
        lambda: store.delete(key),
        lambda: store.move(key, "a.jpg"),
    ):
        with pytest.raises(StorageError) as caught:
            attempt()
        assert caught.value.code == "output_not_writable"
