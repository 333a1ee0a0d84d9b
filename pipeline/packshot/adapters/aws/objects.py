"""An `ObjectStore` in an S3 bucket, or below a prefix of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import ClientError

from packshot.adapters.aws.errors import NOT_FOUND, code_of, translated
from packshot.errors import StorageError
from packshot.ports import StoredObject


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a listing; `etag` tells one content from another."""

    key: str
    bytes: int
    etag: str


class S3ObjectStore:
    """Files of a bucket, by key. SHA-256 is S3's own checksum, so that it is checked on arrival.

    Args:
        client: of S3.
        bucket: its name.
        prefix: put before each key; empty, or ending in /.
    """

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._s3 = client
        self._bucket = bucket
        self._prefix = prefix

    @property
    def bucket(self) -> str:
        return self._bucket

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> StoredObject:
        digest = hashlib.sha256(data)
        with translated(self._place(key)):
            answer = self._s3.put_object(
                Bucket=self._bucket,
                Key=self._key(key),
                Body=data,
                ContentType=content_type,
                ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            )
        return StoredObject(key, len(data), digest.hexdigest(), answer.get("VersionId"))

    def get(self, key: str) -> bytes:
        with translated(self._place(key)):
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=self._key(key))["Body"].read()
        return body

    def get_part(self, key: str, first: int, size: int) -> bytes:
        """`size` bytes of a file from the `first` on (0 is its beginning).

        Raises:
            StorageError: store_corrupt when the file is not there, or ends before.
        """
        if size == 0:
            return b""
        with translated(self._place(key)):
            answer = self._s3.get_object(
                Bucket=self._bucket, Key=self._key(key), Range=f"bytes={first}-{first + size - 1}"
            )
            body: bytes = answer["Body"].read()
        if len(body) != size:
            raise StorageError(
                "store_corrupt", path=self._place(key), reason="the file is shorter than it was"
            )
        return body

    def get_version(self, bucket: str, key: str, version_id: str) -> bytes:
        """The bytes of a version of an object of any bucket (its whole key).

        Raises:
            StorageError: store_corrupt when it is not there.
        """
        with translated(f"s3://{bucket}/{key}"):
            answer = self._s3.get_object(Bucket=bucket, Key=key, VersionId=version_id)
            body: bytes = answer["Body"].read()
        return body

    def stat(self, key: str) -> StoredObject | None:
        head = self._head(key)
        if head is None:
            return None
        checksum = head.get("ChecksumSHA256")
        # Files that others have put here, or in parts, have none (or one of another kind).
        digest = base64.b64decode(checksum).hex() if checksum and "-" not in checksum else self._hash(key)
        return StoredObject(key, int(head["ContentLength"]), digest, head.get("VersionId"))

    def size(self, key: str) -> int | None:
        head = self._head(key)
        return None if head is None else int(head["ContentLength"])

    def version_id(self, key: str, sha256: str) -> str | None:
        found = self.stat(key)
        # Another batch may have written the name meanwhile: its version would contradict the checksum.
        return found.version_id if found is not None and found.sha256 == sha256 else None

    def delete(self, key: str) -> None:
        with translated(self._place(key)):
            self._s3.delete_object(Bucket=self._bucket, Key=self._key(key))

    def move(self, source: str, target: str) -> StoredObject:
        try:
            with translated(self._place(source)):
                self._s3.copy_object(
                    Bucket=self._bucket,
                    Key=self._key(target),
                    CopySource={"Bucket": self._bucket, "Key": self._key(source)},
                    ChecksumAlgorithm="SHA256",
                )
        except StorageError as error:
            moved = self.stat(target) if error.code == "store_corrupt" else None
            if moved is None:
                raise
            return moved
        self.delete(source)
        moved = self.stat(target)
        if moved is None:
            raise StorageError("store_corrupt", path=self._place(target), reason="the file is not there")
        return moved

    def look(self, prefix: str = "") -> Iterator[Found]:
        """What lies under the prefix, by key; cheaper than `stat` of each."""
        with translated(self._place(prefix)):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix
            )
            for page in pages:
                for one in page.get("Contents", ()):
                    key = str(one["Key"]).removeprefix(self._prefix)
                    yield Found(key, int(one["Size"]), str(one["ETag"]).strip('"'))

    def list(self, prefix: str = "") -> Iterator[str]:
        return (found.key for found in self.look(prefix))

    def _head(self, key: str) -> Mapping[str, Any] | None:
        with translated(self._place(key)):
            try:
                head: Mapping[str, Any] = self._s3.head_object(
                    Bucket=self._bucket, Key=self._key(key), ChecksumMode="ENABLED"
                )
            except ClientError as error:
                if code_of(error) in NOT_FOUND:
                    return None
                raise
            return head

    def _hash(self, key: str) -> str:
        digest = hashlib.sha256()
        with translated(self._place(key)):
            body = self._s3.get_object(Bucket=self._bucket, Key=self._key(key))["Body"]
            for chunk in body.iter_chunks(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()

    def _key(self, key: str) -> str:
        pure = PurePosixPath(key)
        # As in a folder: what could lead out of one is no key.
        if not key or pure.is_absolute() or ".." in pure.parts or "\\" in key or "\0" in key:
            raise StorageError(
                "output_not_writable", path=key, reason="the name leads out of the output folder"
            )
        return self._prefix + key

    def _place(self, key: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{key}"
