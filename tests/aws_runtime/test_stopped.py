"""Batches that are stopped while plan works on them: its call goes on, and must not begin them anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from packshot.aws_runtime import planning, planning_claimed
from packshot.contracts.base import Status
from tests.aws_runtime.conftest import Stack
from tests.aws_runtime.test_planning_claimed import claim, row

Json = dict[str, Any]
MANIFEST = b"product_group_id,sku_id,image_url\nmugs,MUG-1,a.jpg\nmugs,MUG-2,b.jpg\n"
ARN = "arn:of:it"


def uploaded(stack: Stack) -> Json:
    return {**stack.upload("manifests/a.csv", MANIFEST), "execution": ARN}


def claimed(stack: Stack) -> Json:
    return claim(stack, row(1, "a.jpg"), row(2, "b.jpg"))


@pytest.mark.parametrize(
    ("asked", "module"), [(uploaded, planning), (claimed, planning_claimed)], ids=["uploaded", "claimed"]
)
def test_a_batch_that_is_stopped_while_it_is_planned_stays_closed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, asked: Callable[[Stack], Json], module: Any
) -> None:
    event = asked(stack)
    real = module.write_lists

    def stopped_meanwhile(*given: Any, **more: Any) -> Json:
        planned: Json = real(*given, **more)
        told = {"status": "ABORTED", "input": json.dumps(event), "executionArn": event["execution"]}
        assert stack.call("close", {"detail": told})["status"] == "failed"
        return planned

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_lists", stopped_meanwhile)
        assert stack.call("plan", event)["outcome"] == "ignored"
    assert "Batch Started" not in stack.said()
    (batch,) = stack.table.batches().items
    assert batch.status is Status.FAILED
    assert batch.error is not None
    assert batch.error.code == "batch_stopped"
    # Its execution is redriven.
    assert stack.call("plan", event)["outcome"] == "planned"
    assert stack.said().count("Batch Started") == 1
    assert stack.table.batches().items[0].status is Status.PROCESSING
