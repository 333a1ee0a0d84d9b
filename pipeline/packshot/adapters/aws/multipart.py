"""A file that is sent to S3 while it is written: only a part of it is ever held."""

from __future__ import annotations

import io
from types import TracebackType
from typing import Any, Final, Self

from packshot.adapters.aws.errors import translated

#: S3 takes ten thousand parts: of this size, 160 GB.
PART_BYTES: Final = 16 * 1024 * 1024


class MultipartFile(io.RawIOBase):
    """A file to be written from its beginning to its end; leaving `with` by an error leaves nothing behind.

    Args:
        client: of S3.
        bucket: that it goes to.
        key: of the file.
        content_type: of the file.
        part_bytes: how much is sent at a time; S3 takes 5 MiB at least.
    """

    def __init__(
        self, client: Any, bucket: str, key: str, content_type: str, part_bytes: int = PART_BYTES
    ) -> None:
        super().__init__()
        self._s3 = client
        self._target = {"Bucket": bucket, "Key": key}
        self._place = f"s3://{bucket}/{key}"
        self._part_bytes = part_bytes
        self._waiting = bytearray()
        self._parts: list[dict[str, Any]] = []
        self.size = 0
        with translated(self._place):
            begun = client.create_multipart_upload(
                **self._target, ContentType=content_type, ChecksumAlgorithm="CRC32"
            )
        self._upload = begun["UploadId"]

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self.size

    def write(self, data: Any, /) -> int:
        """Takes bytes; sends a part when there are enough."""
        piece = bytes(data)
        self._waiting += piece
        self.size += len(piece)
        while len(self._waiting) >= self._part_bytes:
            self._send(bytes(self._waiting[: self._part_bytes]))
            del self._waiting[: self._part_bytes]
        return len(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._abort()
            return
        try:
            if self._waiting or not self._parts:
                self._send(bytes(self._waiting))
            with translated(self._place):
                self._s3.complete_multipart_upload(
                    **self._target, UploadId=self._upload, MultipartUpload={"Parts": self._parts}
                )
        except BaseException:
            self._abort()
            raise

    def _send(self, data: bytes) -> None:
        number = len(self._parts) + 1
        with translated(self._place):
            answer = self._s3.upload_part(
                **self._target,
                UploadId=self._upload,
                PartNumber=number,
                Body=data,
                ChecksumAlgorithm="CRC32",
            )
        told = {name: answer[name] for name in ("ETag", "ChecksumCRC32") if name in answer}
        self._parts.append({"PartNumber": number, **told})

    def _abort(self) -> None:
        # What was begun costs storage until the bucket's rule for unfinished uploads comes.
        with translated(self._place):
            self._s3.abort_multipart_upload(**self._target, UploadId=self._upload)
