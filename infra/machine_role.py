"""The role of a state machine, written out: CDK's own would add every version of each function and bucket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.grants import TRACES, Grant, Grants, objects, read_work, write_work
from packshot.contracts.work_keys import RESULTS

#: What writing logs asks of a state machine's role.
_LOG_DELIVERY: Final = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
_LOGS: Final = Grant(_LOG_DELIVERY, ("*",), ("*",), "Step Functions' log delivery takes no resource.")
_SAMPLING: Final = Grant(
    ("xray:GetSamplingRules", "xray:GetSamplingTargets"), ("*",), ("*",), "X-Ray's actions take no resource."
)


def machine_role(
    scope: Construct,
    name: str,
    machine_name: str,
    functions: Sequence[lambda_.IFunction],
    work: s3.IBucket | None,
) -> iam.IRole:
    """A role that CDK adds nothing to.

    Args:
        scope: where it stands.
        name: of the machine's construct.
        machine_name: as deployed; the machine's ARN is written from it, since the role comes first.
        functions: that it calls.
        work: the bucket of its Maps' items and results; None without a Map.
    """
    role = iam.Role(
        scope,
        f"{name}Role",
        assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
        description=f"Of the state machine {machine_name}",
    )
    calls = Grant(("lambda:InvokeFunction",), tuple(one.function_arn for one in functions))
    maps = () if work is None else (*_lists(work), *_maps(scope, machine_name))
    for grant in (calls, TRACES, _SAMPLING, _LOGS, *maps):
        grant.give(role)
    return role.without_policy_updates()


def _lists(work: s3.IBucket) -> Grants:
    """Reading a Map's items, and writing what became of them: long results are uploads in parts."""
    return [*read_work(work), *write_work(work), objects(work, ("s3:ListMultipartUploadParts",), (RESULTS,))]


def _maps(scope: Construct, machine_name: str) -> Grants:
    """Starting the children of a Distributed Map, and starting them again on a redrive."""
    stack = Stack.of(scope)

    def arn(resource: str, name: str) -> str:
        return stack.format_arn(
            service="states", resource=resource, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )

    executions = arn("execution", f"{machine_name}*")
    shown = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:" + f"{machine_name}*"
    return [
        Grant(("states:StartExecution",), (arn("stateMachine", machine_name),)),
        Grant(
            ("states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"),
            (executions,),
            (shown,),
            "A Map's children get their names when they start: <machine>/<map run>:<child>.",
        ),
    ]
