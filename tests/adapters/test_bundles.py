"""What the contract of `Workspace` does not say: how few requests a stage makes, and what it leaves."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from packshot.adapters.aws.bundle_workspace import BundleWorkspace
from packshot.adapters.aws.bundles import kept_of, read_folder, write_bundle
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.originals import OriginalReader
from packshot.adapters.fetch_s3 import S3Reader
from packshot.errors import StorageError
from tests.adapters.conftest import WORK
from tests.aws import make_bucket

PREFIX = "batch/image/"


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    client = aws("s3")
    make_bucket(client, WORK)
    client.asked = Counter()
    client.meta.events.register("before-call.s3", lambda model, **_: client.asked.update([model.name]))
    return client


def picture(seed: int) -> np.ndarray:
    """Noise of 24 KB: too much for the list itself."""
    return np.random.default_rng(seed).integers(0, 256, (90, 90, 3), np.uint8)


def test_a_stage_writes_once_whatever_it_leaves(s3: Any) -> None:
    first = BundleWorkspace(s3, WORK, PREFIX)
    for name in ("aligned", "aligned_inside", "alpha"):
        first.put_pixels(name, picture(1))
    first.put_bytes("renditions/main.jpg", b"main")
    assert s3.asked == {}
    kept = first.leave("align")
    assert s3.asked == {"PutObject": 1}
    assert set(kept) == {"aligned.png", "aligned_inside.png", "alpha.png", "renditions/main.jpg"}

    later = BundleWorkspace(s3, WORK, PREFIX, kept)
    assert later.has("alpha")
    assert not later.has("aligned_alpha")
    assert np.array_equal(later.get_pixels("alpha"), picture(1))
    assert s3.asked == {"PutObject": 1, "GetObject": 1}


def test_the_same_picture_under_another_name_is_not_written_again(s3: Any) -> None:
    first = BundleWorkspace(s3, WORK, PREFIX)
    first.put_pixels("foreground", picture(2))
    kept = first.leave("background")
    enhance = BundleWorkspace(s3, WORK, PREFIX, kept)
    enhance.put_pixels("finished", enhance.get_pixels("foreground"))
    left = enhance.leave("enhance")
    assert left == {"finished.png": kept["foreground.png"]}
    assert s3.asked["PutObject"] == 1
    last = BundleWorkspace(s3, WORK, PREFIX, kept | left)
    assert np.array_equal(last.get_pixels("finished"), picture(2))


def test_what_is_very_small_travels_in_the_list_itself(s3: Any) -> None:
    mask = np.zeros((320, 240), np.uint8)
    mask[40:200, 60:180] = 255
    first = BundleWorkspace(s3, WORK, PREFIX)
    first.put_pixels("coarse", mask)
    kept = first.leave("detect")
    # As JSON, which is how it travels.
    event = json.loads(json.dumps({"detect": {"output": {}, "ms": 1, "kept": kept}}))
    later = BundleWorkspace(s3, WORK, PREFIX, kept_of(event))
    assert later.has("coarse")
    assert np.array_equal(later.get_pixels("coarse"), mask)
    assert s3.asked == {}
    assert sum(map(len, event["detect"]["kept"].values())) < 11_000


def test_small_parts_that_are_many_are_an_object(s3: Any) -> None:
    store = S3ObjectStore(s3, WORK, PREFIX)
    parts = {f"renditions/{at}": np.random.default_rng(at).bytes(1000) for at in range(12)}
    kept = write_bundle(store, "compress", parts)
    assert s3.asked == {"PutObject": 1}
    assert read_folder(store, kept, "renditions/") == parts


def test_a_stage_without_pictures_writes_nothing(s3: Any) -> None:
    assert BundleWorkspace(s3, WORK, PREFIX).leave("score") == {}
    assert s3.asked == {}


def test_the_photo_is_there_before_the_stage_ends(s3: Any) -> None:
    first = BundleWorkspace(s3, WORK, PREFIX)
    assert not first.has("source")
    first.put_bytes("source", b"photo")
    again = BundleWorkspace(s3, WORK, PREFIX)
    assert again.has("source")
    assert again.get_bytes("source") == b"photo"
    assert first.leave("detect") == {}


class TestAPhotoThatLiesInABucketOfOurs:
    """It is named with its version, and never copied as long as all goes well."""

    OURS = "uploads-of-the-tests"

    @pytest.fixture
    def reader(self, s3: Any) -> OriginalReader:
        make_bucket(s3, self.OURS)
        self.put(s3, b"photo")
        s3.asked.clear()
        return OriginalReader(S3Reader(s3), self.OURS)

    def put(self, s3: Any, data: bytes) -> None:
        s3.put_object(Bucket=self.OURS, Key="mugs/ü 1+.jpg", Body=data)

    def detected(self, s3: Any, reader: OriginalReader) -> BundleWorkspace:
        first = BundleWorkspace(s3, WORK, PREFIX, original_of=reader.original_of)
        assert not first.has("source")
        first.put_bytes("source", reader.read(f"s3://{self.OURS}/mugs/ü 1+.jpg"))
        return first

    def test_it_is_read_once_by_each_that_looks_at_it(self, s3: Any, reader: OriginalReader) -> None:
        first = self.detected(s3, reader)
        assert first.get_bytes("source") == b"photo"
        kept = first.leave("detect")
        assert s3.asked == {"GetObject": 1}
        event = json.loads(json.dumps({"detect": {"output": {}, "ms": 1, "kept": kept}}))
        # Another photo of the same name has come meanwhile.
        self.put(s3, b"another")
        later = BundleWorkspace(s3, WORK, PREFIX, kept_of(event))
        assert later.has("source")
        assert later.get_bytes("source") == later.get_bytes("source") == b"photo"
        assert s3.asked == {"GetObject": 2, "PutObject": 1}

    def test_after_a_failure_a_copy_tells_which_bytes_they_were(
        self, s3: Any, reader: OriginalReader
    ) -> None:
        first = self.detected(s3, reader)
        assert S3ObjectStore(s3, WORK, PREFIX).stat("source") is None
        first.keep_copies()
        found = S3ObjectStore(s3, WORK, PREFIX).stat("source")
        assert found is not None
        assert found.sha256 == hashlib.sha256(b"photo").hexdigest()

    def test_other_bytes_than_those_that_were_read_are_copied(self, s3: Any, reader: OriginalReader) -> None:
        workspace = BundleWorkspace(s3, WORK, PREFIX, original_of=reader.original_of)
        reader.read(f"s3://{self.OURS}/mugs/ü 1+.jpg")
        workspace.put_bytes("source", b"something else")
        assert workspace.leave("detect") == {}
        assert S3ObjectStore(s3, WORK, PREFIX).get("source") == b"something else"

    def test_a_bucket_of_others_or_without_versions_is_copied_from(
        self, s3: Any, reader: OriginalReader
    ) -> None:
        place = {"LocationConstraint": "eu-central-1"}
        s3.create_bucket(Bucket="plain-photos", CreateBucketConfiguration=place)
        s3.put_object(Bucket="plain-photos", Key="a.jpg", Body=b"photo")
        assert reader.is_ours(f"s3://{self.OURS}/a.jpg")
        assert not reader.is_ours("s3://plain-photos/a.jpg")
        assert reader.original_of(reader.read("s3://plain-photos/a.jpg")) is None
        without = OriginalReader(S3Reader(s3), "plain-photos")
        assert without.original_of(without.read("s3://plain-photos/a.jpg")) is None

    def test_a_version_that_is_gone_is_a_broken_store(self, s3: Any, reader: OriginalReader) -> None:
        kept = self.detected(s3, reader).leave("detect")
        s3.delete_object(Bucket=self.OURS, Key="mugs/ü 1+.jpg", VersionId=kept["source"]["version_id"])
        with pytest.raises(StorageError):
            BundleWorkspace(s3, WORK, PREFIX, kept).get_bytes("source")


def test_two_attempts_with_other_bytes_do_not_meet(s3: Any) -> None:
    kept = []
    for seed in (3, 4):
        attempt = BundleWorkspace(s3, WORK, PREFIX)
        attempt.put_pixels("alpha", picture(seed))
        kept.append(attempt.leave("background"))
    for seed, places in zip((3, 4), kept, strict=True):
        found = BundleWorkspace(s3, WORK, PREFIX, places).get_pixels("alpha")
        assert np.array_equal(found, picture(seed))


def test_a_folder_is_read_with_one_request_for_each_bundle(s3: Any) -> None:
    store = S3ObjectStore(s3, WORK, PREFIX)
    noise = np.random.default_rng(1).bytes(20_000)
    parts = {"a.png": noise, "renditions/main.jpg": b"one", "renditions/w": b""}
    kept = write_bundle(store, "compress", parts)
    kept |= write_bundle(store, "other", {"renditions/web.webp": noise})
    kept |= write_bundle(store, "small", {"renditions/thumb.jpg": b"three"})
    assert read_folder(store, kept, "renditions/") == {
        "renditions/main.jpg": b"one",
        "renditions/w": b"",
        "renditions/web.webp": noise,
        "renditions/thumb.jpg": b"three",
    }
    assert s3.asked["GetObject"] == 2
    assert read_folder(store, {}, "renditions/") == {}


def test_later_stages_have_the_last_word_on_a_name() -> None:
    event = {
        "task": {},
        "detect": {"output": {}, "ms": 1, "kept": {"coarse.png": ["d", 0, 9]}},
        "align": {"output": {}, "ms": 1, "kept": {"coarse.png": ["a", 1, 2], "aligned.png": "eJw="}},
    }
    assert kept_of(event) == {"coarse.png": ("a", 1, 2), "aligned.png": "eJw="}


@pytest.mark.parametrize("place", [("gone.bundle", 0, 3), ("there.bundle", 2, 9), ("there.bundle", 50, 9)])
def test_what_is_not_there_is_a_broken_store(s3: Any, place: tuple[str, int, int]) -> None:
    S3ObjectStore(s3, WORK, PREFIX).put("there.bundle", b"four")
    with pytest.raises(StorageError) as error:
        BundleWorkspace(s3, WORK, PREFIX, {"alpha.png": place}).get_pixels("alpha")
    assert error.value.code == "store_corrupt"
