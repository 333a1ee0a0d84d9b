"""A batch that was stopped goes on where it was, by its own execution."""

from __future__ import annotations

import pytest

from packshot.batches.summarise import all_images
from packshot.contracts.again import AgainRequest
from packshot.contracts.base import Status
from packshot.errors import StackError
from packshot.stack.again import start_again
from packshot.stack.deployed import Stack
from packshot.stack.follow import Clock, follow
from tests.aws_runtime.conftest import UPLOADS
from tests.stack.deployments import Machine

COUNT = 4


@pytest.fixture
def stopped(machine: Machine, opened: Stack) -> str:
    """A batch that was stopped when two of its four images had a record, and none the others."""
    rows = "".join(f"g,S{number},{number}.jpg\n" for number in range(COUNT))
    data = f"product_group_id,sku_id,image_url\n{rows}".encode()
    machine.services.s3.put_object(Bucket=UPLOADS, Key="manifests/a.csv", Body=data)
    machine.tick()
    machine.tick()
    machine.abort()
    batch = opened.batch()
    assert batch.error is not None
    assert (batch.status, batch.error.code) == (Status.FAILED, "batch_stopped")
    assert sum(1 for _ in all_images(opened.ports.table, batch.batch_id)) == COUNT // 2
    return batch.batch_id


def test_retry_redrives_it_and_none_is_lost_or_made_twice(
    machine: Machine, opened: Stack, stopped: str
) -> None:
    before = {one.image_id: one for one in all_images(opened.ports.table, stopped)}
    started = start_again(opened, opened.batch(), AgainRequest(batch_id=stopped))
    assert started == (machine.runs[0].arn, None)
    told: list[int] = []
    ended = follow(
        opened,
        stopped,
        lambda progress: told.append(progress.done),
        execution=started[0],
        clock=Clock(machine.now, machine.sleep),
    )
    assert (ended.status, ended.error, ended.counts["completed"]) == (Status.COMPLETED, None, COUNT)
    assert told[-1] == COUNT
    after = {one.image_id: one for one in all_images(opened.ports.table, stopped)}
    assert len(after) == COUNT
    assert {image_id: after[image_id] for image_id in before} == before
    assert {one.revision for one in after.values()} == {0}
    assert len(machine.runs) == 1
    starts = [one for one in machine.services.told() if one["detail-type"] == "Batch Started"]
    assert len({one["detail"]["metadata"]["event_id"] for one in starts}) == 2, "who remembers ids sees both"


def test_an_image_by_its_name_is_run_by_itself(machine: Machine, opened: Stack, stopped: str) -> None:
    failed = next(iter(all_images(opened.ports.table, stopped)))
    asked = AgainRequest(batch_id=stopped, image_ids=(failed.image_id,))
    assert start_again(opened, opened.batch(), asked) is None  # it has not failed
    assert machine.runs[0].status == "ABORTED"


def test_what_was_stopped_too_long_ago_says_so(machine: Machine, opened: Stack, stopped: str) -> None:
    machine.too_late = True
    before = opened.batch()
    with pytest.raises(StackError) as refused:
        start_again(opened, before, AgainRequest(batch_id=stopped))
    assert refused.value.code == "execution_final"
    assert "older than 14 days. Submit its manifest again" in refused.value.message
    assert opened.batch() == before
