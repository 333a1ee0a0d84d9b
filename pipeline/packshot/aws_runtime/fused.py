"""All stages and the record in one call, for some images one after the other."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

from packshot.aws_runtime.batch import batch_settings
from packshot.aws_runtime.ports import Ports, ports_of
from packshot.aws_runtime.recording import brief, keep
from packshot.aws_runtime.staging import stage_context, with_reference
from packshot.batches.outcome import error_facts
from packshot.batches.record import FINAL
from packshot.contracts.environment import FusedEnvironment
from packshot.contracts.stages import RenditionFile
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.delivery import Handover, outcome_again
from packshot.errors import InternalError
from packshot.stages.registry import Outcome, run_all
from packshot.stages.workspace import MemoryWorkspace
from packshot.workflow import FUSED_RESERVE_S, STAGE_NAMES

Json = dict[str, Any]


class Remaining(Protocol):
    """Lambda's context, as far as it is looked at."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends this call."""
        ...


def work_on_images(event: Json, environment: FusedEnvironment, context: Remaining) -> Json:
    """Runs {tasks} through the workflow's list in memory; each image has its own end.

    Returns:
        {images: [ids, status, qc_status, score, error_code]}.
    """
    ports = ports_of(environment)
    tasks = [ImageTask.model_validate(task) for task in event["tasks"]]
    settings = batch_settings(environment.work_bucket, tasks[0].batch_id)
    return {"images": [_image(task, settings, environment, ports, context) for task in tasks]}


def _image(
    task: ImageTask,
    settings: BatchSettings,
    environment: FusedEnvironment,
    ports: Ports,
    context: Remaining,
) -> Json:
    known = ports.table.get_image(task.batch_id, task.image_id, task.revision)
    if known is not None and known.status in FINAL:
        # An earlier call came so far, though maybe not to its event.
        ports.publish(outcome_again(known, ports.table, ports.files))
        return brief(known)
    workspace = MemoryWorkspace()
    if context.get_remaining_time_in_millis() < FUSED_RESERVE_S * 1000:
        outcome = Outcome({}, InternalError("stage_timeout", stage=STAGE_NAMES[0]), {})
    else:
        if task.reference_id is not None:
            task = with_reference(task, environment.work_bucket)
        state = {"task": task, "settings": settings}
        outcome = run_all(state, workspace, stage_context(environment, task.batch_id))
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
    return brief(written)


def _source_sha256(workspace: MemoryWorkspace) -> str | None:
    return hashlib.sha256(workspace.get_bytes("source")).hexdigest() if workspace.has("source") else None


def _delivery(workspace: MemoryWorkspace, ports: Ports) -> Handover:
    def handover(one: RenditionFile, key: str) -> None:
        data = workspace.get_bytes(f"renditions/{one.name}.{one.format.extension}")
        ports.files.put(key, data, f"image/{one.format.value}")

    return handover
