"""Photos that lie in a bucket of ours, which keeps versions: later stages read them there, without a copy."""

from __future__ import annotations

from packshot.adapters.aws.bundles import Original
from packshot.adapters.fetch_s3 import S3Photo, S3Reader


class OriginalReader:
    """A `Reader` that remembers where the photo lies that it has read last.

    Args:
        reader: of S3.
        bucket: ours; of photos in other buckets nothing is remembered, since they may change or go.
    """

    def __init__(self, reader: S3Reader, bucket: str) -> None:
        self._reader = reader
        self._ours = f"s3://{bucket}/"
        self._last: tuple[str, S3Photo] | None = None

    def is_ours(self, source: str) -> bool:
        """True of an address in our bucket."""
        return source.startswith(self._ours)

    def read(self, source: str) -> bytes:
        """The source's bytes, as the reader gives them."""
        photo = self._reader.fetch(source)
        self._last = (source, photo) if self.is_ours(source) else None
        return photo.data

    def original_of(self, data: bytes) -> Original | None:
        """The place of the very bytes that were read last; None where nobody vouches for it. Told once."""
        found, self._last = self._last, None
        if found is None or found[1].data is not data or found[1].version_id is None:
            return None
        bucket, _, key = found[0].removeprefix("s3://").partition("/")
        return Original(bucket=bucket, key=key, version_id=found[1].version_id)
