"""Writing one image's final word: files delivered, record kept, event published, each exactly once.

The steps, in an order in which a crash between any two is mended by calling again:

1. The intent: a record `processing` that names the paths about to be written, so that an attempt
   that is never finished leaves no file that nobody knows of.
2. The files go to their places, and those of replaced results are removed.
3. The final record, the marks on the replaced ones and the event, in one unit.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from packshot.batches.outcome import Result, bad_row_record, image_record
from packshot.batches.plan import BadRow
from packshot.contracts.base import QcStatus, Status
from packshot.contracts.records import ImageRecord
from packshot.contracts.task import BatchSettings
from packshot.delivery import (
    Handover,
    outcome_again,
    outcome_event,
    paths_of,
    remove_leftovers,
    replaced_by,
    same_name,
    supersede,
)
from packshot.errors import StoreUnavailableError
from packshot.ports import JobTable, ObjectStore, Publish

#: Two deliveries of one image at once (a repeated EXPRESS child) overtake each other at most once or twice.
_ATTEMPTS: Final = 8

FINAL: Final = (Status.COMPLETED, Status.FAILED)


def record(
    result: Result,
    settings: BatchSettings,
    *,
    table: JobTable,
    files: ObjectStore,
    handover: Handover,
    publish: Publish,
    now: dt.datetime,
) -> ImageRecord:
    """Keeps what became of an image; a second call for the same revision only publishes once more.

    A failed revision replaces nothing: what an earlier one delivered stays until a new one succeeds.

    Raises:
        StorageError, StoreUnavailableError: from the ports; call again.
    """
    final = image_record(result, settings, now)
    return write(final, table=table, files=files, handover=handover, publish=publish)


def record_bad_row(
    bad: BadRow,
    batch_id: str,
    settings: BatchSettings,
    *,
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
    now: dt.datetime,
) -> ImageRecord:
    """Keeps a line that could not become a task as a failed image."""
    final = bad_row_record(bad, batch_id, settings, now)
    return write(final, table=table, files=files, handover=None, publish=publish)


def write(
    final: ImageRecord,
    *,
    table: JobTable,
    files: ObjectStore,
    handover: Handover | None,
    publish: Publish,
) -> ImageRecord:
    """Brings a final record, its files and its event into the world; see the module's steps."""
    handed_over: tuple[ImageRecord, ...] = ()
    for _ in range(_ATTEMPTS):
        known = table.get_image(final.batch_id, final.image_id, final.revision)
        if known is not None and known.status in FINAL:
            # Another call has ended it meanwhile, and knew nothing of files of ours.
            keep = paths_of(known) | _others_places(handed_over, paths_of(known), (), table)
            remove_leftovers(handed_over, keep, files)
            repeat_end(known, table, files, publish)
            return known
        claimed = _intend(final, known, table) if final.renditions else known
        if claimed is None and final.renditions:
            continue
        unfinished = (known,) if known is not None else ()
        replaced = replaced_by(final, table) if final.status is Status.COMPLETED else ()
        if handover is not None:
            for one in final.renditions:
                handover(one, one.path)
            handed_over = (final,)
        if replaced and not _is_current(claimed, table):
            # What would be replaced is all that may be left of the picture.
            continue
        keep = paths_of(final) | _others_places(unfinished, paths_of(final), replaced, table)
        remove_leftovers((*replaced, *unfinished), keep, files)
        written = _finish(final, claimed, replaced, table, files, publish)
        if written is not None:
            return written
    raise StoreUnavailableError("store_unavailable", reason=f"{final.image_id} is being written elsewhere")


def _intend(final: ImageRecord, known: ImageRecord | None, table: JobTable) -> ImageRecord | None:
    """The intent as it stands in the table, or None when somebody else was faster."""
    if known is not None and paths_of(known) == paths_of(final):
        return known
    # Paths of an earlier intent stay in the new one until their files are gone.
    kept = tuple(one for one in known.renditions if one.path not in paths_of(final)) if known else ()
    intent = final.model_copy(
        update={
            "status": Status.PROCESSING,
            "qc_status": QcStatus.PENDING,
            "renditions": (*final.renditions, *kept),
            "version": known.version + 1 if known else 0,
        }
    )
    return intent if table.put_image(intent, known.version if known else None) else None


def _is_current(claimed: ImageRecord | None, table: JobTable) -> bool:
    """False when somebody else has written the image's record while our files were on their way."""
    if claimed is None:
        return True
    now = table.get_image(claimed.batch_id, claimed.image_id, claimed.revision)
    return now is not None and now.version == claimed.version


def _others_places(
    unfinished: tuple[ImageRecord, ...],
    own: frozenset[str],
    replaced: tuple[ImageRecord, ...],
    table: JobTable,
) -> frozenset[str]:
    """Where unfinished attempts may have written, but a result stands that nothing replaces.

    An attempt's file there is no leftover: it may be that result's own, of equal bytes, and if it is not,
    a picture of the product is better than none.
    """
    others = (other for one in unfinished if paths_of(one) - own for other in same_name(one, table))
    return frozenset(path for other in others if other not in replaced for path in paths_of(other))


def repeat_end(known: ImageRecord, table: JobTable, files: ObjectStore, publish: Publish) -> None:
    """What follows the final record, again: where there are no units, a crash may have come between."""
    if known.status is Status.COMPLETED and known.superseded_by is None:
        older = tuple(one for one in replaced_by(known, table) if one.updated_at <= known.updated_at)
        supersede(older, known, table, known.updated_at)
    publish(outcome_again(known, table, files))


def _finish(
    final: ImageRecord,
    claimed: ImageRecord | None,
    replaced: tuple[ImageRecord, ...],
    table: JobTable,
    files: ObjectStore,
    publish: Publish,
) -> ImageRecord | None:
    expected = claimed.version if claimed is not None else None
    final = final.model_copy(update={"version": 0 if expected is None else expected + 1})
    with table.unit():
        if not table.put_image(final, expected):
            return None
        supersede(replaced, final, table, final.updated_at)
        publish(outcome_event(final, files))
    return final
