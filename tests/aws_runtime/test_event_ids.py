"""Events that tell two facts have two ids: a consumer that remembers ids passes over repeats only."""

from __future__ import annotations

import json
from typing import Any

from tests.aws_runtime.conftest import Stack
from tests.aws_runtime.endings import sum_up
from tests.aws_runtime.test_again import ARN, MANIFEST, ask

Json = dict[str, Any]


def ids(told: list[Json], kind: str) -> list[str]:
    return [one["detail"]["metadata"]["event_id"] for one in told if one["detail-type"] == kind]


def test_a_retry_s_start_is_another_than_the_first(stack: Stack) -> None:
    event = {**stack.upload("manifests/a.csv", MANIFEST), "execution": ARN + "first"}
    planned = stack.call("plan", event)
    sum_up(stack, planned)
    again = ask(stack, planned["batch_id"])
    stack.call("plan", again)
    # A second attempt of the same call says the same once more.
    stack.call("plan", again)
    told = stack.told()
    first, *others = ids(told, "Batch Started")
    assert others
    assert first not in others
    assert len(set(others)) == 1
    # What came after what is told by their times.
    order = sorted((one["detail"]["metadata"]["occurred_at"], one["detail-type"]) for one in told)
    kinds = [kind for _, kind in order if kind in ("Batch Started", "Batch Completed")]
    assert kinds == ["Batch Started", "Batch Completed", "Batch Started", "Batch Started"]


def test_a_batch_that_fails_once_more_after_a_redrive_says_so(stack: Stack) -> None:
    event = {**stack.upload("manifests/a.csv", MANIFEST), "execution": ARN + "first"}
    for stopped_at in (1_790_000_000_000, 1_790_000_600_000):
        stack.call("plan", event)
        detail = {"status": "FAILED", "input": json.dumps(event), "executionArn": ARN + "first"}
        stack.call("close", {"detail": {**detail, "stopDate": stopped_at}})
    told = ids(stack.told(), "Batch Failed")
    assert len(told) == len(set(told)) == 2
