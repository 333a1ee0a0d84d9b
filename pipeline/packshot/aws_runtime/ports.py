"""The ports of a function, made from its environment; clients are kept for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from packshot.adapters.aws.bus import EventBus
from packshot.adapters.aws.clients import client
from packshot.adapters.aws.documents import DynamoDocuments
from packshot.adapters.aws.objects import S3ObjectStore
from packshot.adapters.aws.table import DynamoJobTable
from packshot.aws_runtime.counting import counted
from packshot.contracts.environment import RecordEnvironment
from packshot.ports import Documents, JobTable, Publish


@dataclass(frozen=True, slots=True)
class Ports:
    """What the use cases of a batch need.

    Attributes:
        files: the catalogue bucket.
        work: the work bucket.
        s3: the client behind both, for what is done inside S3.
        catalogue_bucket, work_bucket: their names.
    """

    table: JobTable
    files: S3ObjectStore
    publish: Publish
    documents: Documents
    work: S3ObjectStore
    s3: Any
    catalogue_bucket: str
    work_bucket: str


def ports_of(environment: RecordEnvironment, region: str | None = None) -> Ports:
    """The ports that an environment names; `region` is None for the process's own."""
    # Spelled as elsewhere: clients are kept by the words that they are asked for.
    where = () if region is None else (region,)
    s3 = client("s3", *where)
    dynamodb = client("dynamodb", *where)
    return Ports(
        table=DynamoJobTable(dynamodb, environment.table),
        documents=DynamoDocuments(dynamodb, environment.table),
        files=S3ObjectStore(s3, environment.catalogue_bucket),
        publish=counted(EventBus(client("events", *where), environment.bus)),
        work=S3ObjectStore(s3, environment.work_bucket),
        s3=s3,
        catalogue_bucket=environment.catalogue_bucket,
        work_bucket=environment.work_bucket,
    )


def work_store(bucket: str) -> S3ObjectStore:
    """The work bucket."""
    return S3ObjectStore(client("s3"), bucket)
