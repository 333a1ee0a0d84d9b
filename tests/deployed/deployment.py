"""From a synthesised template to a stack that runs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3

from packshot.contracts.events import SOURCE
from tests.aws import REGION
from tests.deployed import moto_adapter
from tests.deployed.resolving import resolve
from tests.deployed.rewrites import Rewrite, for_moto, of_batch, of_image
from tests.deployed.stack import DeployedStack
from tests.deployed.workers import Function, Workers

Json = dict[str, Any]
NAME = "Packshot-dev"


@contextlib.contextmanager
def deployed(
    template: Json, way: str, *, processes: int, task_root: Path, others: tuple[str, ...] = ()
) -> Iterator[DeployedStack]:
    """The stack of a template, with worker processes behind its functions.

    Args:
        template: as synthesised.
        way: staged or fused.
        processes: of each image target, at most; a Map that works on more at once would wait for them.
        task_root: where the images have the background networks of their own.
        others: buckets that exist in the account besides.
    """
    workers: list[Workers] = []

    def invoke(name: str, event: bytes) -> tuple[bytes, str | None]:
        return workers[0].call(name, event)

    with moto_adapter.aws(invoke):
        ids = moto_adapter.deploy(for_moto(template, rewrites_of(way)), NAME)
        workers.append(Workers(functions(template, ids, task_root), processes))
        s3 = boto3.client("s3", REGION)
        for name in others:
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        # Those for people; exports are other stacks'.
        told = {name: one for name, one in template["Outputs"].items() if "Export" not in one}
        outputs = {name: one["Value"] for name, one in told.items()}
        resolved = resolve(outputs, ids, types_of(template))
        yield DeployedStack(resolved, ids, workers[0], _consumer(resolved["EventBus"]))
        workers[0].close()


def rewrites_of(way: str) -> dict[str, tuple[Rewrite, ...]]:
    """The rewrites of each machine, by a part of its logical id."""
    return {"MachinesBatch": of_batch(way), "MachinesImage": of_image()}


def types_of(template: Json) -> dict[str, str]:
    """Resource types by logical id."""
    return {name: one["Type"] for name, one in template["Resources"].items()}


def functions(template: Json, ids: dict[str, str], task_root: Path) -> dict[str, Function]:
    """The template's functions, by their physical names."""
    types = types_of(template)
    read = ("Code", "Environment", "ImageConfig", "MemorySize", "Timeout")
    made = {
        name: resolve({key: one["Properties"][key] for key in read}, ids, types)
        for name, one in template["Resources"].items()
        if one["Type"] == "AWS::Lambda::Function"
    }
    found = {}
    vision = {_image(one) for one in made.values() if "containers.reference." in _command(one)}
    for name, one in made.items():
        found[ids[name]] = Function(
            ids[name],
            "vision" if _image(one) in vision else "service",
            _command(one),
            one["Environment"]["Variables"],
            one["Timeout"],
            one["MemorySize"],
            task_root,
        )
    return found


def _command(function: Json) -> str:
    (command,) = function["ImageConfig"]["Command"]
    return str(command)


def _image(function: Json) -> str:
    return str(function["Code"]["ImageUri"]).rsplit(":", 1)[-1]


def _consumer(bus: str) -> str:
    """A consumer of all that is said on the bus: a rule with a queue; returns the queue's address."""
    sqs, events = boto3.client("sqs", REGION), boto3.client("events", REGION)
    queue = sqs.create_queue(QueueName="consumer")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventBusName=bus, EventPattern=json.dumps({"source": [SOURCE]}))
    events.put_targets(Rule="all", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    return str(queue)
