"""Links to an image's pictures: presigned addresses of the buckets that they lie in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from packshot.adapters.aws.presigned import Presigner
from packshot.api.aws.desks import desk_of
from packshot.api.backend import Desk
from packshot.api.models.images import ImageLinks
from packshot.api.views import image_path
from packshot.aws_runtime.ports import Ports
from packshot.batches.results import CSV, JSON_LINES
from packshot.batches.summarise import all_images
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.contracts.work_keys import report_key
from packshot.errors import PackshotError
from packshot.manifests.listing import group_and_sku
from packshot.manifests.uploaded import resolver_of

#: Signs of a picture's hash in its address.
_TAG: Final = 12
#: What every browser shows.
_SHOWN: Final = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".avif", ".bmp")
#: Codes of images whose source was refused, not there, or no picture that may be decoded.
_NEVER_SHOWN: Final = ("source_", "row_", "file_too_large", "image_")


class AwsPictures:
    """Where pictures are to be had.

    Args:
        ports: of the stack.
        uploads: name of the upload bucket; photos of other buckets are not linked.
        presigner: of addresses.
        streamed: images of a batch whose results are streamed.
    """

    def __init__(self, ports: Ports, uploads: str, presigner: Presigner, streamed: int) -> None:
        self._catalogue = ports.catalogue_bucket
        self._uploads = uploads
        self._presigner = presigner
        self._streamed = streamed

    def links(self, desk: Desk, image: ImageRecord, reference: str | None) -> ImageLinks:
        path = image_path(image)
        source = self._source(desk, image)
        shown = source if source and image.source.lower().endswith(_SHOWN) else None
        delivered = [one for one in image.renditions if one.path]
        main = next((one for one in delivered if one.name == "main"), None)
        small = min(delivered, key=lambda one: one.bytes, default=None)
        return ImageLinks(
            self=path,
            source=source,
            # There is nobody here to make previews: the photo itself, where browsers know its format.
            before=shown,
            before_small=shown,
            after=self._link(main) if main else None,
            after_small=self._link(small) if small and main else None,
            reference=self._reference(desk, image, reference),
            review=f"{path}/review",
            rework=f"{path}/rework",
        )

    def rendition(self, image: ImageRecord, name: str) -> str:
        found = next((one for one in image.renditions if one.name == name and one.path), None)
        return self._link(found) if found is not None else image_path(image)

    def results_file(self, desk: Desk, batch: BatchRecord, form: str) -> str | None:
        del desk
        if batch.total <= self._streamed or batch.status is not Status.COMPLETED:
            return None
        name = CSV if form == "csv" else JSON_LINES
        saved_as = f"{batch.batch_id}{os.path.splitext(name)[1]}"  # noqa: PTH122 - a name, not a path
        return self._presigner.get(self._catalogue, report_key(batch.batch_id, name), name=saved_as)

    def _link(self, one: RenditionFile) -> str:
        return self._presigner.get(self._catalogue, one.path, version=one.sha256[:_TAG])

    def _source(self, desk: Desk, image: ImageRecord) -> str | None:
        refused = image.error is not None and image.error.code.startswith(_NEVER_SHOWN)
        if image.source_sha256 is None or refused or not image.source:
            return None
        batch = _batch(desk, image.batch_id) if "://" not in image.source else None
        try:
            place = resolver_of(batch.base)(image.source) if batch is not None else image.source
        except PackshotError:
            return None
        ours = f"s3://{self._uploads}/"
        if place.startswith(ours):
            return self._presigner.get(
                self._uploads, place.removeprefix(ours), version=image.source_sha256[:_TAG]
            )
        # What lies on the web is had from there.
        return place if place.startswith("https://") else None

    def _reference(self, desk: Desk, image: ImageRecord, source: str | None) -> str | None:
        """The finished picture of the reference, where its image is found without reading a big batch."""
        if source is None:
            return None
        suspects = self._suspects(desk, image, source)
        # Where one that was replaced had its files, another's stand.
        found = (one for one in suspects if one.source == source and one.superseded_by is None)
        files = (file for one in found for file in one.renditions if file.name == "main" and file.path)
        main = next(files, None)
        return self._link(main) if main is not None else None

    def _suspects(self, desk: Desk, image: ImageRecord, source: str) -> Iterator[ImageRecord]:
        """Images of the batch that may be the reference's: of its SKU, or, of a small batch, any."""
        if image.source == source:
            yield image
            return
        for sku_id in {image.sku_id, group_and_sku(source)[1]}:
            yield from (one for one in desk.table.by_sku(sku_id).items if one.batch_id == image.batch_id)
        batch = _batch(desk, image.batch_id)
        if batch is not None and batch.total <= self._streamed:
            yield from all_images(desk.table, image.batch_id)


def _batch(desk: Desk, batch_id: str) -> BatchRecord | None:
    return desk_of(desk).batch(batch_id)
