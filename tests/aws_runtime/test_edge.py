"""The rim of a function: errors of two kinds, and log lines with ids and metrics."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from packshot.aws_runtime.edge import handler, without_context
from packshot.aws_runtime.metrics import measure
from packshot.contracts.environment import StageEnvironment
from packshot.contracts.metrics import IMAGES
from packshot.errors import ImageError, PermanentError, RetryableError, SourceUnavailableError
from tests.aws_runtime import emf

Json = dict[str, Any]
TASK = {"batch_id": "batch-1", "image_id": "img-1", "revision": 2, "source": "s3://photos/a.jpg"}
IDS = {"batch_id": "batch-1", "image_id": "img-1", "revision": 2}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in StageEnvironment(work_bucket="work", deployment="packshot-dev").variables().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "packshot")
    return caplog


def call(event: Json, work: Any) -> Json:
    return handler("align", StageEnvironment, without_context(work))(event, None)


def failing(error: BaseException) -> Any:
    def work(event: Json, environment: StageEnvironment) -> Json:
        raise error

    return work


@pytest.mark.usefixtures("told")
def test_a_call_is_one_line_with_its_ids_and_its_duration(log: pytest.LogCaptureFixture) -> None:
    assert call({"task": TASK}, lambda event, environment: {"bucket": environment.work_bucket}) == {
        "bucket": "work"
    }
    (line,) = emf.lines(log.records)
    assert line["message"] == "done"
    assert line["function"] == "align"
    assert {name: line[name] for name in IDS} == IDS
    ((metric, deployment, step),) = emf.metrics([line])
    assert (metric, deployment, step) == ("Duration", "packshot-dev", "align")


@pytest.mark.usefixtures("told")
def test_what_is_measured_goes_along(log: pytest.LogCaptureFixture) -> None:
    def work(event: Json, environment: StageEnvironment) -> Json:
        for outcome in ("processed", "failed"):
            measure(IMAGES, of=outcome)
        return {}

    call({"task": TASK}, work)
    first, second = emf.lines(log.records)
    assert (first["message"], second["message"]) == ("done", "metrics")
    # Each line is found by the ids, and none of them is a dimension.
    assert {name: second[name] for name in IDS} == IDS
    found = emf.metrics([first, second])
    assert found["Images", "packshot-dev", "processed"] == found["Images", "packshot-dev", "failed"] == [1]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (ImageError("image_truncated"), PermanentError, "image_truncated"),
        (SourceUnavailableError("source_timeout", source="x", limit_s=20), RetryableError, "source_timeout"),
        (MemoryError(), PermanentError, "out_of_memory"),
        (ZeroDivisionError("by zero"), PermanentError, "internal_error"),
    ],
)
def test_an_error_leaves_as_one_of_two_classes_and_is_logged(
    log: pytest.LogCaptureFixture, error: BaseException, kind: type[Exception], code: str
) -> None:
    with pytest.raises(kind) as raised:
        call({"task": TASK}, failing(error))
    assert type(raised.value) is kind
    assert json.loads(str(raised.value))["code"] == code
    line = emf.lines(log.records)[-1]
    assert (line["message"], line["error_code"]) == ("failed", code)
    assert line["retryable"] is (kind is RetryableError)
    assert line["image_id"] == "img-1"
    assert ("Duration", "packshot-dev", "align") in emf.metrics([line])


@pytest.mark.usefixtures("told")
def test_an_unforeseen_error_leaves_its_traceback_in_the_log(log: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PermanentError):
        call({"task": TASK}, failing(ZeroDivisionError("by zero")))
    assert log.records[0].exc_info is not None


def test_a_function_without_its_environment_says_so(log: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PermanentError, match="work_bucket"):
        call({"task": TASK}, failing(AssertionError))
    assert emf.lines(log.records)[-1]["error_code"] == "internal_error"


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"tasks": [TASK, {**TASK, "image_id": "img-2"}]}, {"batch_id": "batch-1"}),
        ({"batch_id": "batch-1", "part": 3}, {"batch_id": "batch-1", "part": 3}),
        ({"bucket": "uploads", "key": "manifests/a.csv"}, {"bucket": "uploads", "key": "manifests/a.csv"}),
        (
            {"detail": {"executionArn": "arn:x", "status": "ABORTED"}},
            {"executionArn": "arn:x", "status": "ABORTED"},
        ),
    ],
)
def test_lines_are_found_by_what_a_function_was_called_for(
    log: pytest.LogCaptureFixture, event: Json, found: Json
) -> None:
    call(event, lambda event, environment: {})
    (line,) = emf.lines(log.records)
    named = ("batch_id", "image_id", "revision", "part", "bucket", "key", "executionArn", "status")
    assert {name: line[name] for name in named if name in line} == found
