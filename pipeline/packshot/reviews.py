"""A person's decisions: approve, reject, undo.

The record changes first, under the version that the person saw: of two people who decide at once
the second is told so before a file is touched. Then the files follow and the event goes out. A
crash in between is mended by whoever decides or runs next (`packshot.delivery.settle`).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import ImageRecord, ReviewEntry
from packshot.delivery import (
    has_its_files,
    moved,
    paths_of,
    remove_leftovers,
    replaced_by,
    review_event,
    same_name,
    settle,
    supersede,
)
from packshot.errors import ReviewError, SettingsError
from packshot.ports import JobTable, ObjectStore, Publish

#: Words for messages.
_DONE: Final = {"approve": "approved", "reject": "rejected", "undo": "undone"}


def approve(
    batch_id: str,
    image_id: str,
    *,
    reviewer: str,
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
    now: dt.datetime,
    notes: str | None = None,
    expected_version: int | None = None,
    expected_revision: int | None = None,
) -> ImageRecord:
    """Puts an image into the catalogue; what stood there under its name is replaced.

    Args:
        batch_id: the image's batch.
        image_id: which; its newest revision that did not fail.
        reviewer: who decides, for the history.
        table: the port.
        files: the port.
        publish: the port.
        now: UTC.
        notes: free text for the history.
        expected_version: the record's `version` that the person saw; None for whichever is there.
        expected_revision: the `revision` that they saw; versions are counted within one.

    Raises:
        SettingsError: image_unknown.
        ReviewError: review_conflict, review_not_possible, review_superseded.
    """
    image = _reviewable(batch_id, image_id, table, (expected_revision, expected_version), "approve")
    if image.qc_status.delivered:
        raise _not_possible(image, "approve")
    entry = _entry(image, "approve", QcStatus.APPROVED, reviewer, now, notes=notes)
    return _decide(image, entry, table=table, files=files, publish=publish)


def reject(
    batch_id: str,
    image_id: str,
    *,
    reason: str,
    reviewer: str,
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
    now: dt.datetime,
    notes: str | None = None,
    expected_version: int | None = None,
    expected_revision: int | None = None,
) -> ImageRecord:
    """Takes an image out of the catalogue, or keeps it out; arguments and errors as `approve`."""
    image = _reviewable(batch_id, image_id, table, (expected_revision, expected_version), "reject")
    if image.qc_status is QcStatus.REJECTED:
        raise _not_possible(image, "reject")
    entry = _entry(image, "reject", QcStatus.REJECTED, reviewer, now, reason=reason, notes=notes)
    return _decide(image, entry, table=table, files=files, publish=publish)


def undo(
    batch_id: str,
    image_id: str,
    *,
    reviewer: str,
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
    now: dt.datetime,
    notes: str | None = None,
    expected_version: int | None = None,
    expected_revision: int | None = None,
) -> ImageRecord:
    """Takes the last decision on an image back, however long ago; arguments and errors as `approve`.

    Undoing again takes the one before back. What an approval had replaced in the catalogue stays
    replaced (on AWS the bucket's versions keep it).

    Raises:
        ReviewError: also review_nothing_to_undo.
    """
    image = _reviewable(batch_id, image_id, table, (expected_revision, expected_version), "undo")
    history = [one for one in table.reviews(batch_id, image_id) if one.revision == image.revision]
    standing: list[ReviewEntry] = []
    for one in history:
        if one.action == "undo":
            standing.pop()
        else:
            standing.append(one)
    if not standing:
        raise ReviewError("review_nothing_to_undo", image_id=image_id)
    entry = _entry(image, "undo", standing[-1].before, reviewer, now, notes=notes)
    return _decide(image, entry, table=table, files=files, publish=publish)


def _reviewable(
    batch_id: str, image_id: str, table: JobTable, expected: tuple[int | None, int | None], action: str
) -> ImageRecord:
    image = table.get_image(batch_id, image_id)
    # A later revision that failed leaves the earlier one standing.
    while image is not None and image.status is not Status.COMPLETED and image.revision > 0:
        image = table.get_image(batch_id, image_id, image.revision - 1)
    if image is None:
        raise SettingsError("image_unknown", image_id=image_id)
    if image.superseded_by is not None:
        raise ReviewError(
            "review_superseded",
            image_id=image_id,
            superseded_by=image.superseded_by,
            action=_DONE[action],
        )
    now = (image.revision, image.version)
    if any(seen not in (None, there) for seen, there in zip(expected, now, strict=True)):
        raise _conflict(image)
    if image.status is not Status.COMPLETED:
        raise _not_possible(image, action)
    return image


def _decide(
    image: ImageRecord, entry: ReviewEntry, *, table: JobTable, files: ObjectStore, publish: Publish
) -> ImageRecord:
    if not has_its_files(image, files):
        raise _files_gone(image, entry)
    after = image.model_copy(
        update={
            "qc_status": entry.after,
            "renditions": moved(image.renditions, entry.after),
            "updated_at": entry.at,
            "version": image.version + 1,
        }
    )
    leaving = image.qc_status.delivered and not entry.after.delivered
    occupant = next((o for o in same_name(after, table) if paths_of(o) & paths_of(after)), None)
    replaced = () if leaving else replaced_by(after, table)
    if leaving and occupant is not None:
        # A newer picture of this name waits in review: this one makes room and goes for good.
        after = after.model_copy(
            update={"renditions": (), "superseded_by": f"{occupant.image_id} of {occupant.batch_id}"}
        )
    with table.unit():
        if not table.put_image(after, image.version):
            raise _conflict(table.get_image(image.batch_id, image.image_id, image.revision) or image)
        table.append_review(entry)
        supersede(replaced, after, table, entry.at)
        # Only now: whoever loses the race for the record must not have touched a file.
        if not settle(after, files):
            raise _files_gone(image, entry)
        remove_leftovers((*replaced, image), paths_of(after), files)
        publish(review_event(after, entry, files))
    return after


def _entry(
    image: ImageRecord,
    action: str,
    after: QcStatus,
    reviewer: str,
    now: dt.datetime,
    *,
    reason: str | None = None,
    notes: str | None = None,
) -> ReviewEntry:
    return ReviewEntry.model_validate(
        {
            "batch_id": image.batch_id,
            "image_id": image.image_id,
            "revision": image.revision,
            "action": action,
            "before": image.qc_status,
            "after": after,
            "reviewer": reviewer,
            "reason": reason,
            "notes": notes,
            "at": now,
        }
    )


def _files_gone(image: ImageRecord, entry: ReviewEntry) -> ReviewError:
    return ReviewError(
        "review_superseded",
        image_id=image.image_id,
        superseded_by="another photo of the same name, or removed",
        action=_DONE[entry.action],
    )


def _conflict(image: ImageRecord) -> ReviewError:
    return ReviewError("review_conflict", image_id=image.image_id, qc_status=image.qc_status.value)


def _not_possible(image: ImageRecord, action: str) -> ReviewError:
    state = "failed" if image.status is Status.FAILED else image.qc_status.value
    return ReviewError("review_not_possible", image_id=image.image_id, qc_status=state, action=_DONE[action])
