"""Where an image's finished files stand, who owns a name, and what is said about it.

A file's key is its folder, `catalogue/` or `review/`, and the name that the preset's template gives.
Within a batch names are unique (the manifest's rows are checked); over batches the newest finished
picture owns a name:

- A newer result of the same image under the same preset replaces the older one, wherever its files stood.
  Another preset's is another picture: both stand, as long as their names differ (`batches.shelves`).
- A picture that reaches the catalogue replaces every other of its name, also one still in review.
- A picture that goes to review replaces others of its name in review, but what already stands in the
  catalogue stays there until the new one is approved.

A record that was replaced says so (`superseded_by`): it leaves the review queue and can't be decided on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from packshot.contracts import ids, work_keys
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.events import DetailType, Event, EventFile, EventMetadata, EventReview, ImageData
from packshot.contracts.preset import Preset
from packshot.contracts.records import ImageRecord, ReviewEntry
from packshot.contracts.stages import RenditionFile
from packshot.manifests.names import Identity, delivery_path
from packshot.ports import JobTable, ObjectStore

CATALOGUE: Final = work_keys.CATALOGUE
REVIEW: Final = work_keys.REVIEW

#: Puts one finished rendition under a key of the store: from a worker's folder, from the work bucket, ...
#: The same call again is harmless; what it returns is nobody's business.
Handover = Callable[[RenditionFile, str], object]


def placed(
    renditions: tuple[RenditionFile, ...], identity: Identity, preset: Preset, qc_status: QcStatus
) -> tuple[RenditionFile, ...]:
    """The renditions with the path that each gets under this verdict."""
    folder = CATALOGUE if qc_status.delivered else REVIEW
    return tuple(
        one.model_copy(update={"path": folder + delivery_path(identity, one, preset)}) for one in renditions
    )


def name_of(path: str) -> str:
    """A delivered path without its folder."""
    return path.removeprefix(CATALOGUE) if path.startswith(CATALOGUE) else path.removeprefix(REVIEW)


def moved(renditions: tuple[RenditionFile, ...], qc_status: QcStatus) -> tuple[RenditionFile, ...]:
    """The renditions with the paths that they get when a decision changes the verdict."""
    folder = CATALOGUE if qc_status.delivered else REVIEW
    return tuple(one.model_copy(update={"path": folder + name_of(one.path)}) for one in renditions)


def paths_of(record: ImageRecord) -> frozenset[str]:
    """Where the record's files stand."""
    return frozenset(one.path for one in record.renditions if one.path)


def in_place(record: ImageRecord, files: ObjectStore) -> bool:
    """True when files of the right size stand where the record says; a look that costs next to nothing."""
    return all(files.size(one.path) == one.bytes for one in record.renditions)


def has_its_files(record: ImageRecord, files: ObjectStore) -> bool:
    """True when the record's own files stand where it says, or where an unfinished decision left them."""
    return all(
        _is_own(one, one.path, files) or _is_own(one, _other_place(one.path), files)
        for one in record.renditions
    )


def settle(record: ImageRecord, files: ObjectStore) -> bool:
    """Moves the record's files where it says, if they do not stand there already.

    The record must be the table's newest word: settling an outdated one would undo a decision.

    Returns:
        False when a file is nowhere to be found, or is not the record's own any more.
    """
    for one in record.renditions:
        if _is_own(one, one.path, files):
            continue
        other = _other_place(one.path)
        if not _is_own(one, other, files):
            return False
        files.move(other, one.path)
    return True


def _other_place(path: str) -> str:
    return (REVIEW if path.startswith(CATALOGUE) else CATALOGUE) + name_of(path)


def _is_own(one: RenditionFile, path: str, files: ObjectStore) -> bool:
    found = files.stat(path)
    return found is not None and found.sha256 == one.sha256


def same_name(record: ImageRecord, table: JobTable) -> Iterator[ImageRecord]:
    """Other live records of the SKU that stand under one of its names or are earlier results of it."""
    names = {name_of(path) for path in paths_of(record)}
    cursor: str | None = None
    while True:
        page = table.by_sku(record.sku_id, cursor=cursor)
        for other in page.items:
            if _key(other) != _key(record) and (
                same_picture(other, record) or names & {name_of(path) for path in paths_of(other)}
            ):
                yield other
        cursor = page.cursor
        if cursor is None:
            return


def replaced_by(record: ImageRecord, table: JobTable) -> tuple[ImageRecord, ...]:
    """The live records that lose their place when `record` is delivered; see the module's rules."""
    paths, in_catalogue = paths_of(record), record.qc_status.delivered
    return tuple(
        other
        for other in same_name(record, table)
        if same_picture(other, record) or in_catalogue or paths & paths_of(other)
    )


