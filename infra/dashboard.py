"""One page that answers: is it running, how fast, what fails, who must look, what does it cost."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.cost_estimate import hourly_cost
from infra.measures import FIVE_MINUTES, OTHER_STEPS, Measures, image_steps, total
from infra.settings import Settings
from packshot import workflow
from packshot.contracts import metrics

_HALF, _THIRD = 12, 8
_OUTCOMES = {
    "processed": cloudwatch.Color.GREEN,
    "needs_review": cloudwatch.Color.ORANGE,
    "failed": cloudwatch.Color.RED,
}


class Dashboard(Construct):
    """A CloudWatch dashboard, named as the deployment."""

    def __init__(
        self, scope: Construct, name: str, settings: Settings, *, measures: Measures, undelivered: sqs.IQueue
    ) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._measures = measures
        api = [[self._api_calls(), self._api_latency()]] if measures.has_api else []
        self.board = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=settings.prefix,
            widgets=[
                [self._batches(), self._throughput()],
                [self._failures(), self._reasons(), self._review_queue()],
                [self._durations("p50"), self._durations("p95")],
                [self._functions(), self._throttles(undelivered), self._bytes()],
                *api,
                [self._cost()],
            ],
        )

    def _batches(self) -> cloudwatch.IWidget:
        events = ("accepted", "completed", "failed")
        return _graph(
            "Batches",
            _THIRD,
            [self._measures.own(metrics.BATCHES, one) for one in events],
            view=cloudwatch.GraphWidgetView.BAR,
        )

    def _throughput(self) -> cloudwatch.IWidget:
        per_minute = [
            cloudwatch.MathExpression(
                expression=f"{outcome} / (PERIOD({outcome}) / 60)",
                using_metrics={outcome: self._measures.own(metrics.IMAGES, outcome)},
                label=outcome,
                color=color,
                period=FIVE_MINUTES,
            )
            for outcome, color in _OUTCOMES.items()
        ]
        return _graph("Throughput: images per minute, by outcome", 2 * _THIRD, per_minute, stacked=True)

    def _failures(self) -> cloudwatch.IWidget:
        return _graph(
            "Failed images, by error code", _THIRD, [self._measures.each(metrics.FAILURES)], stacked=True
        )

    def _reasons(self) -> cloudwatch.IWidget:
        each = [self._measures.each(metrics.REVIEW_REASONS)]
        return _graph("Images for review, by reason", _THIRD, each, stacked=True)

    def _review_queue(self) -> cloudwatch.IWidget:
        waiting = self._measures.own(metrics.REVIEW_QUEUE, statistic="Maximum", label="images that wait")
        oldest = cloudwatch.MathExpression(
            expression="seconds / 86400",
            using_metrics={"seconds": self._measures.own(metrics.OLDEST_REVIEW, statistic="Maximum")},
            label="days that the oldest has waited",
            period=FIVE_MINUTES,
        )
        return _graph("Review queue", _THIRD, [waiting], right=[oldest])

    def _durations(self, statistic: str) -> cloudwatch.IWidget:
        # Fused, its stages measure themselves inside of it.
        steps = dict.fromkeys((*workflow.STAGES, *image_steps(self._settings), workflow.REFERENCE))
        each = [self._measures.own(metrics.DURATION, step.name, statistic) for step in steps]
        return _graph(f"Stage durations, milliseconds, {statistic}", _HALF, each)

    def _functions(self) -> cloudwatch.IWidget:
        steps = image_steps(self._settings)
        running = [self._measures.function(step, "ConcurrentExecutions", "Maximum") for step in steps]
        return _graph("Functions at work", _THIRD, running, stacked=True)

    def _throttles(self, undelivered: sqs.IQueue) -> cloudwatch.IWidget:
        steps = (*image_steps(self._settings), *OTHER_STEPS)
        refused = total((self._measures.function(one, "Throttles") for one in steps), "Lambda", "l")
        kinds = ("WriteThrottleEvents", "ReadThrottleEvents")
        table = total((self._measures.table(one) for one in kinds), "job table", "t")
        waiting = undelivered.metric(
            "ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            period=FIVE_MINUTES,
            label="undelivered events",
        )
        return _graph("Throttles, and events that were not delivered", _THIRD, [refused, table, waiting])

    def _bytes(self) -> cloudwatch.IWidget:
        share = cloudwatch.MathExpression(
            expression="100 * saved / source",
            using_metrics={
                "saved": self._measures.own(metrics.BYTES_SAVED),
                "source": self._measures.own(metrics.SOURCE_BYTES),
            },
            label="percent of the photos' bytes",
            period=FIVE_MINUTES,
        )
        saved = self._measures.own(metrics.BYTES_SAVED, label="bytes")
        return _graph("Bytes saved: photo to main rendition", _THIRD, [saved], right=[share])

    def _api_calls(self) -> cloudwatch.IWidget:
        kinds = {"Count": "calls", "4xx": "refused (4xx)", "5xx": "errors (5xx)"}
        calls = [self._measures.api(name, label=label) for name, label in kinds.items()]
        return _graph("API: calls, and what was refused or went wrong", _HALF, calls)

    def _api_latency(self) -> cloudwatch.IWidget:
        each = [self._measures.api("Latency", statistic, statistic) for statistic in ("p50", "p95")]
        return _graph("API: milliseconds until the answer", _HALF, each)

    def _cost(self) -> cloudwatch.IWidget:
        title = "Cost estimate, US dollars per hour, without storage, logs and transfer"
        return _graph(title, 2 * _HALF, hourly_cost(self._settings, self._measures), stacked=True)


def _graph(
    title: str,
    width: int,
    left: Sequence[cloudwatch.IMetric],
    *,
    right: Sequence[cloudwatch.IMetric] = (),
    stacked: bool = False,
    view: cloudwatch.GraphWidgetView = cloudwatch.GraphWidgetView.TIME_SERIES,
) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=title,
        width=width,
        height=6,
        left=list(left),
        right=list(right),
        stacked=stacked,
        view=view,
        period=FIVE_MINUTES,
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        right_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
    )
