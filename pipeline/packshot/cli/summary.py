"""What a run or a batch came to, on standard output."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL, INTERRUPTED, SOME_FAILED
from packshot.local.reporting import REPORT, refresh_report
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.local.request import RunResult
from packshot.local.store import LocalDirectory, open_directory
from packshot.ports import ImageQuery
from packshot.report import numbers
from packshot.report.statistics import Statistics, gather, median
from packshot.report.words import OUTCOMES, REASONS, Outcome

_TONES = {
    Outcome.READY: "green",
    Outcome.REVIEW: "yellow",
    Outcome.FAILED: "red",
    Outcome.REJECTED: "magenta",
    Outcome.UNFINISHED: "bright_black",
}


def show_run(out: Path, result: RunResult, *, as_json: bool) -> int:
    """Prints a run's summary, writes the report, and returns the exit code."""
    if result.dry_run:
        return _show_dry_run(out, result, as_json=as_json)
    with open_directory(out) as directory:
        statistics = refresh_report(directory)
        if as_json:
            console.json_result(
                _as_json(result.batch, statistics, out)
                | {
                    "processed": result.processed,
                    "reused": result.reused,
                    "elapsed_s": round(result.elapsed_s, 3),
                    "interrupted": result.interrupted,
                    "row_errors": [error.model_dump(mode="json") for error in result.row_errors],
                    "report": str(directory.root / REPORT),
                }
            )
        else:
            _print_lines(_run_lines(result))
            _print_lines(_batch_lines(directory, result.batch, statistics))
    if result.interrupted:
        return INTERRUPTED
    return SOME_FAILED if statistics.outcomes[Outcome.FAILED] else ALL_WELL


def show_status(out: Path, *, as_json: bool) -> int:
    """Prints how the newest batch of an output folder stands; 0 whatever it is."""
    with open_directory(out) as directory:
        batch = directory.newest_batch()
        statistics = gather(directory.records(batch.batch_id))
        if as_json:
            console.json_result(_as_json(batch, statistics, out))
        else:
            begun = numbers.moment(batch.created_at)
            ended = f", finished {numbers.moment(batch.finished_at)}" if batch.finished_at else ""
            _print_lines(
                [f"Batch {batch.batch_id} of {batch.manifest}, {batch.status}, begun {begun}{ended}"]
            )
            _print_lines(_batch_lines(directory, batch, statistics))
    return ALL_WELL


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        console.result(line)


