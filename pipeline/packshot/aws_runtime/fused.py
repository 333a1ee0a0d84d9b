"""All stages and the record in one call, for some images one after the other."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

from packshot.aws_runtime.batch import batch_settings
from packshot.aws_runtime.edge import log_image
from packshot.aws_runtime.failures import failure_of
from packshot.aws_runtime.metrics import measure
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.recording import brief, keep
from packshot.aws_runtime.staging import stage_context, with_reference
from packshot.batches.outcome import error_facts
from packshot.batches.record import FINAL, repeat_end
from packshot.contracts.environment import FusedEnvironment
from packshot.contracts.metrics import DURATION
from packshot.contracts.records import ErrorFacts, ImageRecord
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.delivery import Handover
from packshot.errors import InternalError
from packshot.stages.registry import run_all, wait
from packshot.stages.workspace import MemoryWorkspace
from packshot.workflow import FUSED, FUSED_RESERVE_S, STAGE_NAMES

Json = dict[str, Any]


class Remaining(Protocol):
    """Lambda's context, as far as it is looked at."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends this call."""
        ...


def work_on_images(event: Json, environment: FusedEnvironment, context: Remaining) -> Json:
    """Runs {tasks, timeout_s?, error?: {Error, Cause}} through the workflow's list; each has its own end.

    With an `error` a call for these images has ended by it, and they are recorded as failed. `timeout_s` is
    when the state machine gives this call up, where that is before Lambda ends it.

    Returns:
        {images: [ids, status, qc_status, score, error_code]}.

    Raises:
        InternalError: stage_timeout, when time runs short before all are done; what is done stays.
    """
    ports = ports_of(environment)
    tasks = [ImageTask.model_validate(task) for task in event["tasks"]]
    settings = batch_settings(environment.work_bucket, tasks[0].batch_id)
    if "error" in event:
        told = event["error"]
        error = failure_of(str(told.get("Error", "")), str(told.get("Cause", "")), FUSED.name)
        return {"images": [_lost(task, settings, error, ports) for task in tasks]}
    given_up_at = monotonic() + float(event.get("timeout_s", math.inf))

    def waited_for() -> bool:
        return given_up_at - monotonic() >= FUSED_RESERVE_S

    return {"images": [_image(task, settings, environment, ports, context, waited_for) for task in tasks]}


def _lost(task: ImageTask, settings: BatchSettings, error: ErrorFacts, ports: Ports) -> Json:
    written = keep(
        task,
        settings,
        outputs={},
        error=error,
        timings_ms={},
        source_sha256=None,
        handover=_delivery(MemoryWorkspace(), ports),
        ports=ports,
    )
    return _told(written)


def _image(
    task: ImageTask,
    settings: BatchSettings,
    environment: FusedEnvironment,
    ports: Ports,
    context: Remaining,
    waited_for: Callable[[], bool],
) -> Json:
    known = ports.table.get_image(task.batch_id, task.image_id, task.revision)
    if known is not None and known.status in FINAL:
        # An earlier call came so far, though maybe not to the marks on what it replaces, nor to its event.
        repeat_end(known, ports.table, ports.files, ports.publish)
        return brief(known)
    workspace = MemoryWorkspace()

    def time_left() -> bool:
        return context.get_remaining_time_in_millis() >= FUSED_RESERVE_S * 1000

    if not time_left():
        # The state machine gives this one, and those behind it, a call of its own.
        raise InternalError("stage_timeout", stage=FUSED.name)
    task, reference = with_reference(task, environment.work_bucket)
    outcome = run_all(
        {"task": task, "settings": settings},
        workspace,
        stage_context(environment, task.batch_id, reference),
        # The photo's own error is told, instead of the time-out of a call that nobody waits for any more.
        again=lambda stage: time_left() and waited_for() and wait(stage),
    )
    written = keep(
        task,
        settings,
        outputs={name: outcome.state[name] for name in STAGE_NAMES if name in outcome.state},
        error=None if outcome.error is None else error_facts(outcome.error),
        timings_ms=outcome.timings_ms,
        source_sha256=_source_sha256(workspace),
        handover=_delivery(workspace, ports),
        ports=ports,
    )
    for name, elapsed_ms in outcome.timings_ms.items():
        measure(DURATION, elapsed_ms, name)
    return _told(written)


def _told(written: ImageRecord) -> Json:
    outcome = brief(written)
    log_image(FUSED.name, outcome)
    return outcome


def _source_sha256(workspace: MemoryWorkspace) -> str | None:
    return hashlib.sha256(workspace.get_bytes("source")).hexdigest() if workspace.has("source") else None


def _delivery(workspace: MemoryWorkspace, ports: Ports) -> Handover:
    def handover(one: RenditionFile, key: str) -> None:
        data = workspace.get_bytes(f"renditions/{one.name}.{one.format.extension}")
        ports.files.put(key, data, f"image/{one.format.value}")

    return handover
