"""Executions that end before their time: their batch says so, and can be brought to its end."""

from __future__ import annotations

import itertools

import pytest

from packshot.contracts.base import Status
from tests.deployed.faults import Moment
from tests.deployed.photos import QUICK, manifest, mug
from tests.deployed.stack import DeployedStack, Execution

COUNT = 4


def killed_in_the_middle(stack: DeployedStack) -> Execution:
    """A batch that is aborted, and its function killed, when its second image is all but recorded."""
    for number in range(COUNT):
        stack.put(f"manifests/MUG-{number}.jpg", mug(number))
    rows = [("mugs", f"MUG-{number}", f"MUG-{number}.jpg") for number in range(COUNT)]
    (execution,) = stack.started(stack.put("manifests/mugs.csv", manifest(rows), **QUICK))
    written = itertools.count(1)

    def at_the_second_image(moment: Moment) -> bool:
        # Each image is written twice: what is intended, and what has become of it.
        recording = moment.function in ("record", "fused") and moment.operation == "dynamodb.PutItem"
        if not recording or next(written) != 4:
            return False
        execution.stop()
        return True

    fault = stack.faults.add(at_the_second_image, "killed")
    assert execution.wait()["status"] == "ABORTED"
    assert fault.struck == 1
    return execution


def test_an_execution_that_is_aborted_closes_its_batch_and_can_be_redriven(stack: DeployedStack) -> None:
    execution = killed_in_the_middle(stack)
    batch = stack.batch()
    assert batch.status is Status.FAILED
    assert batch.error is not None
    assert batch.error.code == "batch_stopped"
    assert "ABORTED" in batch.error.message
    finished = {record.image_id for record in stack.records() if record.status is Status.COMPLETED}
    assert len(finished) < COUNT
    said = stack.said()
    assert said["Batch Failed"] == 1
    assert said["Batch Completed"] == 0
    before = {record.image_id: record for record in stack.records() if record.image_id in finished}

    stack.faults.waiting.clear()
    assert stack.redriven(execution).wait()["status"] == "SUCCEEDED"
    batch = stack.batch()
    assert (batch.status, batch.error) == (Status.COMPLETED, None)
    assert batch.counts["completed"] == COUNT
    records = {record.image_id: record for record in stack.records()}
    assert len(records) == COUNT
    # What was finished is neither made nor recorded a second time.
    assert {image_id: records[image_id] for image_id in finished} == before
    assert all(record.revision == 0 for record in records.values())
    assert set(stack.pictures()) == {one.path for record in records.values() for one in record.renditions}
    again = stack.said()
    assert again["Batch Completed"] == 1
    assert again["Image Failed"] == 0


@pytest.mark.parametrize("way", ["staged"], indirect=True)
def test_a_second_event_of_an_aborted_batch_leaves_it_to_a_redrive(stack: DeployedStack) -> None:
    upload = stack.put("manifests/mugs.csv", manifest([("mugs", "MUG-0", "MUG-0.jpg")]), **QUICK)
    stack.faults.add(lambda moment: moment.function == "summarise", "killed", times=9)
    (execution,) = stack.started(upload)
    assert execution.wait()["status"] == "FAILED"
    assert stack.batch().status is Status.FAILED
    stack.said()
    (second,) = stack.started(upload)
    assert second.wait()["status"] == "SUCCEEDED"
    assert second.output["outcome"] == "known"
    assert stack.said() == {}
    stack.faults.waiting.clear()
    assert stack.redriven(execution).wait()["status"] == "SUCCEEDED"
    assert stack.batch().status is Status.COMPLETED
    assert stack.batch().counts == {"failed": 1}


@pytest.mark.parametrize("way", ["staged"], indirect=True)
def test_a_plan_that_is_lost_for_good_still_leaves_a_batch_that_says_so(stack: DeployedStack) -> None:
    stack.faults.add(lambda moment: moment.function == "plan", "killed", times=9)
    execution = stack.run("manifests/mugs.csv", manifest([("mugs", "MUG-0", "MUG-0.jpg")]))
    assert execution.described()["status"] == "FAILED"
    assert stack.workers.calls == ["plan", "close"]
    batch = stack.batch()
    assert batch.error is not None
    assert (batch.status, batch.error.code) == (Status.FAILED, "batch_stopped")
    assert "Runtime.ExitError" in batch.error.message
    assert stack.said() == {"Batch Failed": 1}
