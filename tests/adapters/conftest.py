"""One suite for both sides of each port: every test runs on the folder and on AWS (moto, in process)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from packshot.adapters.aws.bundle_workspace import BundleWorkspace
from packshot.adapters.aws.bus import EventBus
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.workspace import S3Workspace
from packshot.adapters.local.database import Database
from packshot.adapters.local.events import EventLog
from packshot.adapters.local.files import FolderStore
from packshot.adapters.local.table import SqliteJobTable
from packshot.adapters.local.workspace import FolderWorkspace
from packshot.ports import JobTable, ObjectStore, Publish
from packshot.stages.workspace import MemoryWorkspace, Workspace
from tests.aws import BUCKET, aws, make_bucket, make_table

__all__ = ["aws"]

BUS = "packshot"
WORK = "work-of-the-tests"


@pytest.fixture(params=["local", "aws"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "local":
        return FolderStore(tmp_path / "out")
    client = request.getfixturevalue("aws")("s3")
    make_bucket(client)
    return S3ObjectStore(client, BUCKET, "some/prefix/")


@pytest.fixture(params=["local", "aws"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JobTable]:
    if request.param == "local":
        database = Database(tmp_path / "jobs.sqlite")
        yield SqliteJobTable(database)
        database.close()
    else:
        yield make_table(request.getfixturevalue("aws")("dynamodb"))


@dataclass(frozen=True)
class Publishing:
    """A publish function, and what consumers have got from it so far."""

    publish: Publish
    arrived: Callable[[], list[dict[str, Any]]]
    keeps_ids_apart: bool


@pytest.fixture(params=["local", "aws"])
def publishing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Publishing]:
    if request.param == "local":
        database = Database(tmp_path / "jobs.sqlite")
        log = EventLog(database, tmp_path / "events.jsonl")

        def lines() -> list[dict[str, Any]]:
            log.flush()
            return [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]

        yield Publishing(log.publish, lines, keeps_ids_apart=True)
        database.close()
    else:
        yield _bus_with_queue(request.getfixturevalue("aws"))


def _bus_with_queue(aws: Callable[[str], Any]) -> Publishing:
    events, sqs = aws("events"), aws("sqs")
    events.create_event_bus(Name=BUS)
    url = sqs.create_queue(QueueName="consumer")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": ["packshot"]}))
    events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    got: list[dict[str, Any]] = []

    def messages() -> list[dict[str, Any]]:
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            got.extend(json.loads(message["Body"]) for message in found)
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return got

    return Publishing(EventBus(events, BUS), messages, keeps_ids_apart=False)


@dataclass(frozen=True)
class WorkspaceKind:
    """A fresh workspace, and a second look at the same place as another process would have it."""

    first: Workspace
    again: Workspace


@dataclass(frozen=True)
class Bundled:
    """The other process comes after this one has left its bundle, and is told where things lie in it."""

    client: Any
    first: BundleWorkspace

    @property
    def again(self) -> Workspace:
        return BundleWorkspace(self.client, WORK, "batch/image/", self.first.leave("detect"))


@pytest.fixture(params=["memory", "folder", "s3", "bundle"])
def workspaces(request: pytest.FixtureRequest, tmp_path: Path) -> WorkspaceKind | Bundled:
    if request.param == "memory":
        memory = MemoryWorkspace()
        return WorkspaceKind(memory, memory)
    if request.param == "folder":
        return WorkspaceKind(FolderWorkspace(tmp_path / "work"), FolderWorkspace(tmp_path / "work"))
    client = request.getfixturevalue("aws")("s3")
    make_bucket(client, WORK)
    if request.param == "bundle":
        return Bundled(client, BundleWorkspace(client, WORK, "batch/image/"))
    return WorkspaceKind(S3Workspace(client, WORK, "batch/image/"), S3Workspace(client, WORK, "batch/image/"))
