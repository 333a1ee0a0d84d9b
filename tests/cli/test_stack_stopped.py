"""`packshot retry` on a batch that was stopped before its end."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_stack import Run, on_stack, shelf
from tests.stack.conftest import aws, machine, stack
from tests.stack.deployments import Machine, results_file

__all__ = ["aws", "machine", "on_stack", "shelf", "stack"]


def stopped(on_stack: Run, machine: Machine, shelf: Path) -> str:
    made = json.loads(on_stack("submit", shelf, "--json").out)
    machine.tick()
    machine.tick()
    machine.abort()
    return str(made["batch_id"])


def test_it_goes_on_to_its_end_and_no_image_is_left(on_stack: Run, machine: Machine, shelf: Path) -> None:
    batch_id = stopped(on_stack, machine, shelf)
    shown = on_stack("status", "--batch", batch_id)
    assert "It failed: The batch was stopped before its end" in shown.out
    ended = on_stack("retry", "--json", "-q")
    facts = json.loads(ended.out)
    assert (ended.code, facts["counts"]["completed"], facts["counts"]["failed"]) == (1, 4, 2)
    assert {one["sku_id"] for one in results_file(machine, batch_id)} == {"A", "B", "C", "D", "E", ""}
    # What had failed before is failed still; now it is tried again as in any batch.
    assert json.loads(on_stack("retry", "--json", "-q").out)["processed"] == 1


def test_one_that_was_stopped_too_long_ago_is_said(on_stack: Run, machine: Machine, shelf: Path) -> None:
    stopped(on_stack, machine, shelf)
    machine.too_late = True
    ended = on_stack("retry", "-q")
    assert (ended.code, "execution_final" in ended.err) == (3, True)
    assert "Submit its manifest again" in ended.err
