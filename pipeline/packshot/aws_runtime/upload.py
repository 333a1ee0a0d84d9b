"""A manifest in the upload bucket."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.errors import NOT_FOUND, code_of, translated
from packshot.aws_runtime.options import beside_of, metadata_of
from packshot.contracts import ids
from packshot.contracts.work_keys import (
    MANIFEST_ENDINGS,
    MANIFESTS,
    OPTIONS_ENDING,
    PHOTOS,
    ROWS_ENDING,
)
from packshot.errors import ManifestError
from packshot.manifests import Manifest, read_manifest
from packshot.manifests.locate import Base
from packshot.manifests.prepared import PreparedManifest, read_prepared
from packshot.manifests.source import MAX_MANIFEST_BYTES, spooled

#: Judged rows are longer than those of a sheet, of which 512 MB are taken.
_MAX_PREPARED_BYTES: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of an object."""

    bucket: str
    key: str
    version_id: str | None

    @property
    def batch_id(self) -> str:
        """The batch's id: the same object uploaded again is another batch, an event told twice is not."""
        return ids.batch_id(self.bucket, self.key, self.version_id or "")

    @property
    def address(self) -> str:
        """For the record."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def base(self) -> str:
        """What relative sources are relative to: the manifest's folder, as on one machine.

        Photos of a manifest that was submitted lie in a folder of the same name beside all manifests.
        """
        folder = posixpath.dirname(self.key)
        if self.is_prepared:
            folder = (PHOTOS + folder.removeprefix(MANIFESTS)).rstrip("/")
        return f"s3://{self.bucket}/{folder}"

    @property
    def is_prepared(self) -> bool:
        """True for what `packshot submit` has left."""
        return self.key.startswith(MANIFESTS) and self.key.endswith(ROWS_ENDING)

    @property
    def is_manifest(self) -> bool:
        """False for what only lies beside manifests: options and photos."""
        key = self.key.lower()
        return (
            self.key.startswith(MANIFESTS)
            and key.endswith(MANIFEST_ENDINGS)
            and not key.endswith(OPTIONS_ENDING)
        )

    @property
    def options_key(self) -> str:
        """Where its options may lie: `NAME.options.json` beside `NAME.csv`."""
        return posixpath.splitext(self.key)[0] + OPTIONS_ENDING


@dataclass(frozen=True, slots=True)
class Opened:
    """A manifest, with what is said beside it, in rising order of weight."""

    manifest: Manifest | PreparedManifest
    said: tuple[dict[str, Any], ...]


def open_upload(upload: Upload) -> Opened:
    """Reads a manifest and its options; the manifest is copied to the function's disk, not to its memory.

    Raises:
        ManifestError, SettingsError: as `packshot.manifests.read_manifest`.
    """
    request: dict[str, str] = {"Bucket": upload.bucket, "Key": upload.key}
    if upload.version_id:
        request["VersionId"] = upload.version_id
    with translated(upload.address):
        found = _get(request)
        if found is None:
            raise ManifestError("manifest_unreadable", reason=f"{upload.address} is not there any more")
        if upload.is_prepared:
            prepared = read_prepared(spooled(found["Body"], _MAX_PREPARED_BYTES), Base(upload.base))
            return Opened(prepared, (dict(prepared.batch_options),))
        size = found["ContentLength"]
        if size > MAX_MANIFEST_BYTES:
            # Before half a gigabyte of it is copied.
            raise ManifestError("manifest_too_large", bytes=size, limit=MAX_MANIFEST_BYTES)
        manifest = read_manifest(found["Body"], upload.key, Base(upload.base))
        beside = _get({"Bucket": upload.bucket, "Key": upload.options_key})
        options = beside_of(beside["Body"].read(), upload.options_key) if beside else {}
    return Opened(manifest, (dict(manifest.batch_options), options, metadata_of(found.get("Metadata", {}))))


def _get(request: dict[str, str]) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = client("s3").get_object(**request)
    except ClientError as error:
        if code_of(error) in (*NOT_FOUND, "NoSuchVersion"):
            return None
        raise
    return answer
