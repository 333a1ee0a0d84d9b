"""The deployed stack in a test's hands: what goes in, what runs, what comes out."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import boto3

from packshot.adapters.aws.table import DynamoJobTable
from packshot.batches.summarise import all_images
from packshot.contracts.records import BatchRecord, ImageRecord
from packshot.contracts.work_keys import CATALOGUE, REVIEW
from tests.aws import REGION
from tests.deployed import rules
from tests.deployed.faults import Faults
from tests.deployed.workers import Workers
from tests.event_check import fits

Json = dict[str, Any]
#: Seconds after which an execution is stuck.
_PATIENCE_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """A version of an object in the upload bucket."""

    key: str
    version_id: str
    size: int


class Execution:
    """An execution of the batch machine."""

    def __init__(self, stack: DeployedStack, arn: str) -> None:
        self._stack = stack
        self.arn = arn

    def described(self) -> Json:
        found: Json = self._stack.states.describe_execution(executionArn=self.arn)
        return found

    def wait(self) -> Json:
        """Waits for its end, which Step Functions then tells on the default bus; returns its description."""
        end = time.monotonic() + _PATIENCE_S
        while (found := self.described())["status"] == "RUNNING":
            assert time.monotonic() < end, f"{self.arn} does not end"
            time.sleep(0.02)
        self._stack.deliver(rules.execution_ended(found))
        return found

    def stop(self) -> None:
        self._stack.states.stop_execution(executionArn=self.arn)

    @property
    def output(self) -> Json:
        found: Json = json.loads(self.described()["output"])
        return found


@dataclass
class DeployedStack:
    """The stack, made; names are those that CloudFormation gave."""

    outputs: dict[str, str]
    ids: dict[str, str]
    workers: Workers
    queue: str

    def __post_init__(self) -> None:
        self.s3 = boto3.client("s3", REGION)
        self.states = boto3.client("stepfunctions", REGION)
        self.uploads = self.outputs["UploadBucket"]
        self.work = self.outputs["WorkBucket"]
        self.catalogue = self.outputs["CatalogueBucket"]
        self.table = DynamoJobTable(boto3.client("dynamodb", REGION), self.outputs["JobTable"])

    @property
    def faults(self) -> Faults:
        return self.workers.faults

    def put(self, key: str, data: bytes, bucket: str | None = None, **metadata: str) -> Upload:
        answer = self.s3.put_object(Bucket=bucket or self.uploads, Key=key, Body=data, Metadata=metadata)
        return Upload(key, answer.get("VersionId", ""), len(data))

    def started(self, upload: Upload) -> list[Execution]:
        """Executions that the event of an upload starts."""
        return self.deliver(rules.object_created(self.uploads, upload.key, upload.version_id, upload.size))

    def deliver(self, event: Json) -> list[Execution]:
        """Gives an event of the default bus to the targets of the rules that it fits."""
        begun = []
        for one in rules.deliveries(event):
            if ":stateMachine:" in one.arn:
                answer = self.states.start_execution(
                    stateMachineArn=one.arn, name=str(uuid.uuid4()), input=one.text
                )
                begun.append(Execution(self, answer["executionArn"]))
            else:
                self.workers.call(one.arn.rsplit(":", 1)[-1], one.text.encode())
        return begun

    def run(self, key: str, data: bytes, **metadata: str) -> Execution:
        """Uploads a manifest and waits for its execution's end."""
        (execution,) = self.started(self.put(key, data, **metadata))
        execution.wait()
        return execution

    def redriven(self, execution: Execution) -> Execution:
        """The execution gone on with, where it stopped: in its Map, or behind it.

        moto knows no redrive. A second machine stands for it, that begins behind `plan` and works on all
        images: more than a redrive would, which passes over children that have succeeded.
        """
        described = execution.described()
        machine = self.states.describe_state_machine(stateMachineArn=described["stateMachineArn"])
        definition = json.loads(machine["definition"]) | {"StartAt": "Planned?"}
        history = self.states.get_execution_history(executionArn=execution.arn)["events"]
        (planned,) = (
            one["stateExitedEventDetails"]["output"]
            for one in history
            if one.get("stateExitedEventDetails", {}).get("name") == "plan"
        )
        made = self.states.create_state_machine(
            name=f"redrive-{uuid.uuid4().hex[:8]}",
            definition=json.dumps(definition),
            roleArn=machine["roleArn"],
        )
        begun = self.states.start_execution(
            stateMachineArn=made["stateMachineArn"], name=str(uuid.uuid4()), input=planned
        )
        return Execution(self, begun["executionArn"])

    def batch(self) -> BatchRecord:
        """The only batch."""
        (found,) = self.table.batches().items
        return found

    def records(self) -> list[ImageRecord]:
        """Newest revisions of the only batch's images, by image_id."""
        return list(all_images(self.table, self.batch().batch_id))

    def by_sku(self) -> dict[str, ImageRecord]:
        found = {record.sku_id: record for record in self.records()}
        assert len(found) == len(self.records())
        return found

    def pictures(self) -> dict[str, bytes]:
        """All files under catalogue/ and review/."""
        return {
            key: self.s3.get_object(Bucket=self.catalogue, Key=key)["Body"].read()
            for prefix in (CATALOGUE, REVIEW)
            for key in self._keys(self.catalogue, prefix)
        }

    def work_keys(self) -> list[str]:
        return list(self._keys(self.work, ""))

    def events(self) -> list[Json]:
        """What a consumer of the bus has received since the last call, by time."""
        sqs = boto3.client("sqs", REGION)
        found: list[Json] = []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for one in messages:
                found.append(fits(json.loads(one["Body"])))
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])
        return sorted(found, key=lambda event: str(event["detail"]["metadata"]["occurred_at"]))

    def said(self) -> Counter[str]:
        """How many different events of each kind a consumer has received since the last call."""
        distinct = {event["detail"]["metadata"]["event_id"]: event["detail-type"] for event in self.events()}
        return Counter(distinct.values())

    def emptied(self) -> DeployedStack:
        """The stack as it is after `cdk deploy`."""
        for bucket in self.s3.list_buckets()["Buckets"]:
            pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"])
            for page in pages:
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    self.s3.delete_object(Bucket=bucket["Name"], Key=one["Key"], VersionId=one["VersionId"])
        dynamo = boto3.client("dynamodb", REGION)
        name = self.outputs["JobTable"]
        for page in dynamo.get_paginator("scan").paginate(TableName=name):
            for item in page["Items"]:
                dynamo.delete_item(TableName=name, Key={key: item[key] for key in ("pk", "sk")})
        self.events()
        self.faults.waiting.clear()
        self.workers.calls.clear()
        return self

    def _keys(self, bucket: str, prefix: str) -> Iterator[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            yield from (one["Key"] for one in page.get("Contents", ()))
