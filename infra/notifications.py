"""An e-mail for each batch that failed, where one is asked for."""

from __future__ import annotations

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.settings import Settings
from packshot.contracts.events import SOURCE, DetailType


class Notifications(Construct):
    """A topic; AWS asks the address for its consent before the first message."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        bus: events.IEventBus,
        undelivered: sqs.IQueue,
    ) -> None:
        super().__init__(scope, name)
        topic = sns.Topic(self, "Topic", enforce_ssl=True, display_name=f"Packshot {settings.stage}")
        topic.add_subscription(subscriptions.EmailSubscription(settings.notification_email))
        batch = events.EventField.from_path("$.detail.data.batch_id")
        manifest = events.EventField.from_path("$.detail.data.manifest")
        reason = events.EventField.from_path("$.detail.data.error.message")
        text = f"Packshot could not run the batch {batch} of {manifest}: {reason}"
        events.Rule(
            self,
            "BatchFailed",
            event_bus=bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[DetailType.BATCH_FAILED.value]),
            targets=[
                targets.SnsTopic(
                    topic, message=events.RuleTargetInput.from_text(text), dead_letter_queue=undelivered
                )
            ],
        )
