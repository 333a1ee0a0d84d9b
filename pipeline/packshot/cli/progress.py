"""How far a run is, on standard error: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from packshot.cli import console
from packshot.local.request import Progress, Report
from packshot.report import numbers

#: Seconds between two lines where there is no terminal.
_LINE_EVERY_S: Final = 5.0


@contextmanager
def progress_report(quiet: bool, done: str = "done") -> Iterator[Report]:
    """Shows progress while the block runs; `done` is what happens to what is counted."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _bar(done) as report:
            yield report
    else:
        yield Lines(done=done)


def counts(progress: Progress) -> str:
    """What went wrong so far: `3 failed, 5 to review`; empty when nothing did."""
    parts = []
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.needs_review:
        parts.append(f"{progress.needs_review:,} to review")
    return ", ".join(parts)


def pace(progress: Progress) -> str:
    """Rate and time left: `2.1 images/s, 2 min 10 s left`; empty while unknown."""
    parts = []
    if progress.rate_per_s >= 1:
        parts.append(f"{progress.rate_per_s:.1f} images/s")
    elif progress.rate_per_s > 0:
        parts.append(f"{1 / progress.rate_per_s:.1f} s an image")
    if progress.eta_s is not None and progress.done < progress.total:
        parts.append(f"{numbers.seconds(progress.eta_s)} left")
    return ", ".join(parts)


class Lines:
    """Plain lines: the first, one every few seconds, the last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, done: str = "done") -> None:
        self._clock = clock
        self._done = done
        self._last: float | None = None
        self._ended = False

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        ended = progress.done >= progress.total > 0  # of none, the total is not known yet
        due = self._last is None or now - self._last >= _LINE_EVERY_S or (ended and not self._ended)
        if not due:
            return
        self._last, self._ended = now, ended
        said = f"{progress.done:,} of {progress.total:,} {self._done}"
        words = [said, counts(progress), pace(progress)]
        console.note(", ".join(word for word in words if word))


@contextmanager
def _bar(done: str) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TextColumn("" if done == "done" else done),
        TextColumn("{task.fields[pace]}"),
        TextColumn("[red]{task.fields[counts]}"),
        TextColumn("[dim]{task.fields[current]}"),
        console=Console(stderr=True),
        refresh_per_second=4,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None, pace="", counts="", current="")

        def report(progress: Progress) -> None:
            current = console.shorten(progress.current[0], 32) if progress.current else ""
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                pace=pace(progress),
                counts=counts(progress),
                # A name may hold brackets, which rich would take for its own marks.
                current=current.replace("[", "\\["),
            )

        yield report
