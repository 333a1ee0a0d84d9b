"""Executions of the batch machine: started under names of ours, looked at, stopped."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from packshot.adapters.aws.errors import translated
from packshot.api.models.batches import ProgressView
from packshot.batches.record import FINAL
from packshot.contracts.records import BatchRecord
from packshot.stack.deployed import Stack
from packshot.stack.follow import IMAGES, Rate, done_of, map_runs, phase_of

#: Seconds that what was seen holds: pages ask once a second, and several may.
_HOLDS_S: Final = 1.5
_MOST: Final = 200


class Executions:
    """What the API asks of Step Functions.

    Args:
        stack: whose machine it is.
        clock: seconds.
    """

    def __init__(self, stack: Stack, clock: Callable[[], float] = time.monotonic) -> None:
        self._stack = stack
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, ProgressView]] = {}
        self._rates: dict[str, Rate] = {}

    def arn(self, name: str) -> str:
        """The ARN that an execution of this name has."""
        return f"{self._stack.machine.replace(':stateMachine:', ':execution:')}:{name}"

    def start(self, name: str, bucket: str, key: str) -> None:
        """Starts an execution on a list; of one name there is one, however often it is started."""
        asked = {"bucket": bucket, "key": key, "version_id": ""}
        with translated(self._stack.machine):
            self._stack.states.start_execution(
                stateMachineArn=self._stack.machine, name=name, input=json.dumps(asked)
            )

    def stop(self, arn: str) -> None:
        """Ends an execution; images that are being worked on come to their ends."""
        with translated(self._stack.machine):
            self._stack.states.stop_execution(
                executionArn=arn, error="batch_cancelled", cause="Somebody has cancelled the batch."
            )

    def progress(self, batch: BatchRecord, images: int | None) -> ProgressView | None:
        """How far a batch is; None when nothing works on it.

        Args:
            batch: the batch.
            images: that its execution works on; None for all.
        """
        if batch.status in FINAL or batch.execution is None:
            return None
        with self._lock:
            known = self._seen.get(batch.execution)
            if known is not None and self._clock() - known[0] < _HOLDS_S:
                return known[1]
        view = self._look(batch, batch.execution, images)
        with self._lock:
            if len(self._seen) >= _MOST:
                self._seen.clear()
                self._rates.clear()
            self._seen[batch.execution] = (self._clock(), view)
        return view

    def _look(self, batch: BatchRecord, execution: str, images: int | None) -> ProgressView:
        refused = batch.rejected_rows if images is None else 0
        total = batch.total if images is None else images
        runs: dict[str, dict[str, Any]] = map_runs(self._stack, execution)
        done = refused + done_of(runs.get(IMAGES), total - refused)
        with self._lock:
            rate = self._rates.setdefault(execution, Rate())
            per_s = rate.at(self._clock(), done)
        return ProgressView(
            done=done,
            total=total,
            reused=0,
            rate_per_s=per_s,
            eta_s=(total - done) / per_s if per_s > 0 else None,
            current=phase_of(runs, batch),
            ahead=0,
        )
