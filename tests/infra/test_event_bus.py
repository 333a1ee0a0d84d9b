"""The bus, its archive, who else may listen, and what becomes of events that can't be delivered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from tests.infra.templates import Synthesised, text_of

Json = dict[str, Any]


@pytest.fixture(params=["dev", "prod"])
def made(request: pytest.FixtureRequest) -> Synthesised:
    found: Synthesised = request.getfixturevalue(request.param)
    return found


def templates(folder: Path) -> Iterator[Synthesised]:
    for path in folder.glob("*.template.json"):
        yield Synthesised(json.loads(path.read_text("utf-8")), {}, folder)


def test_the_bus_has_the_deployments_name(made: Synthesised) -> None:
    (bus,) = made.all_of("AWS::Events::EventBus").values()
    assert bus["Name"] in ("packshot-dev", "packshot-prod")
    assert made.template["Outputs"]["EventBus"]["Value"]


@pytest.mark.parametrize(("which", "days"), [("dev", 7), ("prod", 90)])
def test_all_of_our_events_and_no_others_are_archived(
    which: str, days: int, request: pytest.FixtureRequest
) -> None:
    found: Synthesised = request.getfixturevalue(which)
    (archive,) = found.all_of("AWS::Events::Archive").values()
    assert archive["RetentionDays"] == days
    assert text_of(archive["SourceArn"]).startswith("<EventsBus")
    pattern = EventPattern(None, archive["EventPattern"])
    assert pattern.matches_event({"source": "packshot", "detail-type": "Image Processed", "detail": {}})
    assert not pattern.matches_event({"source": "aws.s3", "detail-type": "Object Created", "detail": {}})


def test_consumer_accounts_may_keep_rules_of_their_own_and_nothing_else(
    dev: Synthesised, prod: Synthesised
) -> None:
    assert not dev.all_of("AWS::Events::EventBusPolicy")
    (policy,) = prod.all_of("AWS::Events::EventBusPolicy").values()
    assert text_of(policy["EventBusName"]).startswith("<EventsBus")
    statement = policy["Statement"]
    assert statement["Effect"] == "Allow"
    assert text_of(statement["Principal"]["AWS"]) == "arn:<AWS::Partition>:iam::111122223333:root"
    assert text_of(statement["Resource"]) == (
        "arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/packshot-prod/*"
    )
    assert set(statement["Action"]) == {
        f"events:{action}"
        for action in (
            "PutRule",
            "DeleteRule",
            "DescribeRule",
            "EnableRule",
            "DisableRule",
            "PutTargets",
            "RemoveTargets",
            "ListTargetsByRule",
            "TagResource",
        )
    }
    # They can neither send events, nor touch a rule of ours or of each other, nor listen to more than ours.
    assert statement["Condition"] == {
        "StringEqualsIfExists": {
            "events:creatorAccount": "${aws:PrincipalAccount}",
            "events:source": "packshot",
        }
    }


def test_each_rule_keeps_what_it_cannot_deliver(made: Synthesised) -> None:
    seen = 0
    for one in templates(made.folder):
        queues = one.all_of("AWS::SQS::Queue")
        for name, rule in one.all_of("AWS::Events::Rule").items():
            for target in rule["Targets"]:
                if "ScheduleExpression" in rule:
                    # A tick that is lost says nothing that the next one does not.
                    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0}
                    continue
                seen += 1
                queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
                assert queue in queues
                assert name in {source for policy in senders(one, queue) for source in policy}, name
    assert seen >= 2


def senders(made: Synthesised, queue: str) -> Iterator[list[str]]:
    """Rules that EventBridge may put a queue's messages for."""
    for policy in made.all_of("AWS::SQS::QueuePolicy").values():
        if policy["Queues"] != [{"Ref": queue}]:
            continue
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                assert statement["Action"] == "sqs:SendMessage"
                assert statement["Principal"] == {"Service": "events.amazonaws.com"}
                yield [statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"][0]]


def test_queues_are_encrypted_take_tls_alone_and_keep_for_two_weeks(made: Synthesised) -> None:
    for one in templates(made.folder):
        for name, queue in one.all_of("AWS::SQS::Queue").items():
            assert queue["SqsManagedSseEnabled"] is True
            assert queue["MessageRetentionPeriod"] == 14 * 86_400
            policies = one.all_of("AWS::SQS::QueuePolicy").values()
            (policy,) = (each for each in policies if each["Queues"] == [{"Ref": name}])
            refused = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
            assert refused[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
