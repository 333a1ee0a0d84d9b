"""A batch's progress on AWS, from the counts of its Map Run to the record of its end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from packshot.adapters.aws.errors import translated
from packshot.batches.record import FINAL
from packshot.contracts.records import BatchRecord
from packshot.errors import StackError
from packshot.local.request import Progress, Report
from packshot.stack.deployed import Stack

#: Seconds between two looks.
_EVERY_S: Final = 3.0
#: Seconds in which a manifest's event has started its execution, and an execution's end closed its batch.
_START_S: Final = 180.0
_CLOSE_S: Final = 90.0
#: Seconds over which the rate is measured.
_WINDOW_S: Final = 120.0
#: The Map over images, by its label; the other one's is References.
IMAGES: Final = "Images"
_ENDED: Final = ("succeeded", "failed", "timedOut", "aborted")


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, which tests bring their own of."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Rate:
    """Images per second over the last two minutes."""

    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    def at(self, now: float, done: int) -> float:
        """The rate, told that so many are done now; 0 at first."""
        self._seen.append((now, done))
        while now - self._seen[0][0] > _WINDOW_S:
            self._seen.popleft()
        began, before = self._seen[0]
        return (done - before) / (now - began) if now > began else 0.0


def follow(
    stack: Stack,
    batch_id: str,
    report: Report,
    *,
    execution: str | None = None,
    images: int | None = None,
    clock: Clock | None = None,
) -> BatchRecord:
    """Tells how far a batch is until it ends; the batch goes on when this is interrupted.

    Args:
        stack: where it runs.
        batch_id: which.
        report: told every few seconds.
        execution: the one to wait for (retry and rework); None for the batch's own.
        images: that it works on; None for the batch's.
        clock: None for real time.

    Returns:
        The batch, completed or failed.

    Raises:
        StackError: batch_not_started; execution_ended when nothing has closed the batch.
    """
    watch = _Watch(stack, batch_id, execution, images, clock or Clock())
    while True:
        batch = stack.ports.table.get_batch(batch_id)
        if batch is not None and watch.is_taken(batch) and batch.status in FINAL:
            report(watch.end(batch))
            return batch
        report(watch.look(batch))
        watch.clock.sleep(_EVERY_S)


@dataclass(slots=True)
class _Watch:
    """What is remembered between two looks at a batch; the arguments are those of `follow`."""

    stack: Stack
    batch_id: str
    execution: str | None
    images: int | None
    clock: Clock
    rate: Rate = field(default_factory=Rate)
    began: float = field(init=False)
    ended_at: float | None = None

    def __post_init__(self) -> None:
        self.began = self.clock.now()

    def is_taken(self, batch: BatchRecord) -> bool:
        """True when the execution that is waited for has begun to work on it."""
        return self.execution in (None, batch.execution)

    def end(self, batch: BatchRecord) -> Progress:
        """The last word."""
        total = batch.total if self.images is None else self.images
        counts = batch.counts
        failed, waiting = counts.get("failed", 0), counts.get("needs_review", 0)
        return Progress(total, total, failed, waiting, 0, 0.0, None)

    def look(self, batch: BatchRecord | None) -> Progress:
        """How far it is.

        Raises:
            StackError: it does not begin, or nobody closes it.
        """
        now = self.clock.now()
        taken = batch is not None and self.is_taken(batch)
        if not taken and now - self.began > _START_S:
            raise StackError(
                "batch_not_started",
                batch_id=self.batch_id,
                seconds=round(now - self.began),
                stack=self.stack.name,
            )
        running = self.execution or (batch.execution if batch is not None else None)
        if running is not None:
            self._check(running, taken, now)
        return self._progress(batch, running, now)

    def _check(self, execution: str, taken: bool, now: float) -> None:
        state = status_of(self.stack, execution)
        if state == "RUNNING":
            self.ended_at = None
            return
        self.ended_at = now if self.ended_at is None else self.ended_at
        never_began = not taken and state != "SUCCEEDED"
        if never_began or now - self.ended_at > _CLOSE_S:
            raise StackError("execution_ended", batch_id=self.batch_id, status=state)

    def _progress(self, batch: BatchRecord | None, execution: str | None, now: float) -> Progress:
        refused, total = 0, self.images or 0
        if batch is not None and self.images is None:
            refused, total = batch.rejected_rows, batch.total
        runs = map_runs(self.stack, execution) if execution is not None else {}
        done = refused + done_of(runs.get(IMAGES), total - refused)
        per_s = self.rate.at(now, done)
        return Progress(
            done=min(done, max(total - 1, 0)),  # the last one is done when all is summed up
            total=total,
            failed=0,
            needs_review=0,
            reused=0,
            rate_per_s=per_s,
            eta_s=(total - done) / per_s if per_s > 0 else None,
            current=phase_of(runs, batch),
        )


def is_running(stack: Stack, batch: BatchRecord) -> bool:
    """True while an execution works on the batch."""
    if batch.status in FINAL or batch.execution is None:
        return False
    return status_of(stack, batch.execution) == "RUNNING"


def phase_of(runs: dict[str, dict[str, int]], batch: BatchRecord | None) -> tuple[str, ...]:
    """What a batch is at, in words; nothing while its images are worked on."""
    if batch is None or not runs:
        return ("reading the manifest",)
    if IMAGES not in runs:
        counts = next(iter(runs.values()))
        return (f"references: {sum(counts[name] for name in _ENDED):,} of {counts['total']:,}",)
    counts = runs[IMAGES]
    ended = sum(counts[name] for name in _ENDED)
    return ("summing up",) if ended and ended >= counts["total"] else ()


def done_of(counts: dict[str, int] | None, images: int) -> int:
    """Images that are through; an item of the Map may hold ten of them."""
    if counts is None or not counts["total"]:
        return 0
    return round(images * sum(counts[name] for name in _ENDED) / counts["total"])


def map_runs(stack: Stack, execution: str) -> dict[str, dict[str, int]]:
    """Item counts of the Map Runs that have begun, by label."""
    found: dict[str, dict[str, int]] = {}
    with translated(stack.machine):
        runs = stack.states.list_map_runs(executionArn=execution)["mapRuns"]
        for run in runs:
            # arn:...:mapRun:<machine>/<label>:<id>
            label = str(run["mapRunArn"]).rsplit(":", 1)[0].rpartition("/")[2]
            described: dict[str, Any] = stack.states.describe_map_run(mapRunArn=run["mapRunArn"])
            found[label] = described["itemCounts"]
    return found


def status_of(stack: Stack, execution: str) -> str:
    """Step Functions' word for how an execution is."""
    with translated(stack.machine):
        return str(stack.states.describe_execution(executionArn=execution)["status"])
