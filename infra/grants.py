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

#: A question about the account, which no resource stands for.
PLACES = Grant(
    ("lambda:GetAccountSettings",),
    ("*",),
    ("*",),
    "How many calls an account may have at once belongs to no resource.",
)


def read_work(work: s3.IBucket) -> Grants:
    """What earlier steps left."""
    return [objects(work, ("s3:GetObject",), (BATCHES,)), listed(work)]


def write_work(work: s3.IBucket) -> Grants:
    """Leaving something for later steps."""
    return [objects(work, ("s3:PutObject", "s3:AbortMultipartUpload"), (BATCHES,))]


def read_sources(uploads: s3.IBucket, others: tuple[str, ...]) -> Grants:
    """Photos: those beside uploaded manifests, and those of the buckets that the settings allow."""
    arns = [f"arn:aws:s3:::{name}" for name in others]
    buckets = (uploads.bucket_arn, *arns)
    return [
        Grant(
            ("s3:GetObject",),
            tuple(f"{arn}/*" for arn in buckets),
            (f"{shown(uploads)}/*", *(f"{arn}/*" for arn in arns)),
            "Which photos a manifest names is known only when it comes; the buckets are named one by one.",
        ),
        Grant(("s3:ListBucket",), buckets),
    ]


def look_at_photos(uploads: s3.IBucket) -> Grants:
    """The version of an uploaded photo that detect has found, by its name."""
    return [
        Grant(
            ("s3:GetObjectVersion",),
            (uploads.arn_for_objects("*"),),
            (f"{shown(uploads)}/*",),
            "Which photos a manifest names is known only when it comes.",
        )
    ]


def read_manifests(uploads: s3.IBucket) -> Grants:
    """The version of the manifest that the event named, and the options beside it."""
    return [objects(uploads, ("s3:GetObject", "s3:GetObjectVersion"), (MANIFESTS,)), listed(uploads)]


def deliver(catalogue: s3.IBucket) -> Grants:
    """Putting finished pictures into their folders, and removing those that they replace."""
    actions = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    return [objects(catalogue, actions, (CATALOGUE, REVIEW)), listed(catalogue)]


def tidy(catalogue: s3.IBucket) -> Grants:
    """Removing what an unfinished delivery left."""
    return [objects(catalogue, ("s3:GetObject", "s3:DeleteObject"), (CATALOGUE, REVIEW)), listed(catalogue)]


def report(catalogue: s3.IBucket) -> Grants:
    """The batch's results beside the pictures, put together inside S3."""
    return [objects(catalogue, ("s3:PutObject", "s3:AbortMultipartUpload"), (REPORTS,))]


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


def objects(bucket: s3.IBucket, actions: tuple[str, ...], prefixes: tuple[str, ...]) -> Grant:
    """Objects below some prefixes."""
    return Grant(
        actions,
        tuple(bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes),
        tuple(f"{shown(bucket)}/{prefix}*" for prefix in prefixes),
        "Keys below this prefix are made from batch, image and preset; they can't be listed beforehand.",
    )


def listed(bucket: s3.IBucket) -> Grant:
    """Being told of a key that it is not there."""
    return Grant(("s3:ListBucket",), (bucket.bucket_arn,))


def shown(bucket: s3.IBucket) -> str:
    """A bucket's ARN as cdk-nag writes it: of this stack, or imported from another."""
    arn = Stack.of(bucket).resolve(bucket.bucket_arn)
    if "Fn::ImportValue" in arn:
        return str(arn["Fn::ImportValue"])
    return f"<{'.'.join(arn['Fn::GetAtt'])}>"
