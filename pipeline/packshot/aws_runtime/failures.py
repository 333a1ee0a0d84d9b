"""From what Step Functions says of a failed step to the error that stands in the record."""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import ValidationError

from packshot.batches.outcome import error_facts
from packshot.contracts.records import ErrorFacts
from packshot.errors import InternalError

_OURS: Final = ("RetryableError", "PermanentError")
_TIMED_OUT: Final = ("States.Timeout", "Sandbox.Timedout")
_KILLED: Final = ("Runtime.OutOfMemory", "signal: killed")


def failure_of(error: str, cause: str, stage: str | None) -> ErrorFacts:
    """The error of a step.

    Args:
        error: Step Functions' `Error`, the name of a class or of a fault of the service.
        cause: its `Cause`; for our errors JSON whose errorMessage is {code, message, stage}.
        stage: the one that failed, for errors that do not tell it themselves.
    """
    if error in _OURS:
        told = _told(cause)
        if told is not None:
            return told if told.stage is not None else told.model_copy(update={"stage": stage})
    if error in _TIMED_OUT or "Task timed out after" in cause:
        fault = InternalError("stage_timeout", stage=stage or "")
    elif error in _KILLED or any(word in cause for word in _KILLED):
        # Lambda kills a process that outgrows its memory; nothing else in it sends that signal.
        fault = InternalError("out_of_memory")
    elif error.startswith(("Lambda.", "Runtime.")):
        fault = InternalError("worker_lost")
    else:
        fault = InternalError("internal_error", reason=f"{error}: {cause[:200]}")
    fault.stage = stage
    return error_facts(fault)


def _told(cause: str) -> ErrorFacts | None:
    try:
        outer: Any = json.loads(cause)
        return ErrorFacts.model_validate_json(outer["errorMessage"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return None
