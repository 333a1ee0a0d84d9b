"""Running images of a batch again: retry, rework, and taking over what is finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from packshot.batches.plan import Resolve, image_task
from packshot.batches.summarise import all_images
from packshot.contracts.base import Status
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.task import ImageTask, Overrides
from packshot.delivery import preset_of, supersede
from packshot.errors import SettingsError
from packshot.ports import JobTable


def row_of(record: ImageRecord) -> ManifestRow:
    """The manifest's row that a record came from."""
    return ManifestRow(
        line=record.line,
        product_group_id=record.product_group_id,
        sku_id=record.sku_id,
        image_url=record.source,
        image_type=record.image_type,
        reference=record.reference,
        mode=record.mode,
        background=record.background,
        scale=record.scale,
    )


def retry(
    batch: BatchRecord, table: JobTable, resolve: Resolve, image_ids: Iterable[str] = ()
) -> Iterator[ImageTask]:
    """Tasks for the failed images (only the named ones, if any), each as its next revision.

    Bad rows of the manifest can't be retried; they need another manifest.

    Raises:
        SettingsError: image_unknown.
    """
    wanted = set(image_ids)
    for image_id in sorted(wanted):
        _known(batch, image_id, table)
    for image in all_images(table, batch.batch_id):
        chosen = not wanted or image.image_id in wanted
        if chosen and image.status is Status.FAILED and image.source:
            yield _task(image, batch, resolve, image.overrides)


def rework(
    batch: BatchRecord, table: JobTable, resolve: Resolve, image_ids: Iterable[str], overrides: Overrides
) -> Iterator[ImageTask]:
    """Tasks for the named images with values set by hand, each as its next revision.

    Raises:
        SettingsError: image_unknown; option_invalid for a line of the manifest that is no image.
    """
    given = overrides.model_dump(exclude_none=True)
    # All are looked at before the first is handed out: an unknown one refuses the call as a whole.
    images = [_known(batch, image_id, table) for image_id in image_ids]
    for image in images:
        yield _task(image, batch, resolve, image.overrides.model_copy(update=given))


def adopt(
    earlier: ImageRecord, batch: BatchRecord, line: int, table: JobTable, now: dt.datetime
) -> ImageRecord:
    """Takes another batch's finished record over into this one, its review history too.

    Nothing was made, so no event goes out; the other record is marked as replaced.
    """
    own = table.get_image(batch.batch_id, earlier.image_id)
    # This batch's own record may have lost its place to the other batch before: it gets it back.
    revision = max(earlier.revision, own.revision if own else 0)
    there = table.get_image(batch.batch_id, earlier.image_id, revision)
    taken = earlier.model_copy(
        update={
            "batch_id": batch.batch_id,
            "line": line,
            "revision": revision,
            "updated_at": now,
            "version": max(earlier.version, there.version + 1 if there else 0),
        }
    )
    with table.unit():
        table.put_image(taken, there.version if there else None)
        for entry in table.reviews(earlier.batch_id, earlier.image_id):
            if entry.revision == earlier.revision:
                moved = {"batch_id": batch.batch_id, "revision": revision}
                table.append_review(entry.model_copy(update=moved))
        supersede((earlier,), taken, table, now)
    return taken


def find_earlier(task: ImageTask, preset: str, table: JobTable) -> ImageRecord | None:
    """The newest live record of the task's image in another batch; of the same preset's, if there is one."""
    page = table.by_sku(task.row.sku_id, task.image_id)
    others = [record for record in page.items if record.batch_id != task.batch_id]

    def rank(record: ImageRecord) -> tuple[bool, dt.datetime, int]:
        return preset_of(record) == preset, record.updated_at, record.revision

    return max(others, key=rank, default=None)


def _known(batch: BatchRecord, image_id: str, table: JobTable) -> ImageRecord:
    image = table.get_image(batch.batch_id, image_id)
    if image is None:
        raise SettingsError("image_unknown", image_id=image_id)
    if not image.source:
        raise SettingsError(
            "option_invalid",
            option="image",
            value=image_id,
            reason=f"it is line {image.line} of the manifest, which could not be read",
        )
    return image


def _task(image: ImageRecord, batch: BatchRecord, resolve: Resolve, overrides: Overrides) -> ImageTask:
    return image_task(
        batch.batch_id,
        row_of(image),
        batch.settings,
        resolve,
        revision=image.revision + 1,
        overrides=overrides,
    )
