"""What Step Functions says of a failed step becomes a stable code."""

from __future__ import annotations

import json

import pytest

from packshot.aws_runtime.failures import failure_of
from packshot.errors import ImageError, as_step_error


def told(code: str, stage: str | None) -> tuple[str, str]:
    error = ImageError(code)
    error.stage = stage
    plain = as_step_error(error)
    return type(plain).__name__, json.dumps({"errorType": type(plain).__name__, "errorMessage": str(plain)})


def test_our_errors_keep_their_code_sentence_and_stage() -> None:
    facts = failure_of(*told("image_truncated", "detect"), "align")
    assert (facts.code, facts.stage) == ("image_truncated", "detect")
    assert facts.message == "The picture's file ends too early; part of it is missing."


def test_an_error_that_names_no_stage_gets_the_one_that_failed() -> None:
    assert failure_of(*told("image_truncated", None), "align").stage == "align"


@pytest.mark.parametrize(
    ("error", "cause", "code"),
    [
        ("States.Timeout", "", "stage_timeout"),
        ("Sandbox.Timedout", "", "stage_timeout"),
        ("Lambda.Unknown", "... Task timed out after 20.00 seconds", "stage_timeout"),
        ("Runtime.OutOfMemory", "", "out_of_memory"),
        ("Runtime.ExitError", '{"errorMessage":"Error: signal: killed"}', "out_of_memory"),
        ("Runtime.ExitError", '{"errorMessage":"RequestId: 1 Error: exit status 1"}', "worker_lost"),
        ("Lambda.TooManyRequestsException", "Rate Exceeded.", "worker_lost"),
        ("Lambda.ServiceException", "", "worker_lost"),
        ("States.DataLimitExceeded", "too big", "internal_error"),
        ("PermanentError", "no JSON at all", "internal_error"),
        ("PermanentError", '{"errorMessage": "not JSON"}', "internal_error"),
    ],
)  # fmt: skip
def test_faults_of_the_service_have_codes_too(error: str, cause: str, code: str) -> None:
    facts = failure_of(error, cause, "enhance")
    assert (facts.code, facts.stage) == (code, "enhance")
