"""What wakes somebody: failing batches and images, faults, throttles, time-outs, lost events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.measures import FIVE_MINUTES, OTHER_STEPS, Measures, image_steps, named, total
from infra.settings import API, Settings
from packshot import workflow
from packshot.contracts import metrics
from packshot.contracts.table import INDEXES
from packshot.workflow import Stage

#: Failures that are ours, whatever the photo.
FAULTS: Final = ("internal_error", "worker_lost", "out_of_memory", "model_unusable")
#: Share of failed images, in percent, from which on something is wrong with more than the photos,
#: and how many images must have been worked on for a share to mean anything.
FAILED_PERCENT: Final = 10
FAILED_OF_AT_LEAST: Final = 20
#: Refused requests in five minutes; a Map that is just starting has a few.
THROTTLED: Final = 10
#: Share of its time-out that a call may take, in percent.
TIME_PERCENT: Final = 80
#: Answers with a 5xx in five minutes; a function that is started anew may lose one.
API_ERRORS: Final = 5
#: Milliseconds that the function of the API's reads may take.
API_SLOW_MS: Final = 3000


class Alarms(Construct):
    """Each alarm has one cause, says it, and goes to the topic."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        measures: Measures,
        topic: sns.ITopic,
        queues: Sequence[sqs.IQueue],
    ) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._measures = measures
        self._action = actions.SnsAction(topic)
        self._batches_fail()
        self._images_fail()
        self._faults()
        for group, steps in (("images", image_steps(settings)), ("batches", OTHER_STEPS)):
            self._throttles(group, steps)
            self._close_to_time_out(group, steps)
        self._table_throttles()
        self._undelivered(queues)
        if measures.has_api:
            self._api()

    def _batches_fail(self) -> None:
        ends = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")
        failed = total((self._measures.batches(one) for one in ends), "failed batches")
        self._alarm("failed-batches", failed, 1, "A batch failed, timed out or was aborted.")

    def _images_fail(self) -> None:
        using = {one: self._measures.own(metrics.IMAGES, one) for one in metrics.OUTCOMES}
        done = " + ".join(f"FILL({one}, 0)" for one in using)
        share = cloudwatch.MathExpression(
            # Of nothing at all there is no share, so that it is divided by one more then.
            expression=(
                f"IF({done} >= {FAILED_OF_AT_LEAST}, 100 * FILL(failed, 0) / ({done} + ({done} == 0)), 0)"
            ),
            using_metrics=using,
            label="failed images, percent",
            period=Duration.minutes(15),
        )
        text = f"More than {FAILED_PERCENT} % of the images of 15 minutes failed: see their codes."
        self._alarm("failed-images", share, FAILED_PERCENT, text, above=True)

    def _faults(self) -> None:
        found = total((self._measures.own(metrics.FAILURES, code) for code in FAULTS), "faults")
        text = "Images failed by a fault of Packshot, not of the photo: " + ", ".join(FAULTS) + "."
        self._alarm("faults", found, 1, text)

    def _throttles(self, group: str, steps: Sequence[Stage]) -> None:
        refused = total((self._measures.function(step, "Throttles") for step in steps), "throttled calls")
        text = (
            "Lambda has refused calls for a quarter of an hour: the account's concurrency is too low "
            "for the Map's."
        )
        self._alarm(f"throttles-{group}", refused, THROTTLED, text, periods=3)

    def _close_to_time_out(self, group: str, steps: Sequence[Stage]) -> None:
        durations = named(self._measures.function(step, "Duration", "Maximum") for step in steps)
        limits = zip(durations, (step.timeout_s for step in steps), strict=True)
        # Milliseconds over seconds: a tenth of it is percent.
        shares = (f"FILL({name}, 0) / {limit_s * 10}" for name, limit_s in limits)
        nearest = cloudwatch.MathExpression(
            expression=f"MAX([{', '.join(shares)}])",
            using_metrics=durations,
            label="percent of the time-out",
            period=FIVE_MINUTES,
        )
        text = f"A call took more than {TIME_PERCENT} % of its time-out, or all of it."
        self._alarm(f"time-out-{group}", nearest, TIME_PERCENT, text, above=True)

    def _table_throttles(self) -> None:
        places = (None, *(index.name for index in INDEXES))
        refused = [self._measures.table("WriteThrottleEvents", place) for place in places]
        refused += [self._measures.table("ReadThrottleEvents", place) for place in places]
        text = "DynamoDB has refused requests on the job table for a quarter of an hour."
        self._alarm("throttles-table", total(refused, "throttled requests"), THROTTLED, text, periods=3)

    def _undelivered(self, queues: Sequence[sqs.IQueue]) -> None:
        depth = "ApproximateNumberOfMessagesVisible"
        waiting = [queue.metric(depth, statistic="Maximum", period=FIVE_MINUTES) for queue in queues]
        text = "An event waits undelivered in a dead-letter queue; docs/aws.md says what to do."
        self._alarm("undelivered", total(waiting, "undelivered events"), 1, text)

    def _api(self) -> None:
        errors = total([self._measures.api("5xx")], "errors of the API")
        self._alarm("api-errors", errors, API_ERRORS, "The API has answered with errors of its own (5xx).")
        # Not API Gateway's own measure: a call that waits for a photo is slow on purpose.
        slow = total([self._measures.function(workflow.API_READ, "Duration", "p95")], "ms")
        text = f"One of twenty reads takes longer than {API_SLOW_MS} ms, for a quarter of an hour."
        self._alarm("api-slow", slow, API_SLOW_MS, text, above=True, periods=3)
        self._throttles("api", API)

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        text: str,
        *,
        above: bool = False,
        periods: int = 1,
    ) -> None:
        operator = cloudwatch.ComparisonOperator
        alarm = cloudwatch.Alarm(
            self,
            "".join(part.capitalize() for part in name.split("-")),
            alarm_name=f"{self._settings.prefix}-{name}",
            alarm_description=text,
            metric=metric,
            threshold=threshold,
            comparison_operator=operator.GREATER_THAN_THRESHOLD
            if above
            else operator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=periods,
            # Between batches nothing is said, and that is well.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
