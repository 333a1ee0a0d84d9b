"""Maps the names of `packshot.workflow` to the stages' code, and runs them in that order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from packshot import workflow
from packshot.contracts import stages as contracts
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.errors import InternalError, PackshotError
from packshot.imaging.memory import lacks_memory
from packshot.stages import align, background, compress, detect, enhance, score
from packshot.stages.context import StageContext
from packshot.stages.workspace import Workspace
from packshot.workflow import Stage


@dataclass(frozen=True, slots=True)
class Registered:
    """A stage's code: reads `input_type` from the state, returns its output."""

    input_type: type[contracts.StageInput]
    run: Callable[[Any, Workspace, StageContext], BaseModel]


STAGES: dict[str, Registered] = {
    "detect": Registered(contracts.DetectInput, detect.run),
    "align": Registered(contracts.AlignInput, align.run),
    "background": Registered(contracts.BackgroundInput, background.run),
    "enhance": Registered(contracts.EnhanceInput, enhance.run),
    "compress": Registered(contracts.CompressInput, compress.run),
    "score": Registered(contracts.ScoreInput, score.run),
}


def run_stage(name: str, state: dict[str, Any], workspace: Workspace, context: StageContext) -> BaseModel:
    """Runs one stage on an image's state.

    Raises:
        PackshotError: with `stage` set; anything unforeseen becomes an `InternalError`.
    """
    code = STAGES[name]
    with _told_of(name):
        return code.run(code.input_type.of(state), workspace, context)


def run_reference(
    task: ImageTask, settings: BatchSettings, workspace: Workspace, context: StageContext
) -> contracts.ReferenceFacts:
    """Makes a reference ready to align to, in its own workspace; errors as `run_stage`."""
    with _told_of(workflow.FETCHES):
        return detect.run_reference(task, settings, workspace, context)


@contextmanager
def _told_of(name: str) -> Iterator[None]:
    """Raises what ends the block as a `PackshotError` of that stage."""
    try:
        yield
    except PackshotError as error:
        error.stage = name
        raise
    except Exception as error:
        # One photo must never take the batch down with it; the cause travels in the traceback.
        if lacks_memory(error):
            failure = InternalError("out_of_memory")
        else:
            failure = InternalError("internal_error", reason=f"{type(error).__name__}: {error}")
        failure.stage = name
        raise failure from error


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one image: its state, where it failed, and milliseconds per stage."""

    state: dict[str, Any]
    error: PackshotError | None
    timings_ms: dict[str, float]


def wait(stage: Stage) -> bool:
    """Waits as the workflow says before another attempt."""
    time.sleep(stage.backoff_s)
    return True


def run_all(
    state: dict[str, Any],
    workspace: Workspace,
    context: StageContext,
    entered: Callable[[str], None] = lambda _: None,
    again: Callable[[Stage], bool] = wait,
) -> Outcome:
    """Runs all stages in the workflow's order; an error ends the list and is kept, not raised.

    Args:
        state: {task, settings}.
        workspace: of the image.
        context: the outside.
        entered: is told each stage's name as an attempt begins, for whoever watches the time.
        again: called before another attempt at a stage whose error may pass; False for no more of them.
    """
    state = dict(state)
    timings: dict[str, float] = {}
    for stage in workflow.STAGES:
        started = time.perf_counter()
        for attempt in range(1, stage.attempts + 1):
            entered(stage.name)
            try:
                state[stage.name] = run_stage(stage.name, state, workspace, context)
                break
            except PackshotError as error:
                if error.retryable and attempt < stage.attempts and again(stage):
                    continue
                return Outcome(state, error, timings)
            finally:
                timings[stage.name] = round((time.perf_counter() - started) * 1000, 3)
    return Outcome(state, None, timings)
