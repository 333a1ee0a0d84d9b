"""What starts a batch, and what closes one whose execution can't: two rules."""

from __future__ import annotations

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.dead_letters import dead_letters
from packshot.contracts.work_keys import MANIFEST_ENDINGS, MANIFESTS


class Triggers(Construct):
    """Rules of the default bus, where S3 and Step Functions speak; what can't be delivered is kept."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        uploads: s3.Bucket,
        batch: sfn.StateMachine,
        close: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, name)
        self.undelivered = dead_letters(self, "It is the dead-letter queue of both rules.")
        self._on_manifest(uploads, batch)
        self._on_bad_end(batch, close)

    def _on_manifest(self, uploads: s3.Bucket, batch: sfn.StateMachine) -> None:
        # A pattern with a wildcard tells capital letters from small ones, a seller's spreadsheet does not.
        endings = [form for ending in MANIFEST_ENDINGS for form in (ending, ending.upper())]
        keys = [{"wildcard": f"{MANIFESTS}*{ending}"} for ending in endings]
        asked = events.RuleTargetInput.from_object(
            {
                "bucket": events.EventField.from_path("$.detail.bucket.name"),
                "key": events.EventField.from_path("$.detail.object.key"),
                "version_id": events.EventField.from_path("$.detail.object.version-id"),
            }
        )
        events.Rule(
            self,
            "Manifest",
            description="A manifest was uploaded",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [uploads.bucket_name]}, "object": {"key": keys}},
            ),
            targets=[targets.SfnStateMachine(batch, input=asked, dead_letter_queue=self.undelivered)],
        )

    def _on_bad_end(self, batch: sfn.StateMachine, close: lambda_.IFunction) -> None:
        events.Rule(
            self,
            "BadEnd",
            description="An execution that can't close its batch itself any more",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "stateMachineArn": [batch.state_machine_arn],
                    "status": ["FAILED", "ABORTED", "TIMED_OUT"],
                },
            ),
            targets=[targets.LambdaFunction(close, dead_letter_queue=self.undelivered)],
        )
