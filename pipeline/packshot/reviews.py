"""A person's decisions: approve, reject, undo.

The record changes first, under the version that the person saw: of two people who decide at once
the second is told so before a file is touched. Then the files follow and the event goes out. A
crash in between is mended by whoever decides or runs next (`packshot.delivery.settle`).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from packshot.contracts.base import QcStatus, ReviewAction, Status
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
_DONE: Final[dict[ReviewAction, str]] = {"approve": "approved", "reject": "rejected", "undo": "undone"}


def decide(
    action: ReviewAction,
    batch_id: str,
    image_id: str,
    *,
    reviewer: str,
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
    now: dt.datetime,
    reason: str | None = None,
    notes: str | None = None,
    expected_version: int | None = None,
    expected_revision: int | None = None,
) -> ImageRecord:
    """Carries a decision out.

    Args:
        action: `approve` puts an image into the catalogue, where it replaces what stood under its name;
            `reject` takes it out, or keeps it out; `undo` takes the last decision on it back, however long
            ago, and undoing again the one before. What an approval had replaced stays replaced (on AWS the
            bucket's versions keep it).
        batch_id: the image's batch.
        image_id: which; its newest revision that did not fail.
        reviewer: who decides, for the history.
        table: the port.
        files: the port.
        publish: the port.
        now: UTC.
        reason: why it is rejected; kept of a rejection alone.
        notes: free text for the history.
        expected_version: the record's `version` that the person saw; None for whichever is there.
        expected_revision: the `revision` that they saw; versions are counted within one.

    Raises:
        SettingsError: image_unknown.
        ReviewError: review_conflict, review_not_possible, review_superseded, review_nothing_to_undo.
    """
    image = _reviewable(batch_id, image_id, table, (expected_revision, expected_version), action)
    entry = ReviewEntry(
        batch_id=batch_id,
        image_id=image_id,
        revision=image.revision,
        action=action,
        before=image.qc_status,
        after=_verdict(action, image, table),
        reviewer=reviewer,
        reason=reason if action == "reject" else None,
        notes=notes,
        at=now,
    )
    return _carried_out(image, entry, table=table, files=files, publish=publish)


def _verdict(action: ReviewAction, image: ImageRecord, table: JobTable) -> QcStatus:
    """What the image is after a decision."""
    match action:
        case "approve":
            if image.qc_status.delivered:
                raise _not_possible(image, action)
            return QcStatus.APPROVED
        case "reject":
            if image.qc_status is QcStatus.REJECTED:
                raise _not_possible(image, action)
            return QcStatus.REJECTED
        case "undo":
            return _before_the_last(image, table)


def _before_the_last(image: ImageRecord, table: JobTable) -> QcStatus:
    """What the image was before the last decision that has not been taken back."""
    standing: list[ReviewEntry] = []
    for one in table.reviews(image.batch_id, image.image_id):
        if one.revision != image.revision:
            continue
        if one.action == "undo":
            standing.pop()
        else:
            standing.append(one)
    if not standing:
        raise ReviewError("review_nothing_to_undo", image_id=image.image_id)
    return standing[-1].before


def _reviewable(
    batch_id: str,
    image_id: str,
    table: JobTable,
    expected: tuple[int | None, int | None],
    action: ReviewAction,
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


def _carried_out(
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


def _files_gone(image: ImageRecord, entry: ReviewEntry) -> ReviewError:
    return ReviewError(
        "review_superseded",
        image_id=image.image_id,
        superseded_by="another photo of the same name, or removed",
        action=_DONE[entry.action],
    )


def _conflict(image: ImageRecord) -> ReviewError:
    return ReviewError("review_conflict", image_id=image.image_id, qc_status=image.qc_status.value)


def _not_possible(image: ImageRecord, action: ReviewAction) -> ReviewError:
    state = "failed" if image.status is Status.FAILED else image.qc_status.value
    return ReviewError("review_not_possible", image_id=image.image_id, qc_status=state, action=_DONE[action])
