"""What goes wrong in the middle: one image pays for it, or none; the batch completes."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import pytest

from packshot.contracts.base import Status
from packshot.contracts.records import ImageRecord
from packshot.workflow import STAGES
from tests.deployed.faults import Fault, Moment, dynamo_error, s3_error
from tests.deployed.photos import QUICK, manifest, mug
from tests.deployed.stack import DeployedStack

#: It may pass, but is none that boto tries again itself, so that the workflow's own attempts are seen.
AWAY = s3_error(520, "Away")
STAGED = pytest.mark.parametrize("way", ["staged"], indirect=True)
FUSED = pytest.mark.parametrize("way", ["fused"], indirect=True)


def run(stack: DeployedStack, count: int = 2) -> dict[str, ImageRecord]:
    """A batch of small mugs, of which tests break `MUG-1`; its records by SKU."""
    names = [f"MUG-{number}" for number in range(count)]
    for number, name in enumerate(names):
        stack.put(f"manifests/{name}.jpg", mug(number))
    execution = stack.run(
        "manifests/mugs.csv", manifest(("mugs", one, f"{one}.jpg") for one in names), **QUICK
    )
    assert execution.described()["status"] == "SUCCEEDED"
    assert stack.batch().status is Status.COMPLETED
    assert stack.batch().total == count
    records = stack.by_sku()
    assert sorted(records) == names
    return records


def reading(name: str) -> Callable[[Moment], bool]:
    """The moment in which detect, or the fused function, reads a photo of the upload bucket."""
    return lambda moment: moment.operation == "s3.GetObject" and moment.holds(f"/manifests/{name}.jpg")


def check_only_one_failed(stack: DeployedStack, records: dict[str, ImageRecord], code: str) -> None:
    failed = records.pop("MUG-1")
    assert failed.status is Status.FAILED
    assert failed.error is not None
    assert failed.error.code == code
    assert {record.status for record in records.values()} == {Status.COMPLETED}
    assert stack.batch().counts["failed"] == 1
    # Exactly one word on each image, and files of the finished ones alone.
    said = stack.said()
    assert said["Image Failed"] == 1
    assert said["Image Failed"] + said["Image Processed"] + said["Image Needs Review"] == len(records) + 1
    assert set(stack.pictures()) == {one.path for record in records.values() for one in record.renditions}


def test_a_stage_that_fails_twice_and_then_works(stack: DeployedStack) -> None:
    fault = stack.faults.add(reading("MUG-1"), AWAY, times=2)
    records = run(stack)
    assert fault.struck == 2
    assert {record.status for record in records.values()} == {Status.COMPLETED}
    assert stack.said()["Image Failed"] == 0


def test_a_stage_that_always_fails(stack: DeployedStack) -> None:
    fault = stack.faults.add(reading("MUG-1"), AWAY, times=99)
    records = run(stack)
    assert fault.struck == STAGES[0].attempts == 3
    assert records["MUG-1"].error is not None
    assert records["MUG-1"].error.stage == "detect"
    check_only_one_failed(stack, records, "source_unreachable")


def test_a_throttled_table_is_waited_for(stack: DeployedStack) -> None:
    throttled = dynamo_error("ProvisionedThroughputExceededException")
    fault = stack.faults.add(lambda moment: moment.operation == "dynamodb.PutItem", throttled, times=3)
    records = run(stack)
    assert fault.struck == 3
    assert {record.status for record in records.values()} == {Status.COMPLETED}
    said = stack.said()
    assert said["Image Processed"] + said["Image Needs Review"] == 2


@STAGED
def test_a_record_that_finds_the_table_throttled_is_written_at_the_next_attempt(stack: DeployedStack) -> None:
    throttled = dynamo_error("ThroughputLimitExceeded")
    fault = stack.faults.add(
        lambda moment: moment.operation == "dynamodb.PutItem" and moment.about("MUG-1"), throttled
    )
    records = run(stack)
    assert fault.struck == 1
    assert Counter(stack.workers.calls)["record"] == 3
    assert {record.status for record in records.values()} == {Status.COMPLETED}


@STAGED
@pytest.mark.parametrize(
    ("death", "code", "attempts"), [("killed", "out_of_memory", 1), ("timed out", "stage_timeout", 2)]
)
def test_a_function_that_dies_in_the_middle_of_a_stage(
    stack: DeployedStack, death: str, code: str, attempts: int
) -> None:
    def leaving(moment: Moment) -> bool:
        # Its work is done, and lost with it.
        return moment.function == "enhance" and moment.operation == "s3.PutObject" and moment.about("MUG-1")

    fault = stack.faults.add(leaving, death, times=9)
    records = run(stack)
    # Out of memory is not tried again.
    assert fault.struck == attempts
    failed = records["MUG-1"]
    assert failed.error is not None
    assert failed.error.stage == "enhance"
    # What was found out before stays.
    assert failed.product is not None
    assert set(failed.timings_ms) == {"detect", "align", "background"}
    check_only_one_failed(stack, records, code)


@FUSED
@pytest.mark.parametrize(
    ("death", "code", "attempts"), [("killed", "out_of_memory", 2), ("timed out", "stage_timeout", 3)]
)
def test_a_photo_that_takes_the_fused_function_with_it_fails_alone(
    stack: DeployedStack, death: str, code: str, attempts: int
) -> None:
    fault = stack.faults.add(reading("MUG-1"), death, times=9)
    records = run(stack, 4)
    # With its neighbours, then alone; out of memory is not tried again.
    assert fault.struck == attempts
    assert records["MUG-1"].error is not None
    assert records["MUG-1"].error.stage == "fused"
    check_only_one_failed(stack, records, code)


@STAGED
def test_a_call_that_is_refused_for_now_is_made_again(stack: DeployedStack) -> None:
    fault = stack.faults.add(
        lambda moment: moment.function == "align" and moment.request is None and moment.about("MUG-1"),
        "Lambda.TooManyRequestsException",
    )
    records = run(stack)
    assert fault.struck == 1
    assert {record.status for record in records.values()} == {Status.COMPLETED}


@STAGED
def test_a_batch_whose_own_steps_are_refused_for_a_while_completes(stack: DeployedStack) -> None:
    def refused(step: str) -> Fault:
        return stack.faults.add(
            lambda moment: moment.function == step and moment.request is None,
            "Lambda.TooManyRequestsException",
            times=2,
        )

    faults = [refused("plan"), refused("summarise")]
    records = run(stack)
    assert [fault.struck for fault in faults] == [2, 2]
    assert {record.status for record in records.values()} == {Status.COMPLETED}
    assert stack.said()["Batch Completed"] == 1


@FUSED
def test_a_fused_call_that_is_refused_for_a_while_is_still_one_call(stack: DeployedStack) -> None:
    fault = stack.faults.add(
        lambda moment: moment.function == "fused" and moment.request is None,
        "Lambda.TooManyRequestsException",
        times=2,
    )
    records = run(stack)
    assert fault.struck == 2
    # Not one for each image: that would ask for more places where there are none.
    assert Counter(stack.workers.calls)["fused"] == 3
    assert {record.status for record in records.values()} == {Status.COMPLETED}


@STAGED
def test_a_lost_child_is_found_by_summarise(stack: DeployedStack) -> None:
    written = itertools.count(1)

    def final_record(moment: Moment) -> bool:
        # The second of two: what was intended stands in the table, and the files lie in their places.
        recording = moment.function == "record" and moment.operation == "dynamodb.PutItem"
        return recording and moment.about("MUG-1") and next(written) == 2

    fault = stack.faults.add(final_record, "killed")
    records = run(stack)
    assert fault.struck == 1
    # No file of a failed image is left behind.
    check_only_one_failed(stack, records, "worker_lost")


@STAGED
def test_a_reference_that_is_lost_leaves_its_images_to_the_preset(stack: DeployedStack) -> None:
    stack.faults.add(lambda moment: moment.function == "reference", "killed", times=9)
    stack.put("manifests/MUG-0.jpg", mug())
    rows = [("mugs", "MUG-0", "MUG-0.jpg", "primary", "MUG-0.jpg")]
    stack.run("manifests/mugs.csv", manifest(rows), **QUICK)
    record = stack.by_sku()["MUG-0"]
    assert record.status is Status.COMPLETED
    assert "reference_unusable" in record.review_reasons
