"""The machine for one photo, which is the children's definition standing alone."""

from __future__ import annotations

import json
import uuid

import pytest

from packshot.contracts.base import Status
from tests.deployed.photos import QUICK, manifest, mug
from tests.deployed.stack import DeployedStack, Execution


@pytest.mark.parametrize("way", ["staged"], indirect=True)
def test_one_photo_goes_the_children_s_way(stack: DeployedStack) -> None:
    stack.put("manifests/MUG-0.jpg", mug())
    stack.run("manifests/mugs.csv", manifest([("mugs", "MUG-0", "MUG-0.jpg")]), **QUICK)
    (first,) = stack.records()
    files = stack.pictures()
    items = stack.s3.get_object(Bucket=stack.work, Key=f"batches/{first.batch_id}/items.json")["Body"].read()
    (item,) = json.loads(items)
    begun = stack.states.start_execution(
        stateMachineArn=stack.outputs["ImageStateMachine"],
        name=str(uuid.uuid4()),
        input=json.dumps({"task": {**item["task"], "revision": 1}}),
    )
    execution = Execution(stack, begun["executionArn"])
    assert execution.wait()["status"] == "SUCCEEDED"
    assert execution.output["status"] == "completed"
    (second,) = stack.records()
    assert (second.revision, second.status) == (1, Status.COMPLETED)
    assert second.renditions == first.renditions
    assert stack.pictures() == files
