"""Which files of a batch go into a zip, and what they are called in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from packshot.api.kept.orders import DownloadOrder
from packshot.contracts.base import Status
from packshot.contracts.records import ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.delivery import CATALOGUE, REVIEW
from packshot.ports import JobTable

_FOLDERS: Final = {"catalogue": (CATALOGUE,), "review": (REVIEW,), "both": (CATALOGUE, REVIEW)}


def standing(image: ImageRecord, table: JobTable) -> ImageRecord:
    """The newest revision that did not fail: one that did leaves those before it where they are."""
    found: ImageRecord | None = image
    while found is not None and found.status is not Status.COMPLETED and found.revision > 0:
        found = table.get_image(image.batch_id, image.image_id, found.revision - 1)
    return found or image


def chosen(image: ImageRecord, order: DownloadOrder) -> Iterator[RenditionFile]:
    """The files of an image that are asked for; none of one that was replaced."""
    for one in image.renditions:
        wanted = not order.renditions or one.name in order.renditions
        if wanted and one.path.startswith(_FOLDERS[order.include]) and image.superseded_by is None:
            yield one


def moved(
    image: ImageRecord, one: RenditionFile, order: DownloadOrder, table: JobTable
) -> RenditionFile | None:
    """A file that is not where its record had it, as a decision has left it; None if nobody asks for it."""
    newest = table.get_image(image.batch_id, image.image_id, image.revision)
    found = chosen(newest, order) if newest is not None else iter(())
    return next((file for file in found if file.name == one.name and file.path != one.path), None)


def name_in_zip(one: RenditionFile, order: DownloadOrder) -> str:
    """Its name; under its folder where a zip holds both."""
    folder, _, name = one.path.partition("/")
    return f"{folder}/{name}" if order.include == "both" else name
