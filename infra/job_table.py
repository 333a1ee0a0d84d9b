"""The job table, from the same data as its adapter; docs/job-table.md has the access paths."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.acknowledgements import accept
from infra.settings import Settings
from packshot.contracts.table import INDEXES, TABLE_KEY, TTL_ATTRIBUTE


class JobTable(Construct):
    """One table, on demand, with its two sparse indexes of keys."""

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text(TABLE_KEY.partition),
            sort_key=_text(TABLE_KEY.sort),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=TTL_ATTRIBUTE,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=settings.prod
            ),
            deletion_protection=settings.prod,
            removal_policy=RemovalPolicy.RETAIN if settings.prod else RemovalPolicy.DESTROY,
        )
        for index in INDEXES:
            self.table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_text(index.partition),
                sort_key=_text(index.sort),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            )
        if not settings.prod:
            reason = "Recovery to a point in time is for prod; a dev table can be made again by a run."
            accept(self.table, "AwsSolutions-DDB3", reason)


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
