"""Objects put together to one, inside S3: results of a million images never pass through anybody's memory."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Sequence
from typing import Any, Final

from packshot.adapters.aws.errors import translated

#: S3's least size of a part that is not the last one.
_LEAST: Final = 5 * 1024 * 1024
#: S3's largest part; a longer object is copied in several.
_MOST: Final = 5 * 1024 * 1024 * 1024
_CHUNK: Final = 1 << 20
#: What boto asks for by itself; named, so that the parts' can be told when all is put together.
_CHECKSUM: Final = "CRC32"


def concatenate(
    client: Any, bucket: str, keys: Sequence[str], to_bucket: str, to_key: str, content_type: str
) -> None:
    """Makes `to_key` of the objects' bytes, one behind the other, whole or not at all.

    Objects of 5 MiB and more are copied by S3 itself; where one but the last is smaller, which S3
    refuses, all pass through a temporary file.

    Raises:
        StorageError, StoreUnavailableError: as the other adapters of S3.
    """
    sizes = [_size(client, bucket, key) for key in keys]
    if all(size >= _LEAST for size in sizes[:-1]) and sizes and sizes[-1] > 0:
        _copied(client, bucket, list(zip(keys, sizes, strict=True)), to_bucket, to_key, content_type)
    else:
        _passed_through(client, bucket, keys, to_bucket, to_key, content_type)


def _copied(
    client: Any,
    bucket: str,
    objects: Sequence[tuple[str, int]],
    to_bucket: str,
    to_key: str,
    content_type: str,
) -> None:
    target = {"Bucket": to_bucket, "Key": to_key}
    with translated(f"s3://{to_bucket}/{to_key}"):
        upload = client.create_multipart_upload(
            **target, ContentType=content_type, ChecksumAlgorithm=_CHECKSUM
        )["UploadId"]
        try:
            parts: list[dict[str, Any]] = []
            for key, size in objects:
                # Pieces of one size, so that none but the last object's can be too small.
                piece = math.ceil(size / math.ceil(size / _MOST))
                for first in range(0, size, piece):
                    number = len(parts) + 1
                    copied = client.upload_part_copy(
                        **target,
                        UploadId=upload,
                        PartNumber=number,
                        CopySource={"Bucket": bucket, "Key": key},
                        CopySourceRange=f"bytes={first}-{min(first + piece, size) - 1}",
                    )["CopyPartResult"]
                    # S3 refuses to complete an upload with a checksum when those of its parts are not told.
                    told = {name: copied[name] for name in ("ETag", f"Checksum{_CHECKSUM}") if name in copied}
                    parts.append({"PartNumber": number, **told})
            client.complete_multipart_upload(**target, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            # What was begun costs storage until the bucket's rule for unfinished uploads comes.
            client.abort_multipart_upload(**target, UploadId=upload)
            raise


def _passed_through(
    client: Any, bucket: str, keys: Sequence[str], to_bucket: str, to_key: str, content_type: str
) -> None:
    with tempfile.TemporaryFile() as file:
        for key in keys:
            with translated(f"s3://{bucket}/{key}"):
                # Not by `download_fileobj`, which begins at the file's beginning each time.
                shutil.copyfileobj(client.get_object(Bucket=bucket, Key=key)["Body"], file, _CHUNK)
        file.seek(0)
        with translated(f"s3://{to_bucket}/{to_key}"):
            client.upload_fileobj(
                file,
                to_bucket,
                to_key,
                ExtraArgs={"ContentType": content_type, "ChecksumAlgorithm": "SHA256"},
            )


def _size(client: Any, bucket: str, key: str) -> int:
    with translated(f"s3://{bucket}/{key}"):
        return int(client.head_object(Bucket=bucket, Key=key)["ContentLength"])
