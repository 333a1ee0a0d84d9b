"""The ports of a function, made from its environment; clients are kept for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.adapters.aws.bus import EventBus
from packshot.adapters.aws.clients import client
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.table import DynamoJobTable
from packshot.contracts.environment import RecordEnvironment
from packshot.ports import JobTable, Publish


@dataclass(frozen=True, slots=True)
class Ports:
    """What the use cases of a batch need.

    Attributes:
        files: the catalogue bucket.
        work: the work bucket.
    """

    table: JobTable
    files: S3ObjectStore
    publish: Publish
    work: S3ObjectStore


def ports_of(environment: RecordEnvironment) -> Ports:
    """The ports that an environment names."""
    return Ports(
        table=DynamoJobTable(client("dynamodb"), environment.table),
        files=S3ObjectStore(client("s3"), environment.catalogue_bucket),
        publish=EventBus(client("events"), environment.bus),
        work=work_store(environment.work_bucket),
    )


def work_store(bucket: str) -> S3ObjectStore:
    """The work bucket."""
    return S3ObjectStore(client("s3"), bucket)
