"""A stack's services in this process, and handlers that are started as Lambda starts them."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from packshot.adapters.aws.clients import client
from packshot.adapters.aws.table import DynamoJobTable
from packshot.aws_runtime.batch import batch_settings
from packshot.contracts.environment import FusedEnvironment, PlanEnvironment
from tests.aws import REGION, TABLE, aws, make_bucket, make_table
from tests.event_check import fits

__all__ = ["aws"]

UPLOADS, WORK, CATALOGUE, BUS = "uploads-here", "work-here", "catalogue-here", "bus-here"
STARTED = "2026-03-01T12:00:00.250Z"
Json = dict[str, Any]


@dataclass
class Stack:
    """Buckets, table and bus; `call` runs a function's handler."""

    s3: Any
    sqs: Any
    table: DynamoJobTable
    queue: str
    modules: dict[str, Any] = field(default_factory=dict)

    def call(self, function: str, event: Json) -> Json:
        if function not in self.modules:
            self.modules[function] = importlib.import_module(f"containers.{function}.handler")
        # As through Lambda: what goes in and out is JSON.
        answer = self.modules[function].handler(json.loads(json.dumps(event)), Context())
        out: Json = json.loads(json.dumps(answer))
        return out

    def upload(self, key: str, data: bytes, **metadata: str) -> Json:
        version = self.s3.put_object(Bucket=UPLOADS, Key=key, Body=data, Metadata=metadata)["VersionId"]
        return {"bucket": UPLOADS, "key": key, "version_id": version, "started_at": STARTED}

    def said(self) -> list[str]:
        """Kinds of the events since the last call, in order."""
        return sorted(body["detail-type"] for body in self.told())

    def told(self) -> list[Json]:
        """The events since the last call, as consumers get them, each checked against its schema."""
        found: list[Json] = []
        while messages := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for one in messages:
                found.append(fits(json.loads(one["Body"])))
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])
        return found

    def items(self, key: str) -> list[Json]:
        found: list[Json] = json.loads(self.s3.get_object(Bucket=WORK, Key=key)["Body"].read())
        return found


class Context:
    """Lambda's."""

    def get_remaining_time_in_millis(self) -> int:
        return 200_000


@pytest.fixture
def stack(aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    with services(aws, monkeypatch) as made:
        yield made


@contextmanager
def services(aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The stack's services, with what its functions' environment says of them."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    names: dict[str, str] = {"work_bucket": WORK, "catalogue_bucket": CATALOGUE, "table": TABLE, "bus": BUS}
    names["deployment"] = "packshot-dev"  # handlers read it once in a process
    told = FusedEnvironment(**names, upload_bucket=UPLOADS).variables()
    told |= PlanEnvironment(**names, images_per_item=1, concurrency=200).variables()
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    for cache in (client, batch_settings):
        cache.cache_clear()
    s3 = aws("s3")
    for bucket in (UPLOADS, WORK, CATALOGUE):
        make_bucket(s3, bucket)
    sqs, events = aws("sqs"), aws("events")
    queue = sqs.create_queue(QueueName="said")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name=BUS)
    pattern = json.dumps({"source": ["packshot"]})
    events.put_rule(Name="all", EventBusName=BUS, EventPattern=pattern)
    events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    yield Stack(s3, sqs, make_table(aws("dynamodb")), queue)
    for cache in (client, batch_settings):
        cache.cache_clear()


def later(seconds: int) -> str:
    return (dt.datetime.fromisoformat(STARTED) + dt.timedelta(seconds=seconds)).isoformat()
