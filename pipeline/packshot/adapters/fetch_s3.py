"""Photos from S3 buckets, through a client that is handed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from packshot.adapters.sockets import Deadline, TimeLimitError
from packshot.contracts.limits import MAX_SOURCE_BYTES, file_too_large
from packshot.errors import PackshotError, SourceError, SourceUnavailableError
from packshot.manifests.locate import invalid, shown

_CHUNK: Final = 1 << 20
_MISSING: Final = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "404", "NotFound"})
_THROTTLED: Final = frozenset(
    {"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "503"}
)


class S3Client(Protocol):
    """What is needed of a boto3 client for S3."""

    def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, Any]:  # noqa: N803  # boto3's names
        """The object's length and a stream of its bytes."""
        ...


@dataclass(frozen=True, slots=True)
class S3Photo:
    """An object's bytes, and the version that they are; None in a bucket that keeps no versions."""

    data: bytes
    version_id: str | None


class S3Reader:
    """Reads s3 addresses.

    Args:
        client: a boto3 client for S3.
        buckets: the ones that may be read; None for all that the client's account may.
        limit: bytes that a photo's file may have.
        total_s: seconds from the first request to the last byte.
    """

    def __init__(
        self,
        client: S3Client,
        *,
        buckets: Collection[str] | None = None,
        limit: int = MAX_SOURCE_BYTES,
        total_s: float = 30.0,
    ) -> None:
        self._client = client
        self._buckets = buckets
        self._limit = limit
        self._total_s = total_s

    def read(self, source: str) -> bytes:
        """The bytes of `s3://bucket/key`; raises as `fetch`."""
        return self.fetch(source).data

    def fetch(self, source: str) -> S3Photo:
        """The object at `s3://bucket/key`.

        Raises:
            SourceError: `source_invalid`, `source_not_allowed`, `source_missing`, `source_denied`,
                `source_unreadable`, `file_too_large`.
            SourceUnavailableError: `source_unreachable`, `source_timeout`, `source_throttled`.
        """
        bucket, _, key = source.removeprefix("s3://").partition("/")
        if not source.startswith("s3://") or not bucket or not key:
            raise invalid(source, "an S3 address is s3://bucket/key")
        if self._buckets is not None and bucket not in self._buckets:
            raise SourceError("source_not_allowed", source=shown(source))
        try:
            return self._read(bucket, key)
        except TimeLimitError as error:
            raise self._timeout(source, error.limit_s) from error
        except ClientError as error:
            raise _translated(error, source) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            reason = "no AWS credentials were found"
            raise SourceError("source_denied", source=shown(source), reason=reason) from error
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            raise self._timeout(source, self._total_s) from error
        except (NoConnectionError, HTTPClientError, IncompleteReadError) as error:
            raise SourceUnavailableError("source_unreachable", source=shown(source)) from error
        except BotoCoreError as error:
            # Settings that are missing or wrong, such as the region or a parameter's form.
            raise SourceError("source_unreadable", source=shown(source), reason=str(error)) from error

    def _timeout(self, source: str, limit_s: float) -> SourceUnavailableError:
        return SourceUnavailableError("source_timeout", source=shown(source), limit_s=f"{limit_s:g}")

    def _read(self, bucket: str, key: str) -> S3Photo:
        deadline = Deadline(self._total_s)
        answer = self._client.get_object(Bucket=bucket, Key=key)
        body = answer["Body"]
        try:
            if answer.get("ContentLength", 0) > self._limit:
                raise file_too_large(self._limit)
            parts: list[bytes] = []
            size = 0
            while part := body.read(_CHUNK):
                deadline.timeout(self._total_s)
                size += len(part)
                if size > self._limit:
                    raise file_too_large(self._limit)
                parts.append(part)
            # S3 says null of what was put before the bucket kept versions.
            version = answer.get("VersionId")
            return S3Photo(b"".join(parts), None if version == "null" else version)
        finally:
            body.close()


def _translated(error: ClientError, source: str) -> PackshotError:
    """Botocore's answer in our words."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    name = shown(source)
    if code in _MISSING:
        return SourceError("source_missing", source=name)
    if code in _THROTTLED or status in (429, 503):
        return SourceUnavailableError("source_throttled", source=name)
    if status >= 500:
        return SourceUnavailableError("source_unreachable", source=name)
    return SourceError("source_denied", source=name, reason=code or f"HTTP {status}")


def s3_reader() -> S3Reader:
    """A reader with the user's own account and settings.

    Raises:
        SourceError: `source_unreadable` when the settings, such as the region or profile, are wrong.
    """
    import boto3  # noqa: PLC0415  # half a second: only when a source needs it
    from botocore.config import Config  # noqa: PLC0415  # as above

    config = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})
    try:
        return S3Reader(boto3.client("s3", config=config))
    except BotoCoreError as error:
        raise SourceError("source_unreadable", source="s3://", reason=str(error)) from error
