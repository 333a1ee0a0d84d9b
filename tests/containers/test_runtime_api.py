"""The Runtime API of the tests speaks as Lambda's does; a runtime of a few lines listens."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from tests.containers.runtime_api import LARGEST_ANSWER, VERSION, Invocation, RuntimeApi


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    made = RuntimeApi()
    yield made
    made.close()


def ask(api: RuntimeApi, path: str, data: bytes | None = None) -> HTTPResponse:
    request = urllib.request.Request(f"http://127.0.0.1:{api.port}{path}", data)  # loopback
    answer: HTTPResponse = urllib.request.urlopen(request, timeout=10)  # noqa: S310  # loopback
    return answer


def test_an_event_is_taken_and_answered(api: RuntimeApi) -> None:
    invocation = Invocation(b'{"a": 1}', timeout_s=3)
    assert not api.asked.is_set()
    threading.Timer(0.1, api.put, [invocation]).start()
    taken = ask(api, f"{VERSION}/invocation/next")  # waits for the event
    assert api.asked.is_set()
    assert json.loads(taken.read()) == {"a": 1}
    assert taken.headers["Lambda-Runtime-Aws-Request-Id"] == invocation.request_id
    assert int(taken.headers["Lambda-Runtime-Deadline-Ms"]) > 1_700_000_000_000
    assert invocation.taken.is_set()
    assert ask(api, f"{VERSION}/invocation/{invocation.request_id}/response", b"[2]").status == 202
    assert invocation.done.is_set()
    assert (invocation.answer, invocation.error) == (b"[2]", None)


def test_an_error_is_kept_as_the_runtime_told_it(api: RuntimeApi) -> None:
    invocation = Invocation(b"{}", timeout_s=3)
    api.put(invocation)
    ask(api, f"{VERSION}/invocation/next")
    told = {"errorType": "PermanentError", "errorMessage": "no"}
    ask(api, f"{VERSION}/invocation/{invocation.request_id}/error", json.dumps(told).encode())
    assert invocation.error == told


def test_a_runtime_that_can_not_start_says_why(api: RuntimeApi) -> None:
    ask(api, f"{VERSION}/init/error", b'{"errorType": "Runtime.ImportModuleError"}')
    assert api.failed_start == {"errorType": "Runtime.ImportModuleError"}


def test_an_answer_above_what_lambda_takes_is_an_error(api: RuntimeApi) -> None:
    invocation = Invocation(b"{}", timeout_s=3)
    api.put(invocation)
    ask(api, f"{VERSION}/invocation/next")
    ask(api, f"{VERSION}/invocation/{invocation.request_id}/response", b"0" * (LARGEST_ANSWER + 1))
    assert invocation.error is not None
    assert invocation.error["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_answer_that_nobody_waits_for_is_refused(api: RuntimeApi) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        ask(api, f"{VERSION}/invocation/unknown/response", b"1")
