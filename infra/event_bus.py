"""The bus that consumers listen to, its archive, and who else may attach rules."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.settings import Settings
from packshot.contracts.events import SOURCE

#: What another account needs to keep rules of its own on this bus.
_OF_RULES = (
    "events:PutRule",
    "events:DeleteRule",
    "events:DescribeRule",
    "events:EnableRule",
    "events:DisableRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:ListTargetsByRule",
    "events:TagResource",
)


class EventBus(Construct):
    """A bus of its own: consumers need no filter against other software's events."""

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self.bus = events.EventBus(
            self,
            "Bus",
            event_bus_name=settings.prefix,
            description="What Packshot says",
        )
        self.bus.archive(
            "Archive",
            archive_name=settings.prefix,
            description="For replaying to a consumer that was away",
            event_pattern=events.EventPattern(source=[SOURCE]),
            retention=Duration.days(90 if settings.prod else 7),
        )
        if settings.consumer_accounts:
            self._let_in(settings)

    def _let_in(self, settings: Settings) -> None:
        rules = Stack.of(self).format_arn(
            service="events", resource="rule", resource_name=f"{settings.prefix}/*"
        )
        events.CfnEventBusPolicy(
            self,
            "Consumers",
            event_bus_name=self.bus.event_bus_name,
            statement_id="consumers",
            statement=iam.PolicyStatement(
                sid="consumers",
                principals=[iam.AccountPrincipal(account) for account in settings.consumer_accounts],
                actions=list(_OF_RULES),
                resources=[rules],
                # A consumer handles its own rules, never those of another.
                conditions={
                    "StringEqualsIfExists": {
                        "events:creatorAccount": "${aws:PrincipalAccount}",
                        "events:source": SOURCE,
                    }
                },
            ).to_statement_json(),
        )
