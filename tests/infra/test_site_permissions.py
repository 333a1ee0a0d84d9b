"""What the API's functions may do, action by action and prefix by prefix."""

from __future__ import annotations

import re
from typing import Any

import pytest

from packshot.contracts.environment import ApiEnvironment
from packshot.workflow import API_WORK
from tests.infra.templates import Synthesised, listed, text_of
from tests.infra.test_permissions import EVERYWHERE

Json = dict[str, Any]

LOOK = {"s3:GetObject"}
ROWS = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
CHANGE = {"dynamodb:PutItem", "dynamodb:DeleteItem"}
#: Actions by where they may be done: a bucket and prefix, the table, a machine.
READ: dict[str, set[str]] = {
    "Catalogue/catalogue/*": LOOK,
    "Catalogue/review/*": LOOK,
    "Catalogue/results/*": LOOK,
    "Uploads/*": LOOK,
    "Work/downloads/*": {"s3:GetObject"},
    "table": ROWS,
    "table/index/queue": {"dynamodb:Query"},
    "table/index/sku": {"dynamodb:Query"},
    "execution:batch:*": {"states:ListMapRuns"},
    "mapRun:batch/*": {"states:DescribeMapRun"},
}
MOVE = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}
WRITE: dict[str, set[str]] = {
    **READ,
    "Catalogue/catalogue/*": LOOK | MOVE,
    "Catalogue/review/*": LOOK | MOVE,
    "Catalogue": {"s3:ListBucket"},
    "Uploads": {"s3:ListBucket"},
    "Uploads/incoming/*": {"s3:PutObject", "s3:DeleteObject"},
    "Work/batches/*": {"s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"},
    "Work": {"s3:ListBucket"},
    "table": ROWS | CHANGE,
    "bus": {"events:PutEvents"},
    "stateMachine:batch": {"states:StartExecution"},
    "execution:batch:*": READ["execution:batch:*"]
    | {"states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"},
    "function:api-work": {"lambda:InvokeFunction"},
}
WORK: dict[str, set[str]] = {
    "Work/batches/*": {"s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"},
    "Work/downloads/*": {"s3:PutObject", "s3:AbortMultipartUpload"},
    "Work": {"s3:ListBucket"},
    "Catalogue/catalogue/*": {"s3:GetObject", "s3:DeleteObject"},
    "Catalogue/review/*": {"s3:GetObject", "s3:DeleteObject"},
    "Catalogue/results/*": {"s3:PutObject", "s3:AbortMultipartUpload"},
    "Catalogue": {"s3:ListBucket"},
    "table": ROWS | CHANGE,
    "table/index/sku": {"dynamodb:Query"},
    "bus": {"events:PutEvents"},
    "stateMachine:image": {"states:StartSyncExecution"},
    "undelivered": {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"},
}
SIDES = {"Read": READ, "Write": WRITE, "Work": WORK}


def place(resource: str) -> str:
    """A resource in short: `Uploads/incoming/*`, `table/index/sku`, `stateMachine:batch`."""
    found = re.fullmatch(r"<Packshot-\w+:ExportsOutput\w+?GetAtt(\w+?)[0-9A-F]{8}Arn\w{8}>(.*)", resource)
    if found:
        name, rest = found.groups()
        if name == "JobsTable":
            return "table" + rest
        return "bus" if name == "EventsBus" else name.removeprefix("Buckets") + rest
    if resource.startswith("<FunctionsUndelivered"):
        return "undelivered"
    ended = re.fullmatch(
        r"arn:<AWS::Partition>:(?:states|lambda):<AWS::Region>:<AWS::AccountId>:(.*)", resource
    )
    return re.sub(r":packshot-(dev|prod)-", ":", ended[1]) if ended else resource


def reached(made: Synthesised, side: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in made.statements(f"Functions{side}Role"):
        for resource in map(text_of, listed(statement["Resource"])):
            actions = set(listed(statement["Action"])) - EVERYWHERE
            if actions:
                found.setdefault(place(resource), set()).update(actions)
    return found


@pytest.mark.parametrize("side", SIDES)
def test_a_function_may_do_what_its_side_does_and_nothing_else(side: str, dev_site: Synthesised) -> None:
    assert reached(dev_site, side) == SIDES[side]


def test_fused_there_is_no_machine_for_one_photo(prod_site: Synthesised) -> None:
    found = reached(prod_site, "Work")
    assert found == {where: actions for where, actions in WORK.items() if where != "stateMachine:image"}


def test_what_only_looks_changes_nothing(dev_site: Synthesised) -> None:
    changing = re.compile(r":(Put|Delete|Start|Stop|Redrive|Invoke|Send|Abort|Update|Create)")
    kept = {action for actions in reached(dev_site, "Read").values() for action in actions}
    assert not [action for action in kept if changing.search(action)]


def told(made: Synthesised, side: str) -> ApiEnvironment:
    facts = made.the("AWS::Lambda::Function", f"Functions{side}Function")["Environment"]["Variables"]
    return ApiEnvironment.read({key: text_of(value) for key, value in facts.items()})


@pytest.mark.parametrize("which", ["dev_site", "prod_site"])
def test_functions_are_told_what_they_read(which: str, request: pytest.FixtureRequest) -> None:
    made: Synthesised = request.getfixturevalue(which)
    stage = which.split("_", maxsplit=1)[0]
    states = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:packshot"
    for side in SIDES:
        found = told(made, side)
        assert found.side == side.lower()
        assert found.deployment == f"packshot-{stage}"
        for name in ("upload_bucket", "work_bucket", "catalogue_bucket", "table", "bus"):
            assert getattr(found, name).startswith(f"<Packshot-{stage}:ExportsOutput"), name
        assert found.batch_machine == f"{states}-{stage}-batch"
        assert found.image_machine == (f"{states}-dev-image" if stage == "dev" else "")
        assert found.worker == (f"packshot-{stage}-api-work" if side == "Write" else "")


def test_errands_are_tried_again_and_then_kept(dev_site: Synthesised) -> None:
    (config,) = dev_site.all_of("AWS::Lambda::EventInvokeConfig").values()
    assert config["FunctionName"]["Ref"].startswith("FunctionsWorkFunction")
    assert config["MaximumRetryAttempts"] == API_WORK.attempts - 1 == 2
    assert text_of(config["DestinationConfig"]["OnFailure"]["Destination"]).startswith(
        "<FunctionsUndelivered"
    )
    (queue,) = dev_site.all_of("AWS::SQS::Queue").values()
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
