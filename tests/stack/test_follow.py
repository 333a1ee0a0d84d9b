"""Following a batch: what is told of it, and when it is given up."""

from __future__ import annotations

import pytest

from packshot.contracts.base import Status
from packshot.errors import StackError
from packshot.local.request import Progress
from packshot.stack import follow
from packshot.stack.deployed import Stack
from packshot.stack.follow import Rate, is_running
from tests import samples
from tests.stack.deployments import MACHINE, Machine

ARN = MACHINE.replace(":stateMachine:", ":execution:") + ":one"


@pytest.fixture
def running(opened: Stack, machine: Machine) -> Stack:
    """A batch of forty images in items of ten, and two bad lines; three references go first."""
    batch = samples.batch(total=42, rejected_rows=2, status=Status.PROCESSING, execution=ARN)
    opened.ports.table.claim_batch(batch)
    run = machine._begin({"bucket": "b", "key": "k", "version_id": ""}, "one")
    run.step, run.planned = 1, {"images": 4, "references": 3}
    machine.tick = lambda: None  # type: ignore[method-assign]  # the test moves it
    return opened


def followed(stack: Stack, machine: Machine, looks: list[int | None]) -> list[Progress]:
    """What is told while so many items are through at each look; None: it is closed."""
    told: list[Progress] = []
    steps = iter(looks)

    def move() -> None:
        now = next(steps)
        if now is None:
            counts = {"completed": 39, "failed": 3, "needs_review": 5}
            batch = samples.batch(total=42, status=Status.COMPLETED, execution=ARN, counts=counts)
            stack.ports.table.put_batch(batch)
        else:
            machine.runs[0].ended = now

    machine.at_sleep = move
    follow.follow(stack, "batch-1", told.append)
    return told


def test_items_of_ten_count_as_their_images(running: Stack, machine: Machine) -> None:
    told = followed(running, machine, [1, 2, 4, None])
    # The bad lines are done from the start; the last image when all is summed up.
    assert [one.done for one in told] == [2, 12, 22, 41, 42]
    assert told[3].current == ("summing up",)
    assert {one.total for one in told} == {42}
    assert (told[-1].failed, told[-1].needs_review) == (3, 5)


def test_rate_and_time_left_come_from_what_was_seen(running: Stack, machine: Machine) -> None:
    told = followed(running, machine, [1, 2, None])
    assert told[0].eta_s is None
    # Ten images in three seconds, and thirty are left.
    assert told[1].rate_per_s == pytest.approx(10 / 3)
    assert told[1].eta_s == pytest.approx(9)


def test_the_rate_forgets_what_was_long_ago() -> None:
    rate = Rate()
    assert rate.at(0, 0) == 0
    assert rate.at(100, 100) == 1
    assert rate.at(200, 100) == 0


def test_an_execution_that_nobody_closes_is_given_up(running: Stack, machine: Machine) -> None:
    machine.runs[0].status = "TIMED_OUT"
    with pytest.raises(StackError) as given_up:
        follow.follow(running, "batch-1", lambda _: None)
    assert given_up.value.code == "execution_ended"
    assert machine.seconds > 60


def test_a_retry_whose_plan_fails_is_said_at_once(running: Stack, machine: Machine) -> None:
    again = machine._begin({"bucket": "b", "key": "k", "version_id": ""}, "again")
    again.status = "FAILED"
    with pytest.raises(StackError) as failed:
        follow.follow(running, "batch-1", lambda _: None, execution=again.arn, images=3)
    assert failed.value.code == "execution_ended"
    assert machine.seconds == 0


def test_a_batch_is_at_work_while_its_execution_runs(running: Stack, machine: Machine) -> None:
    batch = running.batch("batch-1")
    assert is_running(running, batch)
    # It was stopped, and nobody has closed its batch yet: it may be taken up again.
    machine.runs[0].status = "ABORTED"
    assert not is_running(running, batch)
    assert not is_running(running, batch.model_copy(update={"status": Status.COMPLETED}))
