"""Lambda's entry, as Lambda calls it: by its environment, with events."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from packshot.adapters.aws.clients import client
from packshot.api.aws import function
from packshot.errors import PermanentError
from tests.api.aws.deployment import environment
from tests.api.aws.gateway import claims, event_of, response_of
from tests.aws import REGION, TABLE, aws, make_table
from tests.aws_runtime.conftest import Context

__all__ = ["aws"]

_HEAVY = ("PIL", "cv2", "numpy", "onnxruntime", "pi_heif", "simplejpeg", "uvicorn", "click", "rich")


@pytest.fixture
def called(aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    make_table(aws("dynamodb"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    caches = (client, function._environment, function._requests)

    def call(side: str, event: Any) -> Any:
        for name, value in environment(side).variables().items():
            monkeypatch.setenv(name, value)
        for cache in caches:
            cache.cache_clear()
        return function.handle(event, Context())

    yield call
    for cache in caches:
        cache.cache_clear()


def test_a_request_is_answered_and_logged(
    called: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "packshot")
    event = event_of("GET", "/api/v1/batches?limit=5", {"authorization": "Bearer secret"}, b"", claims())
    answer = response_of(called("read", event))
    assert (answer.status_code, answer.json()) == (200, {"items": [], "cursor": None})
    (line,) = [record for record in caplog.records if record.message == "answered"]
    assert (line.function, line.method, line.path, line.http_status) == (
        "api-read",
        "GET",
        "/api/v1/batches",
        200,
    )
    assert line.Duration > 0
    assert "secret" not in str(line.__dict__)
    assert "limit" not in str(line.__dict__)


def test_text_travels_as_it_is(called: Callable[..., Any]) -> None:
    answer = called("read", event_of("GET", "/api/v1/none", {}, b"", claims()))
    assert answer["isBase64Encoded"] is False
    assert json.loads(answer["body"])["code"] == "route_unknown"
    assert answer["headers"]["content-type"] == "application/problem+json"


def test_an_encoded_body_is_read(called: Callable[..., Any]) -> None:
    event = event_of("POST", "/api/v1/import/check", {"content-type": "application/json"}, b"\xff", claims())
    assert event["isBase64Encoded"] is True
    assert response_of(called("write", event)).json()["code"] == "request_invalid"


def test_the_worker_answers_no_requests(called: Callable[..., Any]) -> None:
    with pytest.raises(PermanentError):
        called("work", event_of("GET", "/api/v1/batches", {}, b"", claims()))


def test_the_worker_says_why_an_errand_fails(called: Callable[..., Any]) -> None:
    with pytest.raises(PermanentError) as caught:
        called("work", {"errand": "zip", "job_id": "job-none"})
    assert json.loads(str(caught.value))["code"] == "job_unknown"


def test_no_request_becomes_an_errand(called: Callable[..., Any]) -> None:
    body = json.dumps({"errand": "renew", "batch_id": "b"}).encode()
    event = event_of("POST", "/api/v1/batches", {}, body, claims())
    assert response_of(called("write", event)).status_code == 422


def test_an_environment_that_lacks_something_says_what(monkeypatch: pytest.MonkeyPatch) -> None:
    told = environment("read").variables()
    del told["PACKSHOT_UPLOAD_BUCKET"]
    monkeypatch.setattr("os.environ", told)
    function._environment.cache_clear()
    with pytest.raises(ValueError, match="upload_bucket"):
        function.handle({}, Context())


def test_nothing_heavy_is_imported() -> None:
    blocking = f"import sys; [sys.modules.__setitem__(name, None) for name in {_HEAVY!r}]"
    code = f"{blocking}; import packshot.api.aws.function; print('imported', {TABLE!r})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stderr
