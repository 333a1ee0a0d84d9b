"""The review queue and the decisions on it, for `packshot review`."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

from packshot import reviews
from packshot.cli import console
from packshot.cli.exits import ALL_WELL, SOME_FAILED
from packshot.cli.images import named_records
from packshot.local.reporting import refresh_report
from packshot.contracts.base import QcStatus
from packshot.contracts.records import ImageRecord
from packshot.errors import PackshotError
from packshot.local.store import LocalDirectory, open_directory
from packshot.ports import ImageQuery
from packshot.report import numbers
from packshot.report.words import REASONS

Action = Literal["approve", "reject", "undo"]

_DONE: dict[Action, str] = {"approve": "Approved", "reject": "Rejected", "undo": "Took back the decision on"}


def show_queue(out: Path, because: str | None, *, everything: bool, as_json: bool) -> int:
    """Prints the images of the newest batch that wait for review, lowest score first."""
    with open_directory(out) as directory:
        waiting = [
            record for record in _waiting(directory) if because is None or because in record.review_reasons
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
        for line in console.more(len(waiting), len(shown), "add --all, or open report.html"):
            console.result(line)
    return ALL_WELL


def _waiting(directory: LocalDirectory) -> Iterator[ImageRecord]:
    batch = directory.newest_batch()
    cursor: str | None = None
    while True:
        query = ImageQuery(qc_status=QcStatus.NEEDS_REVIEW)
        page = directory.table.images(batch.batch_id, query, cursor=cursor)
        # A photo whose names another one has taken can't be decided on any more.
        yield from (record for record in page.items if record.superseded_by is None)
        cursor = page.cursor
        if cursor is None:
            return


def decide(
    out: Path,
    action: Action,
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
    with open_directory(out) as directory:
        # All names are looked up before the first decision: a misspelt one changes nothing.
        chosen = list(named_records(directory, names)) if names else _scored(directory, above, below)
        act = _action(directory, action, reviewer or _user(), notes, reason)
        for record in chosen:
            try:
                done.append(act(record.batch_id, record.image_id))
            except PackshotError as error:
                refused.append((record, error))
        if done:
            directory.write_results()
            refresh_report(directory)
    _show(action, done, refused, as_json=as_json)
    return SOME_FAILED if refused else ALL_WELL


def _scored(directory: LocalDirectory, above: float | None, below: float | None) -> list[ImageRecord]:
    def fits(score: float | None) -> bool:
        if score is None:
            return False
        return (above is None or score > above) and (below is None or score < below)

    return [record for record in _waiting(directory) if fits(record.score_after)]


def _action(
    directory: LocalDirectory, action: Action, reviewer: str, notes: str | None, reason: str | None
) -> Callable[[str, str], ImageRecord]:
    ports: dict[str, Any] = {
        "table": directory.table,
        "files": directory.files,
        "publish": directory.publish,
        "reviewer": reviewer,
        "notes": notes,
        "now": dt.datetime.now(dt.UTC),
    }
    match action:
        case "approve":
            return partial(reviews.approve, **ports)
        case "reject":
            return partial(reviews.reject, reason=reason or "", **ports)
        case "undo":
            return partial(reviews.undo, **ports)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user may have no name.
        return "unknown"


def _show(
    action: Action,
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
