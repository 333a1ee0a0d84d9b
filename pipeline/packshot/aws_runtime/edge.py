"""The rim of each function: what goes in and out, which errors leave, and what is logged."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from packshot.contracts.environment import Environment
from packshot.errors import InternalError, PackshotError, as_step_error

E = TypeVar("E", bound=Environment)
Json = dict[str, Any]
Handler = Callable[[Json, Any], Json]

_LOG: Final = logging.getLogger("packshot")


def handler(name: str, kind: type[E], work: Callable[[Json, E, Any], Json]) -> Handler:
    """A Lambda handler that reads the environment at its first call, never at import.

    Args:
        name: of the function, for the log.
        kind: its environment.
        work: event, environment, Lambda's context -> answer.

    Raises (the handler):
        RetryableError, PermanentError: exactly these, with {code, message, stage} as text.
    """

    @lru_cache(maxsize=1)
    def environment() -> E:
        _LOG.setLevel(logging.INFO)
        return kind.read(os.environ)

    def handle(event: Json, context: Any) -> Json:
        started = time.perf_counter()
        failure: PackshotError | None = None
        try:
            return work(event, environment(), context)
        except PackshotError as error:
            failure = error
            raise as_step_error(error) from error
        except MemoryError as error:
            failure = InternalError("out_of_memory")
            raise as_step_error(failure) from error
        except Exception as error:
            # A workflow knows two classes of errors; the traceback goes to the log.
            failure = InternalError("internal_error", reason=f"{type(error).__name__}: {_short(error)}")
            _LOG.exception("unforeseen error", extra={"function": name, **_ids(event)})
            raise as_step_error(failure) from error
        finally:
            elapsed = round((time.perf_counter() - started) * 1000, 1)
            _log(name, event, elapsed, failure)

    return handle


def without_context(work: Callable[[Json, E], Json]) -> Callable[[Json, E, Any], Json]:
    """Work that has no use for Lambda's context."""
    return lambda event, environment, _: work(event, environment)


def _log(name: str, event: Json, elapsed_ms: float, failure: PackshotError | None) -> None:
    # Lambda's JSON log format adds the fields of `extra` and the request's id.
    facts: Json = {"function": name, "elapsed_ms": elapsed_ms, **_ids(event)}
    if failure is None:
        _LOG.info("done", extra=facts)
        return
    facts |= {"error_code": failure.code, "error_message": failure.message, "retryable": failure.retryable}
    _LOG.warning("failed", extra=facts)


def _ids(event: Json) -> Json:
    """Ids to find a batch's or an image's lines by."""
    task = event.get("task")
    place: Mapping[str, Any] = task if isinstance(task, dict) else event
    names = ("batch_id", "image_id", "revision", "bucket", "key")
    return {name: place[name] for name in names if name in place}


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        # Its text repeats the input, which may be long and is not ours to log.
        return json.dumps(error.errors(include_input=False, include_url=False, include_context=False))[:500]
    return str(error)[:500]
