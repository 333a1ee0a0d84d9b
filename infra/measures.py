"""The metrics that dashboard and alarms read: those that functions measure, and AWS's own of each service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.settings import Settings
from packshot import workflow
from packshot.contracts.metrics import DEPLOYMENT, NAMESPACE, Metric
from packshot.workflow import Stage

#: Functions that there are whatever the execution.
OTHER_STEPS: Final = (
    workflow.PLAN,
    workflow.REFERENCE,
    workflow.SUMMARISE,
    workflow.CLOSE,
    workflow.WATCH,
)
FIVE_MINUTES: Final = Duration.minutes(5)


def image_steps(settings: Settings) -> tuple[Stage, ...]:
    """The functions that an image goes through."""
    if settings.execution == "fused":
        return (workflow.FUSED,)
    return (*workflow.STAGES, workflow.RECORD)


class Measures:
    """Metrics of one deployment.

    Args:
        scope: of the stack that reads them.
        settings: whose deployment it is.
        table: the job table.
        api_id: of the site's HTTP API; None where there is no site.
    """

    def __init__(
        self, scope: Construct, settings: Settings, table: dynamodb.ITable, api_id: str | None = None
    ) -> None:
        self._stack = Stack.of(scope)
        self._settings = settings
        self._table = table
        self._api_id = api_id

    @property
    def has_api(self) -> bool:
        """True where there is a site to measure."""
        return self._api_id is not None

    def api(self, name: str, statistic: str = "Sum", label: str | None = None) -> cloudwatch.Metric:
        """API Gateway's, of the site's API."""
        if self._api_id is None:
            raise ValueError("there is no API to measure")
        return _metric("AWS/ApiGateway", name, {"ApiId": self._api_id}, statistic, label)

    def own(
        self, metric: Metric, of: str | None = None, statistic: str = "Sum", label: str | None = None
    ) -> cloudwatch.Metric:
        """One that our functions measure; `of` is the value of its second dimension."""
        dimensions = {DEPLOYMENT: self._settings.prefix}
        if metric.by is not None and of is not None:
            dimensions[metric.by] = of
        return _metric(NAMESPACE, metric.name, dimensions, statistic, label or of)

    def each(self, metric: Metric, statistic: str = "Sum") -> cloudwatch.MathExpression:
        """One of our own by all values of its second dimension that there are."""
        where = f'{DEPLOYMENT}="{self._settings.prefix}" MetricName="{metric.name}"'
        search = f"{{{NAMESPACE},{DEPLOYMENT},{metric.by}}} {where}"
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{search}', '{statistic}', {FIVE_MINUTES.to_seconds()})",
            label=f"${{PROP('Dim.{metric.by}')}}",
            period=FIVE_MINUTES,
            using_metrics={},
        )

    def function(self, step: Stage, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """Lambda's, of a step's function."""
        dimensions = {"FunctionName": self._settings.function_name(step.name)}
        return _metric("AWS/Lambda", name, dimensions, statistic, step.name)

    def batches(self, name: str) -> cloudwatch.Metric:
        """Step Functions', of the batches' state machine."""
        arn = self._stack.format_arn(
            service="states",
            resource="stateMachine",
            resource_name=f"{self._settings.prefix}-batch",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return _metric("AWS/States", name, {"StateMachineArn": arn}, "Sum")

    def table(self, name: str, index: str | None = None) -> cloudwatch.Metric:
        """DynamoDB's, of the job table or of one of its indexes."""
        dimensions = {"TableName": self._table.table_name}
        if index is not None:
            dimensions["GlobalSecondaryIndexName"] = index
        return _metric("AWS/DynamoDB", name, dimensions, "Sum", index or "table")


def total(metrics: Iterable[cloudwatch.IMetric], label: str, prefix: str = "m") -> cloudwatch.MathExpression:
    """The sum of metrics; one that says nothing is 0."""
    using = named(metrics, prefix)
    filled = " + ".join(f"FILL({name}, 0)" for name in using)
    return cloudwatch.MathExpression(expression=filled, using_metrics=using, label=label, period=FIVE_MINUTES)


def named(metrics: Iterable[cloudwatch.IMetric], prefix: str = "m") -> Mapping[str, cloudwatch.IMetric]:
    """Metrics by the names that an expression has for them."""
    return {f"{prefix}{number}": metric for number, metric in enumerate(metrics)}


def _metric(
    namespace: str, name: str, dimensions: Mapping[str, str], statistic: str, label: str | None = None
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=FIVE_MINUTES,
        label=label,
    )
