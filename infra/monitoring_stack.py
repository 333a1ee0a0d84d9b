"""Monitoring: what the pipeline does, what it costs, and who is told when it fails."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.alarms import Alarms
from infra.alerts import Alerts
from infra.dashboard import Dashboard
from infra.measures import Measures
from infra.pipeline_stack import PipelineStack
from infra.review_watch import ReviewWatch
from infra.settings import Settings
from infra.site_stack import SiteStack


class MonitoringStack(Stack):
    """Composes; it can go, and come again, without the pipeline noticing.

    Of the pipeline it refers to the job table and the dead-letter queue, which stay as long as the pipeline,
    and of the site to its API; all else it knows by name.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        pipeline: PipelineStack,
        site: SiteStack | None = None,
        environment: Environment | None = None,
    ) -> None:
        super().__init__(scope, name, env=environment, description="Packshot: dashboard, alarms, alerts")
        self.add_stack_dependency(pipeline, "Its rule stands on the pipeline's bus.")
        api_id = None if site is None else site.api.http.api_id
        measures = Measures(self, settings, pipeline.jobs.table, api_id)
        undelivered = pipeline.triggers.undelivered
        self.dashboard = Dashboard(self, "Overview", settings, measures=measures, undelivered=undelivered)
        ReviewWatch(self, "Reviews", settings)
        outputs = {"Dashboard": self.dashboard.board.dashboard_name}
        if settings.alarmed or settings.notification_email:
            alerts = Alerts(self, "Alerts", settings)
            outputs["AlertTopic"] = alerts.topic.topic_arn
            if settings.alarmed:
                queues = [undelivered, alerts.undelivered]
                if site is not None:
                    queues.append(site.functions.undelivered)
                Alarms(self, "Alarms", settings, measures=measures, topic=alerts.topic, queues=queues)
        for output, value in outputs.items():
            CfnOutput(self, f"{output}Output", value=value).override_logical_id(output)