def _as_json(batch: BatchRecord, statistics: Statistics, out: Path) -> dict[str, Any]:
    return {
        "batch_id": batch.batch_id,
        "status": batch.status.value,
        "manifest": batch.manifest,
        "preset": batch.settings.preset.name,
        "total": batch.total,
        "rejected_rows": batch.rejected_rows,
        "counts": dict(batch.counts),
        "outcomes": {kind.value: statistics.outcomes[kind] for kind in OUTCOMES},
        "failures": dict(statistics.failures),
        "review_reasons": {reason.value: number for reason, number in statistics.reasons.items()},
        "score_before": _rounded(median(statistics.scores_before)),
        "score_after": _rounded(median(statistics.scores_after)),
        "source_bytes": statistics.source_bytes,
        "main_bytes": statistics.main_bytes,
        "out": str(out),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _show_dry_run(out: Path, result: RunResult, *, as_json: bool) -> int:
    if as_json:
        console.json_result(
            {
                "dry_run": True,
                "total": result.batch.total,
                "to_process": result.processed,
                "reused": result.reused,
                "row_errors": [error.model_dump(mode="json") for error in result.row_errors],
                "out": str(out),
            }
        )
    else:
        preset = result.batch.settings.preset
        console.result(
            f"Would process {numbers.count(result.processed, 'photo')} with the preset {preset.name} "
            f"({preset.canvas.width} x {preset.canvas.height} px) into {out}; "
            f"{result.reused:,} are finished. Nothing was written."
        )
        _print_lines(row_error_lines(result))
    return SOME_FAILED if result.row_errors else ALL_WELL


def _run_lines(result: RunResult) -> list[str]:
    ended = "Stopped after" if result.interrupted else "Done in"
    words = [
        f"{ended} {numbers.seconds(result.elapsed_s)}: {numbers.count(result.processed, 'image')} processed"
    ]
    if result.reused:
        words.append(f"{result.reused:,} finished before")
    if result.processed and result.elapsed_s > 0:
        words.append(f"{result.processed / result.elapsed_s:.2g} images/s")
    lines = [", ".join(words)]
    if result.interrupted:
        lines.append("The same command goes on from here.")
    return lines


def _batch_lines(directory: LocalDirectory, batch: BatchRecord, statistics: Statistics) -> list[str]:
    lines = ["", *_outcome_lines(batch, statistics), *_score_lines(statistics), *_reason_lines(statistics)]
    lines += _failure_lines(directory, batch, statistics)
    folders = [("Catalogue", "catalogue"), ("Review", "review"), ("Report", REPORT)]
    shown = [
        (title, str(directory.root / name)) for title, name in folders if (directory.root / name).exists()
    ]
    lines += ["", *console.columns(shown, indent="")]
    if statistics.reasons:
        lines += ["", f"Next: packshot review {directory.root} list"]
    return lines


def _outcome_lines(batch: BatchRecord, statistics: Statistics) -> list[str]:
    rows = [
        (click.style(title, fg=_TONES[kind]), f"{statistics.outcomes[kind]:,}")
        for kind, title in reversed(OUTCOMES.items())
        if statistics.outcomes[kind]
    ]
    if batch.total > statistics.total:
        rows.append(("Not begun", f"{batch.total - statistics.total:,}"))
    return console.columns([*rows, ("Images", f"{max(batch.total, statistics.total):,}")], right=(1,))


def _score_lines(statistics: Statistics) -> list[str]:
    after = median(statistics.scores_after)
    if after is None:
        return []
    before = numbers.score(median(statistics.scores_before))
    rows = [("Score", f"{before} -> {numbers.score(after)}", "median, photo to finished picture")]
    if statistics.main_bytes:
        sizes = f"{numbers.size(statistics.source_bytes)} -> {numbers.size(statistics.main_bytes)}"
        rows.append(("Weight", sizes, "photos to main pictures"))
    return ["", *console.columns(rows)]


def _reason_lines(statistics: Statistics) -> list[str]:
    if not statistics.reasons:
        return []
    rows = [
        (f"{number:,}", REASONS[reason].title, reason.value)
        for reason, number in statistics.reasons.most_common()
    ]
    return ["", "Reasons to review", *console.columns(rows, right=(0,))]


def _failure_lines(directory: LocalDirectory, batch: BatchRecord, statistics: Statistics) -> list[str]:
    total = statistics.outcomes[Outcome.FAILED]
    if not total:
        return []
    rows = [
        (
            console.shorten(record.source or f"line {record.line}", 44),
            f"{record.error.message} ({record.error.code})",
        )
        for record in islice(_failed(directory, batch), console.LIST_LIMIT)
        if record.error is not None
    ]
    lines = ["", "Failed", *console.columns(rows)]
    return lines + console.more(total, len(rows), f"see {directory.root / 'results.csv'}")


def _failed(directory: LocalDirectory, batch: BatchRecord) -> Iterator[ImageRecord]:
    cursor: str | None = None
    while True:
        page = directory.table.images(batch.batch_id, ImageQuery(status=Status.FAILED), cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def row_error_lines(result: RunResult) -> list[str]:
    """The manifest's bad lines, the first of them."""
    if not result.row_errors:
        return []
    shown = result.row_errors[: console.LIST_LIMIT]
    rows = [(f"line {error.line}", error.column or "", f"{error.message} ({error.code})") for error in shown]
    lines = ["", f"{numbers.count(len(result.row_errors), 'bad line')}", *console.columns(rows)]
    return lines + console.more(len(result.row_errors), len(shown), "packshot validate lists all")
