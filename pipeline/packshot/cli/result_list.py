"""The images of a batch on standard output, streamed: a table, JSON Lines or CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from packshot.batches.results import csv_head, csv_line, json_line
from packshot.batches.summarise import all_images
from packshot.cli import console
from packshot.cli.exits import ALL_WELL
from packshot.cli.place import Place, open_place
from packshot.cli.where import Where
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.records import ImageRecord
from packshot.ports import ImageQuery
from packshot.report import numbers
from packshot.report.words import OUTCOMES, name_of, outcome, why

#: The mark is for files; on a terminal and in a pipe it would be a stray sign.
_MARK = b"\xef\xbb\xbf"


def show_results(
    where: Where,
    form: str,
    *,
    status: str | None,
    qc_status: str | None,
    because: str | None,
    sku: str | None,
    everything: bool,
) -> int:
    """Prints the images that fit all that is asked for.

    Args:
        where: the batch.
        form: table, json or csv.
        status: only these, or None.
        qc_status: only these, or None.
        because: a review reason; only those that wait or were decided on for it, or None.
        sku: only its, or None.
        everything: a table of any length.
    """
    query = ImageQuery(
        status=None if status is None else Status(status),
        qc_status=None if qc_status is None else QcStatus(qc_status),
        sku_id=sku,
    )
    reason = None if because is None else ReviewReason(because)
    with open_place(where) as place:
        found = _fitting(place, query, reason)
        match form:
            case "json":
                _stream(json_line(record) for record in found)
            case "csv":
                _stream([csv_head().removeprefix(_MARK)])
                _stream(csv_line(record) for record in found)
            case _:
                _table(found, everything=everything)
    return ALL_WELL


def _fitting(place: Place, query: ImageQuery, reason: ReviewReason | None) -> Iterator[ImageRecord]:
    found = all_images(place.table, place.batch.batch_id, query)
    return (record for record in found if reason is None or reason in record.review_reasons)


def _stream(lines: Iterable[bytes]) -> None:
    for line in lines:
        click.echo(line, nl=False)


def _table(found: Iterator[ImageRecord], *, everything: bool) -> None:
    shown: list[tuple[str, ...]] = []
    count = 0
    for record in found:
        count += 1
        if everything or count <= console.LIST_LIMIT:
            shown.append(_row(record))
    if not shown:
        console.result("No image fits.")
        return
    header = ("Image", "SKU", "Type", "Outcome", "Score", "Why")
    for line in console.columns([header, *shown], right=(4,), indent=""):
        console.result(line)
    for line in console.more(count, len(shown), "add --all, or --format csv"):
        console.result(line)


def _row(record: ImageRecord) -> tuple[str, ...]:
    return (
        record.image_id[:12],
        console.shorten(name_of(record), 28),
        record.image_type,
        OUTCOMES[outcome(record)],
        numbers.score(record.score_after),
        ", ".join(why(record)),
    )
