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

from packshot.aws_runtime.metrics import Meter, metering
from packshot.contracts.environment import Environment
from packshot.contracts.metrics import DURATION
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
        with metering() as meter:
            return measured(event, context, meter)

    def measured(event: Json, context: Any, meter: Meter) -> Json:
        started = time.perf_counter()
        failure: PackshotError | None = None
        try:
            told = environment()
            meter.deployment = told.deployment
            return work(event, told, context)
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
            meter.lead(DURATION, round((time.perf_counter() - started) * 1000, 1), name)
            _log(name, event, meter, failure)

    return handle


def without_context(work: Callable[[Json, E], Json]) -> Callable[[Json, E, Any], Json]:
    """Work that has no use for Lambda's context."""
    return lambda event, environment, _: work(event, environment)


def _log(name: str, event: Json, meter: Meter, failure: PackshotError | None) -> None:
    facts: Json = {"function": name, **_ids(event)}
    if failure is None:
        log_call("done", facts, meter)
        return
    why = {"error_code": failure.code, "error_message": failure.message, "retryable": failure.retryable}
    log_call("failed", facts | why, meter, logging.WARNING)


def log_call(word: str, facts: Json, meter: Meter, level: int = logging.INFO) -> None:
    """A line about a call, with what was measured; what does not fit into it has lines of its own."""
    # Lambda's JSON log format adds the fields of `extra` and the request's id.
    first, *more = meter.lines(round(time.time() * 1000))
    _LOG.log(level, word, extra=facts | first)
    for line in more:
        _LOG.info("metrics", extra=facts | line)


def log_image(function: str, outcome: Json) -> None:
    """A line about one of the images of a call: {batch_id, image_id, revision, status, ...}."""
    _LOG.info("image", extra={"function": function, **outcome})


def _ids(event: Json) -> Json:
    """Ids to find a batch's or an image's lines by; of an execution that ended, its ARN."""
    places = (event.get("task"), *(event.get("tasks") or ())[:1], event.get("detail"), event)
    place: Mapping[str, Any] = next(one for one in places if isinstance(one, dict))
    # Of several images each has a line of its own.
    several = ("image_id", "revision") if "tasks" in event else ()
    names = ("batch_id", "image_id", "revision", "part", "bucket", "key", "executionArn", "status")
    return {name: place[name] for name in names if name in place and name not in several}


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        # Its text repeats the input, which may be long and is not ours to log.
        return json.dumps(error.errors(include_input=False, include_url=False, include_context=False))[:500]
    return str(error)[:500]
