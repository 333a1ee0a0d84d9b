"""A batch's end, as the state machine brings it about."""

from __future__ import annotations

from typing import Any

from tests.aws_runtime.conftest import Stack

Json = dict[str, Any]


def sum_up(stack: Stack, planned: Json) -> Json:
    """Calls summarise for each part and then for the whole; its counts, and how many were swept."""
    asked = {"batch_id": planned["batch_id"], "items_key": planned["items_key"]}
    swept = sum(stack.call("summarise", {**asked, "part": part})["swept"] for part in planned["parts"])
    whole = stack.call("summarise", {"batch_id": planned["batch_id"], "parts": planned["parts"]})
    return {**whole, "swept": swept}
