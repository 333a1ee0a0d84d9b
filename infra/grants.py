"""What functions may do, each wildcard with its reason. Prefixes, never whole buckets where one will do.

`s3:ListBucket` is what makes S3 answer "not there" instead of "denied" for a key that does not exist; the
adapters tell the two apart. It can't be bound to a prefix for that: a HEAD request carries none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.acknowledgements import accept
from packshot.contracts.table import QUEUE_INDEX, SKU_INDEX
from packshot.contracts.work_keys import BATCHES, CATALOGUE, MANIFESTS, REPORTS, REVIEW


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on resources; `wildcards` are those of them that end in a star, as cdk-nag writes them."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    wildcards: tuple[str, ...] = ()
    reason: str = ""

    def give(self, role: iam.Role) -> None:
        """Adds it to a role, and says why its wildcards stand."""
        role.add_to_policy(iam.PolicyStatement(actions=list(self.actions), resources=list(self.resources)))
        for resource in self.wildcards:
            accept(role, f"AwsSolutions-IAM5[Resource::{resource}]", self.reason)


Grants = Sequence[Grant]

#: X-Ray has no resources to name; AWS's service reference says so.
TRACES = Grant(
    ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    ("*",),
    ("*",),
    "X-Ray's actions take no resource.",
)


def read_work(work: s3.IBucket) -> Grants:
    """What earlier steps left."""
    return [_objects(work, ("s3:GetObject",), (BATCHES,)), _listed(work)]


def write_work(work: s3.IBucket) -> Grants:
    """Leaving something for later steps."""
    return [_objects(work, ("s3:PutObject", "s3:AbortMultipartUpload"), (BATCHES,))]


def read_sources(uploads: s3.IBucket, others: tuple[str, ...]) -> Grants:
    """Photos: those beside uploaded manifests, and those of the buckets that the settings allow."""
    arns = [f"arn:aws:s3:::{name}" for name in others]
    buckets = (uploads.bucket_arn, *arns)
    return [
        Grant(
            ("s3:GetObject",),
            tuple(f"{arn}/*" for arn in buckets),
            (f"<{_logical_id(uploads)}.Arn>/*", *(f"{arn}/*" for arn in arns)),
            "Which photos a manifest names is known only when it comes; the buckets are named one by one.",
        ),
        Grant(("s3:ListBucket",), buckets),
    ]


def read_manifests(uploads: s3.IBucket) -> Grants:
    """The version of the manifest that the event named, and the options beside it."""
    return [_objects(uploads, ("s3:GetObject", "s3:GetObjectVersion"), (MANIFESTS,)), _listed(uploads)]


def deliver(catalogue: s3.IBucket) -> Grants:
    """Putting finished pictures into their folders, and removing those that they replace."""
    actions = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    return [_objects(catalogue, actions, (CATALOGUE, REVIEW)), _listed(catalogue)]


def tidy(catalogue: s3.IBucket) -> Grants:
    """Removing what an unfinished delivery left."""
    return [_objects(catalogue, ("s3:GetObject", "s3:DeleteObject"), (CATALOGUE, REVIEW)), _listed(catalogue)]


def report(catalogue: s3.IBucket) -> Grants:
    """The batch's results beside the pictures, put together inside S3."""
    return [_objects(catalogue, ("s3:PutObject", "s3:AbortMultipartUpload"), (REPORTS,))]


def batch_items(table: dynamodb.ITable) -> Grants:
    """Single items: batches, and records by their key."""
    return [Grant(("dynamodb:GetItem", "dynamodb:PutItem"), (table.table_arn,))]


def look_up(table: dynamodb.ITable) -> Grants:
    """Batches, and a batch's records: which of them failed."""
    return [*batch_items(table), Grant(("dynamodb:Query",), (table.table_arn,))]


def records(table: dynamodb.ITable) -> Grants:
    """Records, and who else stands under an SKU's names."""
    index = f"{table.table_arn}/index/{SKU_INDEX.name}"
    return [
        *batch_items(table),
        Grant(("dynamodb:BatchGetItem",), (table.table_arn,)),
        Grant(("dynamodb:Query",), (table.table_arn, index)),
    ]


def review_queue(table: dynamodb.ITable) -> Grants:
    """Counting what waits for a person, without reading it."""
    return [Grant(("dynamodb:Query",), (f"{table.table_arn}/index/{QUEUE_INDEX.name}",))]


def publish(bus: events.IEventBus) -> Grants:
    """Saying it on the bus."""
    return [Grant(("events:PutEvents",), (bus.event_bus_arn,))]


def _objects(bucket: s3.IBucket, actions: tuple[str, ...], prefixes: tuple[str, ...]) -> Grant:
    return Grant(
        actions,
        tuple(bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes),
        tuple(f"<{_logical_id(bucket)}.Arn>/{prefix}*" for prefix in prefixes),
        "Keys below this prefix are made from batch, image and preset; they can't be listed beforehand.",
    )


def _listed(bucket: s3.IBucket) -> Grant:
    return Grant(("s3:ListBucket",), (bucket.bucket_arn,))


def _logical_id(bucket: s3.IBucket) -> str:
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        raise TypeError(f"{bucket.node.path} is no bucket of this stack")
    return str(Stack.of(bucket).get_logical_id(resource))
