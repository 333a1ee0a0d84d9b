"""The synthesised stack as containers see it: its functions, with an AWS in this process behind them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3

from packshot.adapters.aws.table import DynamoJobTable
from packshot.contracts.events import SOURCE
from tests.aws import REGION, TABLE, make_bucket, make_table
from tests.containers.function import Deployed
from tests.deployed.resolving import resolve
from tests.infra.templates import Synthesised

_KEYS: Final = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")

Json = dict[str, Any]


@dataclass(frozen=True)
class Cloud:
    """S3, DynamoDB, EventBridge and SQS behind one address.

    Attributes:
        address: for this process.
        queue: gets all that is said on the bus.
        ids: physical ids of the template's resources by logical id.
    """

    address: str
    ids: dict[str, str]
    queue: str

    def client(self, service: str) -> Any:
        """A client of this cloud."""
        return client(self.address, service)

    def bucket(self, part: str) -> str:
        """The bucket whose logical id holds `part`."""
        (found,) = (one for name, one in self.ids.items() if name.startswith(f"Buckets{part}"))
        return found

    @property
    def table(self) -> DynamoJobTable:
        """The job table."""
        return DynamoJobTable(self.client("dynamodb"), TABLE)

    def variables(self, host: str) -> dict[str, str]:
        """What a container needs to find it."""
        return {**_KEYS, "AWS_ENDPOINT_URL": self.address.replace("127.0.0.1", host)}

    def upload(self, key: str, data: bytes) -> Json:
        """Puts an object into the upload bucket; returns the event that the batch starts with."""
        bucket = self.bucket("Uploads")
        version = self.client("s3").put_object(Bucket=bucket, Key=key, Body=data)["VersionId"]
        return {"bucket": bucket, "key": key, "version_id": version, "started_at": "2026-03-01T12:00:00.250Z"}

    def contents(self) -> dict[str, bytes]:
        """All that lies in the catalogue bucket."""
        s3, bucket = self.client("s3"), self.bucket("Catalogue")
        listed = s3.list_objects_v2(Bucket=bucket).get("Contents", ())
        return {one["Key"]: s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read() for one in listed}

    def said(self) -> list[str]:
        """Kinds of the events since the last call, sorted."""
        sqs, found = self.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for one in messages:
                found.append(str(json.loads(one["Body"])["detail-type"]))
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])
        return sorted(found)


def client(address: str, service: str) -> Any:
    """A client of a service behind an address."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service by its name
        region_name=REGION,
        endpoint_url=address,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106  # moto asks for some
    )


def make_cloud(address: str, made: Synthesised) -> Cloud:
    """Makes the template's buckets, its table and its bus."""
    ids = {name: name.lower() for name in made.all_of("AWS::S3::Bucket")}
    for bucket in ids.values():
        make_bucket(client(address, "s3"), bucket)
    make_table(client(address, "dynamodb"))
    ids |= dict.fromkeys(made.all_of("AWS::DynamoDB::Table"), TABLE)
    sqs, events = client(address, "sqs"), client(address, "events")
    queue = sqs.create_queue(QueueName="consumer")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    for name, one in made.all_of("AWS::Events::EventBus").items():
        ids[name] = bus = one["Name"]
        events.create_event_bus(Name=bus)
        events.put_rule(Name="all", EventBusName=bus, EventPattern=json.dumps({"source": [SOURCE]}))
        events.put_targets(Rule="all", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    return Cloud(address, ids, queue)


@dataclass(frozen=True, slots=True)
class ImageAsset:
    """What CDK would build: a folder, a target of the Dockerfile in it."""

    target: str
    folder: Path
    dockerfile: Path


def image_assets(made: Synthesised) -> dict[str, ImageAsset]:
    """The assembly's images by their tag."""
    listed = [json.loads(file.read_text("utf-8")) for file in made.folder.glob("*.assets.json")]
    found = {}
    for tag, one in ((tag, one) for assets in listed for tag, one in assets["dockerImages"].items()):
        source = one["source"]
        folder = made.folder / source["directory"]
        found[tag] = ImageAsset(source["dockerBuildTarget"], folder, folder / source["dockerFile"])
    return found


def functions(made: Synthesised, ids: dict[str, str], images: dict[str, str]) -> dict[str, Deployed]:
    """The template's functions by the name of their step, as `containers.<name>.handler.handler` has it.

    Args:
        made: the synthesised stack.
        ids: physical ids of its resources by logical id.
        images: tags of the built images, by target.
    """
    targets = {tag: asset.target for tag, asset in image_assets(made).items()}
    types = {name: one["Type"] for name, one in made.template["Resources"].items()}
    found = {}
    for facts in made.all_of("AWS::Lambda::Function").values():
        if facts.get("PackageType") != "Image":
            continue
        command = tuple(facts["ImageConfig"]["Command"])
        name = command[0].split(".")[1]
        tag = str(resolve(facts["Code"]["ImageUri"], ids, types)).rsplit(":", 1)[-1]
        found[name] = Deployed(
            name=name,
            image=images[targets[tag]],
            command=command,
            environment=resolve(facts["Environment"]["Variables"], ids, types),
            memory_mb=facts["MemorySize"],
            timeout_s=facts["Timeout"],
            disk_mb=facts["EphemeralStorage"]["Size"],
        )
    return found
