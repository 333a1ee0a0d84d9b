"""AWS in this process (moto): clients, and what the infrastructure would have made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto import mock_aws

from packshot.adapters.aws.table import DynamoJobTable
from packshot.contracts.table import INDEXES, TABLE_KEY

REGION = "eu-central-1"
BUCKET = "catalogue-of-the-tests"
TABLE = "jobs"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    with aws_here(monkeypatch) as clients:
        yield clients


@contextmanager
def aws_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """AWS in this process; gives a client of a service."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield lambda service: boto3.client(service, region_name=REGION)


def make_table(client: Any) -> DynamoJobTable:
    """The table as the infrastructure makes it: from the same data."""
    keys = [TABLE_KEY, *INDEXES]
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for key in keys
            for name in (key.partition, key.sort)
        ],
        KeySchema=_schema(TABLE_KEY.partition, TABLE_KEY.sort),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": _schema(index.partition, index.sort),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for index in INDEXES
        ],
    )
    return DynamoJobTable(client, TABLE)


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def make_bucket(client: Any, name: str = BUCKET) -> None:
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
