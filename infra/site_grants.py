"""What the API's functions may do: one that looks, one that changes, one that works on after an answer."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import grants
from infra.grants import Grant, Grants
from infra.pipeline_stack import PipelineStack
from infra.settings import Settings
from packshot.contracts.table import QUEUE_INDEX, SKU_INDEX, Index
from packshot.contracts.work_keys import BATCHES, CATALOGUE, DOWNLOADS, REPORTS, REVIEW, UPLOADS
from packshot.workflow import API_WORK

_LOOK = ("s3:GetObject",)
_WRITE = ("s3:PutObject", "s3:AbortMultipartUpload")


class Reach(Construct):
    """The pipeline's resources as the site's stack sees them, and what its functions may do with them.

    Buckets and table are imported; state machines and functions are known by their names, so that they may be
    replaced without the site noticing.
    """

    def __init__(self, scope: Construct, name: str, settings: Settings, pipeline: PipelineStack) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self.uploads = self._imported("Uploads", pipeline.buckets.uploads)
        self.catalogue = self._imported("Catalogue", pipeline.buckets.catalogue)
        self.work = self._imported("Work", pipeline.buckets.work)
        self.table = pipeline.jobs.table
        self.bus = pipeline.events.bus

    @property
    def batch_machine(self) -> str:
        """ARN of the batches' state machine."""
        return self._states("stateMachine", f"{self._settings.prefix}-batch")

    @property
    def image_machine(self) -> str:
        """ARN of the state machine for one photo; empty where there is none."""
        if self._settings.execution == "fused":
            return ""
        return self._states("stateMachine", f"{self._settings.prefix}-image")

    def may_read(self) -> Grants:
        """Looking at everything, changing nothing. What it signs, the browser may fetch."""
        return [
            *self._records(QUEUE_INDEX, SKU_INDEX),
            grants.objects(self.catalogue, _LOOK, (CATALOGUE, REVIEW, REPORTS)),
            grants.objects(self.uploads, _LOOK, ("",)),
            grants.objects(self.work, ("s3:GetObject",), (DOWNLOADS,)),
            *self._follow(),
        ]

    def may_write(self) -> Grants:
        """Deciding, uploading and starting; what takes longer it leaves to another."""
        stack = Stack.of(self)
        worker = stack.format_arn(
            service="lambda",
            resource="function",
            resource_name=self._settings.function_name(API_WORK.name),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return [
            *self.may_read(),
            self._change(),
            grants.objects(self.uploads, ("s3:PutObject", "s3:DeleteObject"), (UPLOADS,)),
            grants.listed(self.uploads),
            grants.objects(self.work, ("s3:GetObject", *_WRITE), (BATCHES,)),
            grants.listed(self.work),
            *grants.deliver(self.catalogue),
            *grants.publish(self.bus),
            Grant(("states:StartExecution",), (self.batch_machine,)),
            self._executions(("states:DescribeExecution", "states:StopExecution", "states:RedriveExecution")),
            Grant(("lambda:InvokeFunction",), (worker,)),
        ]

    def may_work(self) -> Grants:
        """Zips, single photos, and results anew after decisions."""
        single = Grant(("states:StartSyncExecution",), (self.image_machine,))
        return [
            *self._records(SKU_INDEX),
            self._change(),
            grants.objects(self.work, ("s3:GetObject", *_WRITE), (BATCHES,)),
            grants.objects(self.work, _WRITE, (DOWNLOADS,)),
            grants.listed(self.work),
            *grants.tidy(self.catalogue),
            *grants.report(self.catalogue),
            *grants.publish(self.bus),
            *([single] if self.image_machine else []),
        ]

    def _records(self, *indexes: Index) -> Grants:
        looked_into = tuple(f"{self.table.table_arn}/index/{one.name}" for one in indexes)
        return [
            Grant(
                ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"),
                (self.table.table_arn,),
            ),
            Grant(("dynamodb:Query",), looked_into),
        ]

    def _change(self) -> Grant:
        return Grant(("dynamodb:PutItem", "dynamodb:DeleteItem"), (self.table.table_arn,))

    def _follow(self) -> Grants:
        """How far a batch is."""
        name = f"{self._settings.prefix}-batch/*"
        runs = Grant(
            ("states:DescribeMapRun",),
            (self._states("mapRun", name),),
            (f"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:mapRun:{name}",),
            "Map Runs get their names when they start: <machine>/<label>:<id>.",
        )
        return [self._executions(("states:ListMapRuns",)), runs]

    def _executions(self, actions: tuple[str, ...]) -> Grant:
        name = f"{self._settings.prefix}-batch:*"
        shown = f"arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:{name}"
        reason = "An execution gets its name from the batch or the request that it is for."
        return Grant(actions, (self._states("execution", name),), (shown,), reason)

    def _states(self, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(
            service="states", resource=resource, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )

    def _imported(self, name: str, bucket: s3.Bucket) -> s3.IBucket:
        # By exports that are written out, so that their names are known when grants are given.
        home = Stack.of(bucket)
        return s3.Bucket.from_bucket_attributes(
            self,
            name,
            bucket_arn=home.export_value(bucket.bucket_arn),
            bucket_name=home.export_value(bucket.bucket_name),
        )
