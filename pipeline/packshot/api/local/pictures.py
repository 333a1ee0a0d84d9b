"""Links to an image's pictures, as paths on this server."""

from __future__ import annotations

import threading
from typing import Final

from packshot.api.backend import Desk
from packshot.api.local.desks import LocalDesk
from packshot.api.models.images import ImageLinks
from packshot.api.views import batch_path, image_path
from packshot.contracts.records import BatchRecord, ImageRecord

#: Signs of a picture's hash in its address: with them it may be kept for good.
TAG: Final = 12
#: Codes of images whose source was refused, not there, or no picture that may be decoded.
NEVER_SHOWN: Final = ("source_", "row_", "file_too_large", "image_")


class LocalPictures:
    """Where pictures are to be had; what a source's image is called is remembered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: dict[tuple[str, str], str | None] = {}

    def links(self, desk: Desk, image: ImageRecord, reference: str | None) -> ImageLinks:
        path = image_path(image)
        shown = image.source_sha256 is not None and not _never_shown(image)
        before = f"{path}/preview/before?v={(image.source_sha256 or '')[:TAG]}" if shown else None
        main = next((one for one in image.renditions if one.name == "main" and one.path), None)
        after = f"{path}/preview/after?v={main.sha256[:TAG]}" if main else None
        return ImageLinks(
            self=path,
            source=_source(image, path) if shown else None,
            before=before and f"{before}&size=large",
            before_small=before and f"{before}&size=small",
            after=self.rendition(image, "main") if main else None,
            after_small=after and f"{after}&size=small",
            reference=self._reference(desk, image.batch_id, reference),
            review=f"{path}/review",
            rework=f"{path}/rework",
        )

    def rendition(self, image: ImageRecord, name: str) -> str:
        sha256 = next((one.sha256 for one in image.renditions if one.name == name), "")
        return f"{image_path(image)}/renditions/{name}?v={sha256[:TAG]}"

    def results_file(self, desk: Desk, batch: BatchRecord, form: str) -> str | None:
        del desk, batch, form
        return None

    def _reference(self, desk: Desk, batch_id: str, source: str | None) -> str | None:
        if source is None or not isinstance(desk, LocalDesk):
            return None
        image_id = self._id_of(desk, batch_id, source)
        found = desk.table.get_image(batch_id, image_id) if image_id else None
        if found is None or found.superseded_by is not None:
            return None
        return f"{batch_path(batch_id)}/images/{image_id}/renditions/main"

    def _id_of(self, desk: LocalDesk, batch_id: str, source: str) -> str | None:
        key = (batch_id, source)
        with self._lock:
            if key in self._ids:
                return self._ids[key]
        found = desk.directory.table.id_of_source(batch_id, source)
        with self._lock:
            if len(self._ids) > 10_000:
                self._ids.clear()
            # One that is not there yet may come while the batch runs.
            if found is not None:
                self._ids[key] = found
        return found


def _source(image: ImageRecord, path: str) -> str:
    # What lies on the web is had from there.
    return image.source if image.source.startswith("https://") else f"{path}/source"


def _never_shown(image: ImageRecord) -> bool:
    return image.error is not None and image.error.code.startswith(NEVER_SHOWN)
