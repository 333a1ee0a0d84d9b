"""Lists of photos in the upload bucket."""

from __future__ import annotations

import hashlib
import io
import posixpath

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.api.kept.sources import KeptSources, Named
from packshot.api.kept.uploads import FolderFacts, KeptUploads
from packshot.contracts.work_keys import UPLOADS
from packshot.errors import ManifestError
from packshot.manifests.locate import Base
from packshot.manifests.source import Manifest, SourceOptions, manifest_of_photos, read_manifest


class AwsSources(KeptSources):
    """Finds and opens lists.

    Args:
        store: the upload bucket.
        bucket: its name.
        uploads: the folders.
        manifest_bytes: largest manifest.
    """

    def __init__(self, store: S3ObjectStore, bucket: str, uploads: KeptUploads, manifest_bytes: int) -> None:
        super().__init__(uploads)
        self._store = store
        self._bucket = bucket
        self._manifest_bytes = manifest_bytes

    def has(self, source: str) -> bool:
        return self._store.size(UPLOADS + source) is not None

    def put(self, source: str, data: bytes) -> None:
        self._store.put(UPLOADS + source, data, "application/x-ndjson")

    def read(self, named: Named) -> Manifest:
        if named.source == named.folder.home:
            prefix = f"{UPLOADS}{named.source}/"
            paths = (found.key.removeprefix(prefix) for found in self._store.look(prefix))
            return manifest_of_photos(paths, named.folder.name, Base(self.address(named.source)))
        size = self._store.size(UPLOADS + named.source)
        if size is None:
            reason = f"{posixpath.basename(named.source)} is not in the bucket any more"
            raise ManifestError("manifest_unreadable", reason=reason)
        if size > self._manifest_bytes:
            raise ManifestError("manifest_too_large", bytes=size, limit=self._manifest_bytes)
        return read_manifest(
            io.BytesIO(self._store.get(UPLOADS + named.source)),
            posixpath.basename(named.source),
            Base(self.address(posixpath.dirname(named.source))),
            SourceOptions(columns=named.columns, max_bytes=self._manifest_bytes),
        )

    def address(self, source: str) -> str:
        """Of a place among the uploads."""
        return f"s3://{self._bucket}/{UPLOADS}{source}"

    def photos(self, folder: FolderFacts) -> str:
        """Tells the folder's files from others of the same names; what was sent again is something else."""
        prefix = f"{UPLOADS}{folder.home}/"
        told = "\0".join(f"{found.key} {found.etag}" for found in self._store.look(prefix))
        return hashlib.sha256(told.encode()).hexdigest()
