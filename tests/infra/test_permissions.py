"""Each role may do what its function does; every wildcard is listed here with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.node import use_packaged_node
from packshot import workflow
from tests.infra.templates import Synthesised, listed, text_of

Json = dict[str, Any]


def bucket(name: str) -> str:
    """A bucket's ARN in the pipeline's own template, or in another that imports it."""
    return rf"(<Buckets{name}\w+\.Arn>|<Packshot-(dev|prod):ExportsOutputFnGetAttBuckets{name}\w+>)"


#: Resources with a star that may stand in a policy, and why.
WILDCARDS = {
    r"\*": "X-Ray, log delivery and the account's own limits take no resource (actions below)",
    bucket("Work") + r"/batches/\*": "keys are made from batch, image and revision",
    bucket("Work") + r"/batches/results/\*": "each Map Run writes its results under its own id",
    bucket("Catalogue") + r"/(catalogue|review)/\*": "keys are made by the preset's name template",
    bucket("Catalogue") + r"/results/\*": "each batch has a folder of its own for its results",
    bucket("Uploads") + r"/manifests/\*": "any manifest may be uploaded",
    bucket("Uploads") + r"/\*": "photos beside the manifests",
    r"arn:aws:s3:::photos-of-(ours|theirs)/\*": "photos of the buckets that the settings name",
    bucket("Work") + r"/downloads/\*": "each zip that somebody asks for has a key of its own",
    bucket("Uploads") + r"/incoming/\*": "each upload has a folder of its own",
    r"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:packshot-(dev|prod)-batch:\*": (
        "an execution is named after the batch or the request that it is for"
    ),
    r"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:mapRun:packshot-(dev|prod)-batch/\*": (
        "Map Runs get their ids when they start"
    ),
    r"<FrontPage\w+\.Arn>/\*": "the page's own bucket; its files' names hold their hashes",
    r"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:packshot-(dev|prod)-batch\*": (
        "a Map's children get their names when they start"
    ),
}
#: What may be done on `*`, since AWS knows no resource for it.
WITHOUT_RESOURCE = re.compile(
    r"xray:(PutTraceSegments|PutTelemetryRecords|GetSamplingRules|GetSamplingTargets)"
    r"|lambda:GetAccountSettings"
    r"|logs:(\w+LogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)"
)
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
EVERYWHERE = {"logs:CreateLogStream", "logs:PutLogEvents"} | TRACES


@pytest.mark.parametrize("which", ["dev", "prod"])
def test_no_wildcard_that_is_not_listed(which: str, request: pytest.FixtureRequest) -> None:
    made: Synthesised = request.getfixturevalue(which)
    policies = made.all_of("AWS::IAM::Policy")
    assert len(policies) > 5
    for name, policy in policies.items():
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = listed(statement["Action"])
            assert not [action for action in actions if "*" in action], name
            for resource in map(text_of, listed(statement["Resource"])):
                if "*" not in resource:
                    continue
                assert any(re.fullmatch(known, resource) for known in WILDCARDS), (name, resource)
                if resource == "*":
                    assert all(WITHOUT_RESOURCE.fullmatch(action) for action in actions), (name, actions)


def test_no_role_has_a_managed_policy(dev: Synthesised, prod: Synthesised) -> None:
    for made in (dev, prod):
        for name, role in made.all_of("AWS::IAM::Role").items():
            assert "ManagedPolicyArns" not in role, name


PIXELS = {"s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucket"}
TABLE = {"dynamodb:GetItem", "dynamodb:PutItem"}
RECORDS = TABLE | {"dynamodb:Query", "dynamodb:BatchGetItem"}
MAY: dict[str, set[str]] = {
    **dict.fromkeys(workflow.STAGE_NAMES, PIXELS),
    # They look at the photo again, at the very version that detect has found.
    **dict.fromkeys(workflow.SEE_THE_PHOTO, PIXELS | {"s3:GetObjectVersion"}),
    "reference": PIXELS,
    "record": RECORDS
    | {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "events:PutEvents"},
    "plan": TABLE
    | PIXELS
    | {"dynamodb:Query", "s3:GetObjectVersion", "events:PutEvents", "lambda:GetAccountSettings"},
    "summarise": RECORDS | PIXELS | {"s3:DeleteObject", "events:PutEvents"},
    "close": TABLE | {"events:PutEvents"},
    "watch": {"dynamodb:Query"},
}


@pytest.mark.parametrize("name", MAY)
def test_a_function_may_do_what_it_does(name: str, dev: Synthesised) -> None:
    assert dev.actions(f"Functions{name.capitalize()}Role") == MAY[name] | EVERYWHERE


def test_only_what_fetches_reaches_the_source_buckets(synthesise: Callable[[Json], Synthesised]) -> None:
    made = synthesise({"source_buckets": "photos-of-ours"})
    for name in (*workflow.STAGE_NAMES, "record", "summarise", "close"):
        reached: dict[str, set[str]] = {}
        for one in made.statements(f"Functions{name.capitalize()}Role"):
            for resource in map(text_of, listed(one["Resource"])):
                reached.setdefault(resource, set()).update(listed(one["Action"]))
        uploads = {action for one, actions in reached.items() if "Uploads" in one for action in actions}
        others = {action for one, actions in reached.items() if "photos-of-ours" in one for action in actions}
        fetches = {"s3:GetObject", "s3:ListBucket"} if name == workflow.FETCHES else set()
        assert others == fetches, name
        assert uploads == (fetches or ({"s3:GetObjectVersion"} if name in workflow.SEE_THE_PHOTO else set()))


def test_a_state_machine_calls_its_functions_and_no_version_of_them(dev: Synthesised) -> None:
    def called(role: str) -> set[str]:
        return {
            text_of(resource)
            for one in dev.statements(role)
            if "lambda:InvokeFunction" in listed(one["Action"])
            for resource in listed(one["Resource"])
        }

    assert len(called("MachinesImageRole")) == len(workflow.STAGES) + 1
    assert len(called("MachinesBatchRole")) == len(workflow.STAGES) + 4
    assert all(one.endswith(".Arn>") for one in called("MachinesBatchRole"))
    assert "states:RedriveExecution" in dev.actions("MachinesBatchRole")
    assert "states:StartExecution" not in dev.actions("MachinesImageRole")


def test_a_map_may_read_its_items_and_write_its_results(dev: Synthesised) -> None:
    """All that CDK would grant to a role that it may add to."""
    use_packaged_node()
    from aws_cdk import App, Stack, aws_s3  # noqa: PLC0415  # jsii starts Node when it is imported
    from aws_cdk import aws_stepfunctions as sfn  # noqa: PLC0415  # as above

    work = aws_s3.Bucket(Stack(App(), "Any"), "Work")
    parts = (sfn.S3JsonItemReader(bucket=work, key="items.json"), sfn.ResultWriterV2(bucket=work))
    needed = {action for one in parts for said in one.provide_policy_statements() for action in said.actions}
    assert needed > {"s3:GetObject", "s3:PutObject"}
    on_results = {
        action
        for said in dev.statements("MachinesBatchRole")
        if any(re.search(r"/batches/(results/)?\*$", text_of(one)) for one in listed(said["Resource"]))
        for action in listed(said["Action"])
    }
    assert needed <= on_results


def test_nag_has_nothing_left_to_say(dev: Synthesised, prod: Synthesised) -> None:
    for made in (dev, prod):
        assert made.report["pluginReports"] == []


def test_nag_ends_a_synthesis_with_what_nobody_has_acknowledged(
    context: dict[str, Any], tmp_path: Path
) -> None:
    use_packaged_node()
    from aws_cdk import Stack, aws_sqs  # noqa: PLC0415  # jsii starts Node when it is imported

    from infra.application import build  # noqa: PLC0415  # as above

    app = build(context, str(tmp_path))
    stack = app.node.find_child("Packshot-dev")
    assert isinstance(stack, Stack)
    aws_sqs.Queue(stack, "PlainQueue")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    (report,) = json.loads((tmp_path / "validation-report.json").read_text("utf-8"))["pluginReports"]
    assert {one["ruleName"] for one in report["violations"]} == {"AwsSolutions-SQS3", "AwsSolutions-SQS4"}


def test_another_account_may_only_keep_its_own_rules(prod: Synthesised, dev: Synthesised) -> None:
    assert not dev.all_of("AWS::Events::EventBusPolicy")
    (policy,) = prod.all_of("AWS::Events::EventBusPolicy").values()
    statement: dict[str, Any] = policy["Statement"]
    assert "111122223333" in str(statement["Principal"])
    assert statement["Condition"]["StringEqualsIfExists"] == {
        "events:creatorAccount": "${aws:PrincipalAccount}",
        "events:source": "packshot",
    }
    assert not [action for action in statement["Action"] if "*" in action]
