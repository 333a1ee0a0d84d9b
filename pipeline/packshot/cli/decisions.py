"""The review queue and the decisions on it, for `packshot review`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from packshot import reviews
from packshot.batches.summarise import all_images
from packshot.cli import console
from packshot.cli.exits import ALL_WELL, SOME_FAILED
from packshot.cli.images import named_records
from packshot.cli.place import Place, open_place
from packshot.cli.user import user_name
from packshot.cli.where import Where
from packshot.contracts.base import QcStatus, ReviewAction
from packshot.contracts.records import ImageRecord
from packshot.errors import PackshotError
from packshot.ports import ImageQuery
from packshot.report import numbers
from packshot.report.words import REASONS

_DONE: dict[ReviewAction, str] = {
    "approve": "Approved",
    "reject": "Rejected",
    "undo": "Took back the decision on",
}


def show_queue(where: Where, because: str | None, *, everything: bool, as_json: bool) -> int:
    """Prints the images of the batch that wait for review, lowest score first."""
    with open_place(where) as place:
        waiting = [
            record for record in _waiting(place) if because is None or because in record.review_reasons
        ]
        waiting.sort(key=lambda record: (record.score_after or 0.0, record.image_id))
        if as_json:
            for record in waiting:
                console.json_result(record.model_dump(mode="json"))
            return ALL_WELL
        shown = waiting if everything else waiting[: console.LIST_LIMIT]
        rows = [
            (
                record.image_id[:12],
                console.shorten(record.sku_id, 28),
                record.image_type,
                numbers.score(record.score_after),
                ", ".join(REASONS[reason].title.lower() for reason in record.review_reasons),
            )
            for record in shown
        ]
        if not rows:
            console.result("Nothing waits for review.")
            return ALL_WELL
        header = ("Image", "SKU", "Type", "Score", "Why")
        for line in console.columns([header, *rows], right=(3,), indent=""):
            console.result(line)
        where_else = "add --all" if where.stack else "add --all, or open report.html"
        for line in console.more(len(waiting), len(shown), where_else):
            console.result(line)
    return ALL_WELL


def _waiting(place: Place) -> Iterator[ImageRecord]:
    query = ImageQuery(qc_status=QcStatus.NEEDS_REVIEW)
    # A photo whose names another one has taken can't be decided on any more.
    found = all_images(place.table, place.batch.batch_id, query)
    return (record for record in found if record.superseded_by is None)


def decide(
    where: Where,
    action: ReviewAction,
    names: tuple[str, ...],
    *,
    above: float | None = None,
    below: float | None = None,
    reason: str | None = None,
    notes: str | None = None,
    reviewer: str | None = None,
    as_json: bool = False,
) -> int:
    """Decides on each named image, or on all that wait and score above or below a bound.

    One that can't be decided on does not stop the others; it is named, and the exit code is 1.
    """
    done: list[ImageRecord] = []
    refused: list[tuple[ImageRecord, PackshotError]] = []
    with open_place(where) as place:
        # All names are looked up before the first decision: a misspelt one changes nothing. And none at all,
        # from a list that came out empty, are none: what waits is decided on by a bound alone.
        bounded = above is not None or below is not None
        chosen = _scored(place, above, below) if bounded else list(named_records(place, names))
        act = partial(
            reviews.decide,
            action,
            table=place.table,
            files=place.files,
            publish=place.publish,
            reviewer=reviewer or user_name("unknown"),
            reason=reason,
            notes=notes,
            now=dt.datetime.now(dt.UTC),
        )
        for record, outcome in _decided(chosen, act, place.at_once):
            if isinstance(outcome, PackshotError):
                refused.append((record, outcome))
            else:
                done.append(outcome)
        if done:
            place.renew([record.image_id for record in done])
    _show(action, done, refused, as_json=as_json)
    return SOME_FAILED if refused else ALL_WELL


def _decided(
    chosen: list[ImageRecord], act: Callable[[str, str], ImageRecord], at_once: int
) -> Iterator[tuple[ImageRecord, ImageRecord | PackshotError]]:
    """Each image with what became of it, in their order."""

    def decided(record: ImageRecord) -> ImageRecord | PackshotError:
        try:
            return act(record.batch_id, record.image_id)
        except PackshotError as error:
            return error

    if at_once == 1:
        yield from ((record, decided(record)) for record in chosen)
        return
    # On AWS a decision is some fifty requests, one after the other: images are decided on side by side.
    with ThreadPoolExecutor(at_once, thread_name_prefix="packshot-decide") as pool:
        yield from zip(chosen, pool.map(decided, chosen), strict=True)


def _scored(place: Place, above: float | None, below: float | None) -> list[ImageRecord]:
    def fits(score: float | None) -> bool:
        if score is None:
            return False
        return (above is None or score > above) and (below is None or score < below)

    return [record for record in _waiting(place) if fits(record.score_after)]


def _show(
    action: ReviewAction,
    done: list[ImageRecord],
    refused: list[tuple[ImageRecord, PackshotError]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        for record in done:
            console.json_result({"image_id": record.image_id, "qc_status": record.qc_status.value})
    else:
        console.result(f"{_DONE[action]} {numbers.count(len(done), 'image')}.")
    for record, error in refused:
        console.error(f"{record.sku_id} {record.image_type}: {error.message}", error.code)
