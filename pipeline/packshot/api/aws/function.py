"""Lambda's entry: requests of API Gateway (payload format 2.0), and errands that requests have left."""

from __future__ import annotations

import logging
import os
import time
from functools import lru_cache
from typing import Any, Final

from mangum import Mangum

from packshot.api.app import create_app
from packshot.api.aws.backend import AwsBackend
from packshot.api.aws.edge import AwsEdge
from packshot.api.aws.errands import run_errand
from packshot.api.problems import MEDIA_TYPE
from packshot.aws_runtime import edge
from packshot.aws_runtime.metrics import metering
from packshot.contracts.environment import ApiEnvironment
from packshot.contracts.metrics import DURATION

_LOG: Final = logging.getLogger("packshot")
#: Beginnings of the types whose answers travel as they are; others are a third longer, in base64.
_TEXT: Final = ["text/", "application/json", "application/jsonl", MEDIA_TYPE]


@lru_cache(maxsize=1)
def _environment() -> ApiEnvironment:
    _LOG.setLevel(logging.INFO)
    return ApiEnvironment.read(os.environ)


def requests_of(environment: ApiEnvironment) -> Mangum:
    """What answers requests, for a function of this environment."""
    backend = AwsBackend(environment)
    guarded = AwsEdge(
        create_app(backend), reads=environment.side == "read", body_bytes=backend.limits.body_bytes
    )
    # Nothing begins or ends with an instance, which Lambda freezes and drops as it likes.
    return Mangum(guarded, lifespan="off", text_mime_types=_TEXT)


@lru_cache(maxsize=1)
def _requests() -> Mangum:
    return requests_of(_environment())


_errands = edge.handler("api-work", ApiEnvironment, edge.without_context(run_errand))


def handle(event: dict[str, Any], context: Any) -> Any:
    """Answers a request, or runs an errand on the function whose side that is.

    Raises:
        RetryableError, PermanentError: of an errand.
    """
    if _environment().side == "work":
        return _errands(event, context)
    environment = _environment()
    name, started, answer = f"api-{environment.side}", time.perf_counter(), dict[str, Any]()
    with metering() as meter:
        meter.deployment = environment.deployment
        try:
            answer = _requests()(event, context)
        finally:
            meter.lead(DURATION, round((time.perf_counter() - started) * 1000, 1), name)
            edge.log_call("answered", {"function": name, **_facts(event, answer)}, meter)
    return answer


def _facts(event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What a line of the log says of a request: no query, no token, no body."""
    http = (event.get("requestContext") or {}).get("http") or {}
    return {
        "method": http.get("method"),
        "path": event.get("rawPath"),
        "http_status": answer.get("statusCode"),
    }
