"""What a run or a batch came to, on standard output."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from packshot.batches.summarise import all_images
from packshot.cli import console
from packshot.cli.exits import ALL_WELL, INTERRUPTED, SOME_FAILED
from packshot.cli.place import Place, open_place
from packshot.cli.row_errors import row_error_lines
from packshot.cli.where import Where
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord
from packshot.local.reporting import REPORT
from packshot.local.request import RunResult
from packshot.ports import ImageQuery
from packshot.report import numbers
from packshot.report.statistics import Statistics, median
from packshot.report.words import OUTCOMES, REASONS, Outcome, name_of

#: What a retry says when it has nothing to do; a bad line of the manifest needs another manifest.
NOTHING_FAILED: Final = "No image of the batch has failed, bad lines aside; there is nothing to try again."
_TONES = {
    Outcome.READY: "green",
    Outcome.REVIEW: "yellow",
    Outcome.FAILED: "red",
    Outcome.REJECTED: "magenta",
    Outcome.UNFINISHED: "bright_black",
}


def show_run(where: Where, result: RunResult, *, as_json: bool) -> int:
    """Prints a run's summary, writes the report, and returns the exit code."""
    if result.dry_run:
        return _show_dry_run(where.folder, result, as_json=as_json)
    with open_place(where) as place:
        statistics = place.refresh()
        if as_json:
            console.json_result(
                batch_facts(place, result.batch, statistics)
                | {
                    "processed": result.processed,
                    "reused": result.reused,
                    "elapsed_s": round(result.elapsed_s, 3),
                    "interrupted": result.interrupted,
                    "row_errors": [error.model_dump(mode="json") for error in result.row_errors],
                    "report": str(where.folder.resolve() / REPORT),
                }
            )
        else:
            print_lines(_run_lines(result))
            print_lines(batch_lines(place, result.batch, statistics))
    if result.interrupted:
        return INTERRUPTED
    return SOME_FAILED if statistics.outcomes[Outcome.FAILED] else ALL_WELL


def show_status(where: Where, *, as_json: bool) -> int:
    """Prints how a batch stands; 0 whatever it is."""
    with open_place(where) as place:
        show_batch(place, as_json=as_json)
    return ALL_WELL


def show_batch(place: Place, *, as_json: bool, **more: Any) -> None:
    """Prints how a batch stands; `more` is for programs."""
    batch, statistics = place.batch, place.statistics()
    if as_json:
        console.json_result(batch_facts(place, batch, statistics) | more)
        return
    begun = numbers.moment(batch.created_at)
    ended = f", finished {numbers.moment(batch.finished_at)}" if batch.finished_at else ""
    print_lines([f"Batch {batch.batch_id} of {batch.manifest}, {batch.status}, begun {begun}{ended}"])
    print_lines(batch_lines(place, batch, statistics))


def print_lines(lines: list[str]) -> None:
    """Lines of the result."""
    for line in lines:
        console.result(line)


def batch_facts(place: Place, batch: BatchRecord, statistics: Statistics) -> dict[str, Any]:
    """What a batch came to, for programs."""
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
        **place.facts,
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
        print_lines(row_error_lines(result.row_errors))
    return SOME_FAILED if result.row_errors else ALL_WELL


def _run_lines(result: RunResult) -> list[str]:
    ended = "Stopped after" if result.interrupted else "Done in"
    words = [
        f"{ended} {numbers.seconds(result.elapsed_s)}: {numbers.count(result.processed, 'image')} processed"
    ]
    if result.reused:
        words.append(f"{result.reused:,} finished before")
    if result.processed and result.elapsed_s > 0:
        rate = result.processed / result.elapsed_s
        words.append(f"{rate:.2g} images/s" if rate < 10 else f"{rate:,.0f} images/s")
    lines = [", ".join(words)]
    if result.interrupted:
        lines.append("The same command goes on from here.")
    return lines


def batch_lines(place: Place, batch: BatchRecord, statistics: Statistics) -> list[str]:
    """What a batch came to, for people."""
    lines = ["", *_outcome_lines(batch, statistics), *_score_lines(statistics), *_reason_lines(statistics)]
    lines += _failure_lines(place, batch, statistics)
    lines += ["", *console.columns(place.shown, indent="")]
    if statistics.outcomes[Outcome.REVIEW]:
        lines += ["", f"Next: packshot review {place.words} list"]
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


def _failure_lines(place: Place, batch: BatchRecord, statistics: Statistics) -> list[str]:
    total = statistics.outcomes[Outcome.FAILED]
    if not total:
        return []
    if not statistics.failures:
        # Only sums were read: of a million images, looking for the failed ones would read all.
        return ["", f"Failed: packshot results {place.words} --status failed, or {place.results}"]
    failed = all_images(place.table, batch.batch_id, ImageQuery(status=Status.FAILED))
    rows = [
        (
            console.shorten(record.source or name_of(record), 44),
            f"{record.error.message} ({record.error.code})",
        )
        for record in islice(failed, console.LIST_LIMIT)
        if record.error is not None
    ]
    lines = ["", "Failed", *console.columns(rows)]
    return lines + console.more(total, len(rows), f"see {place.results}")
