"""A file that is sent while it is written."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from packshot.adapters.aws.multipart import MultipartFile
from packshot.errors import StoreUnavailableError
from tests.aws import BUCKET, make_bucket

PART = 5 * 1024 * 1024


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    client = aws("s3")
    make_bucket(client)
    return client


def begun(s3: Any) -> MultipartFile:
    return MultipartFile(s3, BUCKET, "a.zip", "application/zip", PART)


def read(s3: Any) -> bytes:
    data: bytes = s3.get_object(Bucket=BUCKET, Key="a.zip")["Body"].read()
    return data


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, 2 * PART + 7])
def test_it_arrives_whole(s3: Any, size: int) -> None:
    data = os.urandom(size)
    with begun(s3) as file:
        for start in range(0, size, 1_000_003):
            file.write(data[start : start + 1_000_003])
        assert file.size == size
    assert read(s3) == data
    assert s3.head_object(Bucket=BUCKET, Key="a.zip")["ContentType"] == "application/zip"


def test_a_zip_can_be_written_to_it(s3: Any) -> None:
    data = os.urandom(2_000_000)
    with begun(s3) as file, zipfile.ZipFile(file, "w") as made:
        for number in range(4):
            made.writestr(f"{number}.jpg", data)
    archive = zipfile.ZipFile(io.BytesIO(read(s3)))
    assert archive.testzip() is None
    assert [archive.read(name) == data for name in archive.namelist()] == [True] * 4


def test_an_error_leaves_nothing_behind(s3: Any) -> None:
    def stop() -> None:
        with begun(s3) as file:
            file.write(os.urandom(PART + 1))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        stop()
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_a_store_that_slows_down_is_told_as_ours(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(**asked: Any) -> None:
        raise ClientError({"Error": {"Code": "SlowDown"}}, "CompleteMultipartUpload")

    monkeypatch.setattr(s3, "complete_multipart_upload", slow)
    file = begun(s3)
    with pytest.raises(StoreUnavailableError), file:
        file.write(b"x")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)
