from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
    NoRegionError,
    ReadTimeoutError,
)
from botocore.stub import Stubber
from moto import mock_aws

from packshot.adapters.fetch_s3 import S3Reader, s3_reader
from packshot.errors import PackshotError


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        client = boto3.client("s3")
        place = {"LocationConstraint": "eu-central-1"}
        client.create_bucket(Bucket="photos", CreateBucketConfiguration=place)
        client.put_object(Bucket="photos", Key="in/müg 1?.jpg", Body=b"photo")
        yield client


def failure(reader: S3Reader, source: str = "s3://photos/a.jpg") -> PackshotError:
    with pytest.raises(PackshotError) as caught:
        reader.read(source)
    return caught.value


def test_reads_an_object(client: Any) -> None:
    assert S3Reader(client).read("s3://photos/in/müg 1?.jpg") == b"photo"


def test_the_users_own_account(client: Any) -> None:
    assert s3_reader().read("s3://photos/in/müg 1?.jpg") == b"photo"


def test_what_is_not_there(client: Any) -> None:
    assert failure(S3Reader(client)).code == "source_missing"
    assert failure(S3Reader(client), "s3://other-photos/a.jpg").code == "source_missing"


def test_buckets_that_may_be_read(client: Any) -> None:
    reader = S3Reader(client, buckets={"photos"})
    assert reader.read("s3://photos/in/müg 1?.jpg") == b"photo"
    assert failure(reader, "s3://other/a.jpg").code == "source_not_allowed"


def test_limits(client: Any) -> None:
    client.put_object(Bucket="photos", Key="a.jpg", Body=b"x" * 1001)
    assert failure(S3Reader(client, limit=1000)).code == "file_too_large"
    assert len(S3Reader(client, limit=1001).read("s3://photos/a.jpg")) == 1001


@pytest.mark.parametrize("source", ["s3://photos", "s3://photos/", "s3:///a.jpg", "photos/a.jpg"])
def test_addresses_without_bucket_or_key(client: Any, source: str) -> None:
    assert failure(S3Reader(client), source).code == "source_invalid"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDenied", 403, "source_denied"),
        ("InvalidObjectState", 403, "source_denied"),
        ("403", 403, "source_denied"),
        ("SlowDown", 503, "source_throttled"),
        ("RequestLimitExceeded", 503, "source_throttled"),
        ("InternalError", 500, "source_unreachable"),
        ("NoSuchBucket", 404, "source_missing"),
    ],
)
def test_answers_of_the_service(client: Any, code: str, status: int, expected: str) -> None:
    with Stubber(client) as stubber:
        # As often as the client's own retries ask.
        for _ in range(5):
            stubber.add_client_error("get_object", service_error_code=code, http_status_code=status)
        error = failure(S3Reader(client))
    assert (error.code, error.retryable) == (expected, expected in ("source_throttled", "source_unreachable"))


class Broken:
    """A client, or an object's stream, that fails."""

    def __init__(self, error: Exception, *, late: bool = False) -> None:
        self._error = error
        self._late = late

    def get_object(self, **_: str) -> dict[str, Any]:
        if self._late:
            return {"Body": self, "ContentLength": 10}
        raise self._error

    def read(self, _size: int) -> bytes:
        raise self._error

    def close(self) -> None:
        pass


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (EndpointConnectionError(endpoint_url="https://s3"), "source_unreachable"),
        (ConnectTimeoutError(endpoint_url="https://s3"), "source_timeout"),
        (ReadTimeoutError(endpoint_url="https://s3"), "source_timeout"),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), "source_unreachable"),
        (NoCredentialsError(), "source_denied"),
        (NoRegionError(), "source_unreadable"),
        (ClientError({"Error": {"Code": "Odd"}}, "GetObject"), "source_denied"),
    ],
)
def test_failures_of_the_connection(error: Exception, expected: str, late: bool) -> None:
    assert failure(S3Reader(Broken(error, late=late))).code == expected


class Slow(Broken):
    """A stream that never ends and takes its time."""

    def __init__(self) -> None:
        super().__init__(AssertionError(), late=True)

    def read(self, _size: int) -> bytes:
        time.sleep(0.02)
        return b"x"


def test_a_slow_drip_ends() -> None:
    started = time.monotonic()
    assert failure(S3Reader(Slow(), total_s=0.2)).code == "source_timeout"
    assert time.monotonic() - started < 2


def test_a_stream_longer_than_it_said_ends_at_the_limit() -> None:
    class Long:
        def get_object(self, **_: str) -> dict[str, Any]:
            return {"Body": io.BytesIO(b"x" * 5_000_000), "ContentLength": 10}

    assert failure(S3Reader(Long(), limit=2_000_000)).code == "file_too_large"
