"""What moto 5.2 needs to run the deployed pipeline; nothing of it goes into the product.

- Its CloudFormation makes state machines in a backend that does not execute: pointed at the one that does.
- Its functions answer a constant: `LambdaSimpleBackend.invoke`, the one way into a function, is replaced.
- Its interpreter makes a boto client for each state (12 ms): one per service is kept.
- Its event bus has no physical id, so that a `Ref` to it would be an object instead of a name.
- Its executions begin at a microsecond, Step Functions' at a millisecond, which their status change tells.
- Its CloudFormation passes over versioning of buckets: it is set as the template says.
- It knows no limits of an account: `workers.py` answers for Lambda, with a young account's ten places.
"""

from __future__ import annotations

import contextlib
import json
import re
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from unittest import mock

import boto3
import moto.stepfunctions.models as executing_nothing
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.events.models import EventBus
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import (
    resource_eval_s3 as reader,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import (
    resource_eval_s3 as writer,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils as task
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.aws import REGION
from tests.deployed.rewrites import NOT_MADE

Json = dict[str, Any]
#: A function's name and its event's bytes -> its answer, and what Lambda says of a failure, or None.
Invoke = Callable[[str, bytes], tuple[bytes, str | None]]


@contextlib.contextmanager
def aws(invoke: Invoke) -> Iterator[None]:
    """AWS in this process, whose state machines run and whose functions are `invoke`."""

    def called(_: Any, name: str, __: Any, body: Any, ___: Any, headers: Json) -> bytes:
        answer, error = invoke(name.rsplit(":", 1)[-1], body if isinstance(body, bytes) else body.encode())
        if error is not None:
            headers["x-amz-function-error"] = error
        return answer

    options: Any = {"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}}
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "testing")
    with contextlib.ExitStack() as undone:
        enter = undone.enter_context
        enter(mock.patch.dict("os.environ", {**keys, "AWS_DEFAULT_REGION": REGION}))
        enter(mock.patch.object(executing_nothing, "stepfunctions_backends", stepfunctions_parser_backends))
        enter(mock.patch.object(LambdaSimpleBackend, "invoke", called))
        enter(mock.patch.object(EventBus, "physical_resource_id", property(_name), create=True))
        enter(mock.patch.object(Execution, "get_start_execution_details", _to_the_millisecond()))
        for module in (reader, writer, task):
            enter(mock.patch.object(module, "boto_client_for", _kept()))
        enter(mock_aws(config=options))
        yield


def deploy(template: Json, name: str) -> dict[str, str]:
    """Makes the stack; returns physical ids by logical id."""
    # The bootstrap's version is a parameter that CloudFormation looks up.
    boto3.client("ssm", REGION).put_parameter(
        Name=template["Parameters"]["BootstrapVersion"]["Default"], Value="30", Type="String"
    )
    formation = boto3.client("cloudformation", REGION)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        formation.create_stack(
            StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
    not_made = {kind for one in told for kind in re.findall(r"AWS::\w+::\w+", str(one.message))}
    assert not_made == set(NOT_MADE)
    (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    listed = formation.get_paginator("list_stack_resources").paginate(StackName=name)
    found = [one for page in listed for one in page["StackResourceSummaries"]]
    ids = {one["LogicalResourceId"]: one.get("PhysicalResourceId", "").strip() for one in found}
    s3 = boto3.client("s3", REGION)
    for logical, resource in template["Resources"].items():
        versioning = resource.get("Properties", {}).get("VersioningConfiguration")
        if resource["Type"] == "AWS::S3::Bucket" and versioning is not None:
            s3.put_bucket_versioning(Bucket=ids[logical], VersioningConfiguration=versioning)
    return ids


def _name(bus: EventBus) -> str:
    return str(bus.name)


def _to_the_millisecond() -> Callable[[Execution], Any]:
    make = Execution.get_start_execution_details

    def details(execution: Execution) -> Any:
        made: Any = make(execution)
        made.start_time = execution.start_date.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return made

    return details


def _kept() -> Callable[..., Any]:
    make = boto_client.boto_client_for

    @lru_cache(maxsize=8)
    def kept(region: str, service: str) -> Any:
        return make(region, service)

    def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        return kept(region, service)

    return client_for
