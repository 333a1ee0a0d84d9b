"""EventBridge's default bus: rules of the stack, their patterns, and what a target is given."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from moto.events.models import EventPattern

from tests.aws import REGION
from tests.deployed.resolving import ACCOUNT

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A target's ARN and the input that the rule builds for it."""

    arn: str
    text: str


def deliveries(event: Json) -> Iterator[Delivery]:
    """What the deployed rules make of an event."""
    events = boto3.client("events", REGION)
    for rule in events.list_rules()["Rules"]:
        if rule["State"] != "ENABLED" or not _fits(rule["EventPattern"], event):
            continue
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            yield Delivery(target["Arn"], _input(target, event))


def object_created(bucket: str, key: str, version_id: str, size: int) -> Json:
    """What S3 says of a new object; the key is as it is, not encoded as in S3's other notifications."""
    stored = {"key": key, "size": size, "etag": "0" * 32, "version-id": version_id, "sequencer": "00"}
    detail = {"version": "0", "bucket": {"name": bucket}, "object": stored, "reason": "PutObject"}
    return _event("aws.s3", "Object Created", f"arn:aws:s3:::{bucket}", detail)


def execution_ended(described: Json) -> Json:
    """What Step Functions says of an execution's end."""
    detail = {
        "executionArn": described["executionArn"],
        "stateMachineArn": described["stateMachineArn"],
        "name": described["name"],
        "status": described["status"],
        "startDate": _millis(described["startDate"]),
        "stopDate": _millis(described["stopDate"]),
        "input": described["input"],
        "output": described.get("output"),
        "error": described.get("error"),
        "cause": described.get("cause"),
    }
    kind = "Step Functions Execution Status Change"
    return _event("aws.states", kind, described["executionArn"], detail)


def _fits(pattern: str, event: Any) -> bool:
    return EventPattern.load(pattern).matches_event(event)


def _event(source: str, kind: str, resource: str, detail: Json) -> Json:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [resource],
        "detail": detail,
    }


def _input(target: Json, event: Json) -> str:
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)

    def value(found: re.Match[str]) -> str:
        place: Any = event
        for name in transformer["InputPathsMap"][found[1]].removeprefix("$.").split("."):
            place = place[name]
        # A text is put there in quotes, and escaped.
        return json.dumps(place, ensure_ascii=False)

    return re.sub(r"<([\w-]+)>", value, transformer["InputTemplate"])


def _millis(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
