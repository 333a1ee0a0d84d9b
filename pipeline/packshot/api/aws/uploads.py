"""Files on their way into the upload bucket, by presigned forms that fix key, type and size."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.presigned import Presigner
from packshot.api.backend import Desk, Limits
from packshot.api.kept.uploads import FolderFacts, KeptUploads, UploadFacts
from packshot.api.models.uploads import UploadFolder, UploadRequest
from packshot.contracts.work_keys import UPLOADS
from packshot.errors import RequestError

_LIKE_AN_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def key_of(folder: FolderFacts, path: str) -> str:
    """The key of a folder's file."""
    return f"{UPLOADS}{folder.home}/{path}"


class AwsUploads(KeptUploads):
    """Files in a bucket.

    Args:
        store: the upload bucket.
        bucket: its name.
        presigner: of addresses.
        limits: sizes that are taken.
    """

    def __init__(self, store: S3ObjectStore, bucket: str, presigner: Presigner, limits: Limits) -> None:
        super().__init__(limits)
        self._store = store
        self._bucket = bucket
        self._presigner = presigner

    def offer(self, desk: Desk, request: UploadRequest) -> UploadFolder:
        for one in request.files:
            if _LIKE_AN_ADDRESS.match(one.path):
                # A row would take it for one.
                reason = "it begins like an address"
                raise RequestError("upload_name_refused", path=one.path[:100], reason=reason)
        return super().offer(desk, request)

    def arrived(self, folder: FolderFacts, uploads: Sequence[UploadFacts]) -> frozenset[str]:
        keys = {key_of(folder, one.path): one for one in uploads}
        if len(keys) == 1:
            sizes = {key: self._store.size(key) for key in keys}
        else:
            sizes = {one.key: one.bytes for one in self._store.look(key_of(folder, ""))}
        return frozenset(one.upload_id for key, one in keys.items() if sizes.get(key) == one.bytes)

    def address(self, upload: UploadFacts, folder: FolderFacts, ends: dt.datetime) -> dict[str, Any]:
        seconds = round((ends - dt.datetime.now(dt.UTC)).total_seconds())
        form = self._presigner.form(
            self._bucket, key_of(folder, upload.path), upload.content_type, upload.bytes, seconds
        )
        return {"method": "POST", "url": form.url, "headers": {}, "fields": form.fields}

    def preview(self, upload: UploadFacts, folder: FolderFacts) -> str | None:
        return self._presigner.get(self._bucket, key_of(folder, upload.path), version=str(upload.bytes))

    def forget(self, upload: UploadFacts, folder: FolderFacts) -> None:
        self._store.delete(key_of(folder, upload.path))

    async def take(
        self, name: str, content_type: str, size: int, body: AsyncIterator[bytes]
    ) -> tuple[str, str]:
        del name, size, body
        raise RequestError("upload_first", content_type=content_type)
