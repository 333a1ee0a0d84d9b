"""Who is told, of what, and when."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from packshot import workflow
from packshot.contracts.event_schemas import resource
from packshot.contracts.events import DetailType
from packshot.errors import SENTENCES
from tests.infra.metric_math import evaluate
from tests.infra.templates import Synthesised, read, text_of

Json = dict[str, Any]
ALARM = "AWS::CloudWatch::Alarm"
NAMES = {
    "failed-batches",
    "failed-images",
    "faults",
    "throttles-images",
    "throttles-batches",
    "throttles-table",
    "time-out-images",
    "time-out-batches",
    "undelivered",
    "api-errors",
    "api-slow",
    "throttles-api",
}


@pytest.fixture(scope="session")
def mailed(synthesise: Callable[[Json], Synthesised]) -> Synthesised:
    """Prod, staged, with an e-mail and without alarms."""
    changes = {"stage": "prod", "alarms": "false", "notification_email": "shop@example.com"}
    return read(synthesise(changes).folder, "monitoring")


@pytest.fixture(scope="session")
def staged(synthesise: Callable[[Json], Synthesised]) -> Synthesised:
    """Dev, staged, with alarms and without an e-mail."""
    return read(synthesise({"alarms": "true"}).folder, "monitoring")


def alarm(made: Synthesised, name: str) -> Json:
    (found,) = (one for one in made.all_of(ALARM).values() if one["AlarmName"].endswith(f"-{name}"))
    return found


def value(made: Synthesised, name: str, *seen: tuple[str, float]) -> float:
    """The value that an alarm watches, when (metric or dimension value, number) is seen."""
    watched = alarm(made, name)["Metrics"]
    expression = next(one["Expression"] for one in watched if one.get("ReturnData"))
    known = {}
    for one in watched:
        if "MetricStat" in one:
            metric = one["MetricStat"]["Metric"]
            words = {metric["MetricName"], *(text_of(each["Value"]) for each in metric["Dimensions"])}
            for word, number in seen:
                if word in words:
                    known[one["Id"]] = number
    return evaluate(expression, known)


def wakes(made: Synthesised, name: str, *seen: tuple[str, float]) -> bool:
    found = alarm(made, name)
    above = found["ComparisonOperator"] == "GreaterThanThreshold"
    now = value(made, name, *seen)
    return now > found["Threshold"] if above else now >= found["Threshold"]


def test_alarms_are_made_in_prod_and_where_it_is_said(
    dev_monitoring: Synthesised, prod_monitoring: Synthesised, mailed: Synthesised, staged: Synthesised
) -> None:
    for made, stage in ((prod_monitoring, "prod"), (staged, "dev")):
        names = {one["AlarmName"] for one in made.all_of(ALARM).values()}
        assert names == {f"packshot-{stage}-{name}" for name in NAMES}
    for made in (dev_monitoring, mailed):
        assert not made.all_of(ALARM)


def test_each_alarm_says_what_is_wrong_and_goes_to_the_topic(prod_monitoring: Synthesised) -> None:
    (topic,) = prod_monitoring.all_of("AWS::SNS::Topic")
    for name, found in prod_monitoring.all_of(ALARM).items():
        assert found["AlarmActions"] == found["OKActions"] == [{"Ref": topic}], name
        assert len(found["AlarmDescription"].split()) > 5
        # Between batches there is silence, and silence is well.
        assert found["TreatMissingData"] == "notBreaching"


def test_no_alarm_watches_more_metrics_than_cloudwatch_lets_it(
    prod_monitoring: Synthesised, staged: Synthesised
) -> None:
    for made in (prod_monitoring, staged):
        for name, found in made.all_of(ALARM).items():
            assert sum("MetricStat" in one for one in found["Metrics"]) <= 10, name


@pytest.mark.parametrize("ended", ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"])
def test_one_batch_that_ends_badly_is_enough(prod_monitoring: Synthesised, ended: str) -> None:
    assert wakes(prod_monitoring, "failed-batches", (ended, 1))
    assert not wakes(prod_monitoring, "failed-batches")
    machines = {
        text_of(each["Value"])
        for one in alarm(prod_monitoring, "failed-batches")["Metrics"]
        for each in one.get("MetricStat", {}).get("Metric", {}).get("Dimensions", ())
    }
    assert [one.split(":")[-1] for one in machines] == ["packshot-prod-batch"]


@pytest.mark.parametrize(
    ("seen", "is_told"),
    [
        ((("processed", 89), ("failed", 11)), True),
        ((("processed", 90), ("failed", 10)), False),
        ((("processed", 40), ("needs_review", 49), ("failed", 11)), True),
        # Of three photos one may well be broken.
        ((("processed", 2), ("failed", 1)), False),
        ((("failed", 20),), True),
        ((), False),
    ],
)
def test_images_that_fail_too_often(
    prod_monitoring: Synthesised, seen: tuple[tuple[str, float], ...], is_told: bool
) -> None:
    assert wakes(prod_monitoring, "failed-images", *seen) is is_told


def test_faults_are_ours_and_never_the_photos(prod_monitoring: Synthesised) -> None:
    for code in ("internal_error", "worker_lost", "out_of_memory", "model_unusable"):
        assert code in SENTENCES
        assert wakes(prod_monitoring, "faults", (code, 1))
    assert not wakes(prod_monitoring, "faults", ("image_truncated", 50), ("no_product_found", 50))


def watched_functions(made: Synthesised, *names: str) -> set[str]:
    return {
        each["Value"]
        for name in names
        for one in alarm(made, name)["Metrics"]
        for each in one.get("MetricStat", {}).get("Metric", {}).get("Dimensions", ())
        if each["Name"] == "FunctionName"
    }


def test_every_function_of_the_pipeline_is_watched(
    prod: Synthesised, prod_monitoring: Synthesised, dev: Synthesised, staged: Synthesised
) -> None:
    for pipeline, made in ((prod, prod_monitoring), (dev, staged)):
        functions = {one["FunctionName"] for one in pipeline.all_of("AWS::Lambda::Function").values()}
        for alarms in (("throttles-images", "throttles-batches"), ("time-out-images", "time-out-batches")):
            assert watched_functions(made, *alarms) == functions


@pytest.mark.parametrize("step", [*workflow.STAGES, workflow.RECORD], ids=lambda step: step.name)
def test_a_call_close_to_its_own_time_out_is_told(staged: Synthesised, step: workflow.Stage) -> None:
    function, limit_ms = f"packshot-dev-{step.name}", step.timeout_s * 1000
    assert wakes(staged, "time-out-images", (function, 0.81 * limit_ms))
    assert not wakes(staged, "time-out-images", (function, 0.79 * limit_ms))


def test_throttles_are_told_when_they_go_on(prod_monitoring: Synthesised) -> None:
    for name, where in (
        ("throttles-images", "packshot-prod-fused"),
        ("throttles-batches", "packshot-prod-plan"),
        ("throttles-table", "WriteThrottleEvents"),
        ("throttles-table", "queue"),
        ("throttles-table", "sku"),
    ):
        assert wakes(prod_monitoring, name, (where, 10)), where
        assert not wakes(prod_monitoring, name, (where, 1)), where
        assert alarm(prod_monitoring, name)["EvaluationPeriods"] == 3


def test_errors_of_the_api_are_told_and_refusals_are_not(prod_monitoring: Synthesised) -> None:
    assert wakes(prod_monitoring, "api-errors", ("5xx", 5))
    assert not wakes(prod_monitoring, "api-errors", ("5xx", 4))
    assert not wakes(prod_monitoring, "api-errors", ("4xx", 500))
    (api,) = (
        text_of(each["Value"])
        for one in alarm(prod_monitoring, "api-errors")["Metrics"]
        for each in one.get("MetricStat", {}).get("Metric", {}).get("Dimensions", ())
    )
    assert "ApiHttp" in api


def test_slow_reads_are_told_when_they_go_on(prod_monitoring: Synthesised) -> None:
    assert wakes(prod_monitoring, "api-slow", ("packshot-prod-api-read", 3001))
    assert not wakes(prod_monitoring, "api-slow", ("packshot-prod-api-read", 2999))
    assert alarm(prod_monitoring, "api-slow")["EvaluationPeriods"] == 3
    assert watched_functions(prod_monitoring, "api-slow") == {"packshot-prod-api-read"}


def test_every_function_of_the_site_is_watched_for_throttles(
    prod_site: Synthesised, prod_monitoring: Synthesised
) -> None:
    functions = prod_site.all_of("AWS::Lambda::Function").values()
    names = {one["FunctionName"] for one in functions if "FunctionName" in one}
    assert watched_functions(prod_monitoring, "throttles-api") == names


def test_one_event_that_cannot_be_delivered_is_enough(prod_monitoring: Synthesised) -> None:
    assert wakes(prod_monitoring, "undelivered", ("ApproximateNumberOfMessagesVisible", 1))
    queues = [
        one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]
        for one in alarm(prod_monitoring, "undelivered")["Metrics"]
        if "MetricStat" in one
    ]
    assert len(queues) == 3
    assert "FunctionsUndelivered" in str(queues)
    assert "TriggersUndelivered" in str(queues)
    assert "AlertsUndelivered" in str(queues)


def test_failed_batches_are_mailed_where_it_is_asked_for(
    dev_monitoring: Synthesised, mailed: Synthesised, staged: Synthesised
) -> None:
    assert not dev_monitoring.all_of("AWS::SNS::Topic")
    assert not staged.all_of("AWS::SNS::Subscription")
    (subscription,) = mailed.all_of("AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "shop@example.com")
    rule = mailed.the("AWS::Events::Rule", "BatchFailed")
    assert rule["EventBusName"] == "packshot-prod"
    (target,) = rule["Targets"]
    assert text_of(target["Arn"]).startswith("<AlertsTopic")
    assert text_of(target["DeadLetterConfig"]["Arn"]).startswith("<AlertsUndelivered")
    pattern = EventPattern(None, rule["EventPattern"])
    for kind in DetailType:
        event = sample(kind)
        assert pattern.matches_event(event) == (kind is DetailType.BATCH_FAILED)
    # The mail names the batch, the manifest and the reason; each is there in the event.
    transformer = target["InputTransformer"]
    for name, path in transformer["InputPathsMap"].items():
        found: Any = sample(DetailType.BATCH_FAILED)
        for part in path.removeprefix("$.").split("."):
            found = found[part]
        assert found
        assert f"<{name}>" in transformer["InputTemplate"]


def sample(kind: DetailType) -> Any:
    return json.loads(resources.files("packshot").joinpath(resource(kind, "sample")).read_text("utf-8"))


def test_only_this_accounts_alarms_and_the_rules_role_reach_the_topic(prod_monitoring: Synthesised) -> None:
    policy = prod_monitoring.the("AWS::SNS::TopicPolicy", "Alerts")["PolicyDocument"]["Statement"]
    allowed = [one for one in policy if one["Effect"] == "Allow"]
    (alarms,) = allowed
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (refused,) = (one for one in policy if one["Effect"] == "Deny")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert prod_monitoring.actions("BatchFailedEventsRole") == {"sns:Publish"}


def test_the_guide_tells_every_alarm_and_what_they_are_billed_by(
    prod_monitoring: Synthesised, staged: Synthesised
) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/aws.md").read_text("utf-8")
    # CloudWatch bills the metrics that an alarm reads.
    fused, apart = (
        sum("MetricStat" in one for found in made.all_of(ALARM).values() for one in found["Metrics"])
        for made in (prod_monitoring, staged)
    )
    assert f"twelve alarms on {apart} metrics" in guide
    assert f"fused {fused} metrics" in guide
    assert len(NAMES) == 12
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} >= NAMES
