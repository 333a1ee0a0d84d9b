"""When the review queue is measured."""

from __future__ import annotations

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.settings import Settings
from packshot.workflow import WATCH


class ReviewWatch(Construct):
    """Calls the pipeline's function, by its name, every quarter of an hour.

    A tick that is lost is not kept: the next one tells the same.
    """

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        arn = Stack.of(self).format_arn(
            service="lambda",
            resource="function",
            resource_name=settings.function_name(WATCH.name),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        function = lambda_.Function.from_function_attributes(
            self, "Function", function_arn=arn, same_environment=True
        )
        events.Rule(
            self,
            "Tick",
            description="How many pictures wait for a person",
            schedule=events.Schedule.rate(Duration.minutes(15)),
            targets=[targets.LambdaFunction(function, retry_attempts=0)],
        )
