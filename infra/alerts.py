"""Where alarms and failed batches are told: a topic, and an e-mail where one is asked for."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.dead_letters import dead_letters
from infra.settings import Settings
from packshot.contracts.events import SOURCE, DetailType


class Alerts(Construct):
    """A topic; AWS asks an address for its consent before the first message."""

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, display_name=f"Packshot {settings.stage}")
        if settings.notification_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.notification_email))
        self.undelivered = dead_letters(self, "It is the dead-letter queue of the rule.")
        self._let_alarms_in()
        self._tell_of_failed_batches(settings)

    def _let_alarms_in(self) -> None:
        # A topic with a policy of its own no longer lets the account's alarms publish by itself.
        stack = Stack.of(self)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Alarms",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            )
        )

    def _tell_of_failed_batches(self, settings: Settings) -> None:
        batch = events.EventField.from_path("$.detail.data.batch_id")
        manifest = events.EventField.from_path("$.detail.data.manifest")
        reason = events.EventField.from_path("$.detail.data.error.message")
        text = f"Packshot could not run the batch {batch} of {manifest}: {reason}"
        events.Rule(
            self,
            "BatchFailed",
            description="A batch as a whole could not be run",
            event_bus=events.EventBus.from_event_bus_name(self, "Bus", settings.prefix),
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[DetailType.BATCH_FAILED.value]),
            targets=[
                targets.SnsTopic(
                    self.topic,
                    message=events.RuleTargetInput.from_text(text),
                    # Else the topic would let in EventBridge on behalf of whomever.
                    authorize_using_role=True,
                    dead_letter_queue=self.undelivered,
                )
            ],
        )