def same_picture(one: ImageRecord, other: ImageRecord) -> bool:
    """True for two results of one image that are meant for the same: of one batch, or of one preset."""
    if one.image_id != other.image_id:
        return False
    return one.batch_id == other.batch_id or preset_of(one) == preset_of(other)


def preset_of(record: ImageRecord) -> str:
    """Name of the preset that a record was made under; its version does not count."""
    return record.versions.preset.partition("@")[0]


def supersede(others: tuple[ImageRecord, ...], by: ImageRecord, table: JobTable, now: dt.datetime) -> None:
    """Marks records as replaced; one that changes meanwhile is read again."""
    label = f"{by.image_id} (revision {by.revision} of {by.batch_id})"
    for other in others:
        current: ImageRecord | None = other
        while current is not None and current.superseded_by is None:
            changed = current.model_copy(
                update={"superseded_by": label, "updated_at": now, "version": current.version + 1}
            )
            if table.put_image(changed, current.version):
                break
            current = table.get_image(other.batch_id, other.image_id, other.revision)


def remove_leftovers(others: tuple[ImageRecord, ...], keep: frozenset[str], files: ObjectStore) -> None:
    """Deletes the files of replaced or unfinished records, where they still are those records' own."""
    for one in (one for other in others for one in other.renditions):
        if one.path in keep:
            continue
        found = files.stat(one.path)
        if found is not None and found.sha256 == one.sha256:
            files.delete(one.path)


def outcome_again(record: ImageRecord, table: JobTable, files: ObjectStore) -> Event:
    """The outcome's event of a record that may have been decided on since: it tells the outcome as it was."""
    if record.qc_status in (QcStatus.APPROVED, QcStatus.REJECTED):
        decisions = table.reviews(record.batch_id, record.image_id)
        first = next((one for one in decisions if one.revision == record.revision), None)
        if first is not None:
            record = record.model_copy(update={"qc_status": first.before})
    return outcome_event(record, files)


def outcome_event(record: ImageRecord, files: ObjectStore) -> Event:
    """The one event of a revision that was just finished; its id is equal however often it is asked for."""
    if record.status is Status.FAILED:
        kind = DetailType.IMAGE_FAILED
    elif record.qc_status is QcStatus.NEEDS_REVIEW:
        kind = DetailType.IMAGE_NEEDS_REVIEW
    else:
        kind = DetailType.IMAGE_PROCESSED
    # The id leaves the kind out: of one revision there is one outcome, whichever.
    event_id = ids.event_id("image outcome", record.batch_id, record.image_id, str(record.revision))
    return _event(kind, event_id, record, files, record.updated_at)


def review_event(record: ImageRecord, entry: ReviewEntry, files: ObjectStore) -> Event:
    """The event of a decision on an image."""
    event_id = ids.event_id(
        DetailType.IMAGE_REVIEWED,
        record.batch_id,
        record.image_id,
        str(record.revision),
        entry.at.isoformat(),
    )
    review = EventReview(
        action=entry.action,
        before=entry.before,
        reviewer=entry.reviewer,
        reason=entry.reason,
        notes=entry.notes,
    )
    return _event(DetailType.IMAGE_REVIEWED, event_id, record, files, entry.at, review)


def _event(
    kind: DetailType,
    event_id: str,
    record: ImageRecord,
    files: ObjectStore,
    at: dt.datetime,
    review: EventReview | None = None,
) -> Event:
    data = ImageData(
        batch_id=record.batch_id,
        image_id=record.image_id,
        revision=record.revision,
        product_group_id=record.product_group_id,
        sku_id=record.sku_id,
        image_type=record.image_type,
        source=record.source,
        qc_status=record.qc_status,
        score=record.score_after,
        review_reasons=record.review_reasons,
        error=record.error,
        files=tuple(_event_file(one, files) for one in record.renditions),
        review=review,
    )
    return Event(detail_type=kind, metadata=EventMetadata(event_id=event_id, occurred_at=at), data=data)


def _event_file(one: RenditionFile, files: ObjectStore) -> EventFile:
    return EventFile(
        rendition=one.name,
        format=one.format,
        width=one.width,
        height=one.height,
        bucket=files.bucket,
        key=one.path,
        version_id=files.version_id(one.path, one.sha256),
        sha256=one.sha256,
        bytes=one.bytes,
    )


def _key(record: ImageRecord) -> tuple[str, str, int]:
    return record.batch_id, record.image_id, record.revision
