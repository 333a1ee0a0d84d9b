"""Photos travel side by side, once, and an order that can't be kept starts nothing."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from packshot.adapters.fetch_files import FileReader
from packshot.adapters.local.files import FolderStore
from packshot.errors import StoreUnavailableError
from packshot.ports import StoredObject
from packshot.stack.photos import LocalPhoto, Sent, send_photos


class Bucket(FolderStore):
    """A bucket in a folder that counts who is at work in it."""

    def __init__(self, root: Path, fails_at: int | None = None) -> None:
        super().__init__(root)
        self.put_names: list[str] = []
        self._lock = threading.Lock()
        self._meet = threading.Barrier(4, timeout=20)
        self._fails_at = fails_at

    def put(self, key: str, data: bytes, content_type: str = "") -> StoredObject:
        with self._lock:
            if self._fails_at is not None and len(self.put_names) >= self._fails_at:
                raise StoreUnavailableError("store_throttled", reason="the bucket")
            self.put_names.append(key)
        return super().put(key, data, content_type)

    def meet(self, key: str, data: bytes, content_type: str = "") -> StoredObject:
        self._meet.wait()
        return super().put(key, data, content_type)


@pytest.fixture
def photos(tmp_path: Path) -> list[LocalPhoto]:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.jpg").write_bytes(b"photo %d" % number)
    names = [f"{number}.jpg" for number in range(40)]
    return [LocalPhoto(name, str(folder / name), name) for name in names]


def reader(photos: list[LocalPhoto]) -> FileReader:
    return FileReader([Path(photos[0].path).parent])


def sent_to(bucket: FolderStore, photos: list[LocalPhoto], senders: int = 4) -> Sent:
    return send_photos(photos, bucket, reader(photos), lambda sent: None, senders)  # type: ignore[arg-type]  # a folder for a bucket


def test_several_travel_at_once(tmp_path: Path, photos: list[LocalPhoto]) -> None:
    bucket = Bucket(tmp_path / "bucket")
    # Each waits for three others: one after the other none would ever arrive.
    bucket.put = bucket.meet  # type: ignore[method-assign]  # on purpose
    assert sent_to(bucket, photos).sent == 40


def test_the_digest_tells_bytes_and_names_but_not_the_order(tmp_path: Path, photos: list[LocalPhoto]) -> None:
    first = sent_to(Bucket(tmp_path / "a"), photos)
    mixed = random.Random(3).sample(photos, len(photos))
    assert sent_to(Bucket(tmp_path / "b"), mixed).digest == first.digest
    assert sent_to(Bucket(tmp_path / "c"), photos[1:]).digest != first.digest
    Path(photos[5].path).write_bytes(b"other")
    again = sent_to(Bucket(tmp_path / "a"), photos)
    assert (again.sent, again.there) == (1, 39)
    assert again.digest != first.digest


def test_a_bucket_that_refuses_ends_it_and_what_has_travelled_stays(
    tmp_path: Path, photos: list[LocalPhoto]
) -> None:
    bucket = Bucket(tmp_path / "bucket", fails_at=10)
    with pytest.raises(StoreUnavailableError):
        sent_to(bucket, photos)
    assert len(bucket.put_names) == 10
    assert sent_to(Bucket(tmp_path / "bucket"), photos).there == 10


def test_one_that_cannot_be_read_is_named_and_the_others_go(tmp_path: Path, photos: list[LocalPhoto]) -> None:
    Path(photos[3].path).unlink()
    sent = sent_to(Bucket(tmp_path / "bucket"), photos)
    assert (sent.sent, sent.total) == (39, 40)
    ((written, error),) = sent.refused
    assert (written, error.code) == ("3.jpg", "source_missing")
