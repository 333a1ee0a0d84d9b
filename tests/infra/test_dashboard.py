"""The dashboard shows what functions measure, of the functions that there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packshot.contracts import metrics
from packshot.contracts.environment import TableEnvironment
from packshot.contracts.metrics import DEPLOYMENT, NAMESPACE, Metric
from packshot.contracts.preset import Format, RenditionSpec
from packshot.contracts.table import QUEUE_INDEX
from packshot.costs.assumptions import Assumptions, Execution
from packshot.costs.bill import bill_for
from packshot.costs.measurements import Work, load_measurements
from packshot.costs.prices import load_prices
from packshot.costs.usage import Asked
from packshot.workflow import STAGE_NAMES, STAGES
from tests.infra.metric_math import evaluate
from tests.infra.templates import Synthesised, text_of

Json = dict[str, Any]
#: What may be asked of the other stacks: what stays as long as they do. A reference to a function would
#: keep it from going when the execution is changed.
REFERRED = ("JobsTable", "TriggersUndelivered", "ApiHttp", "FunctionsUndelivered")


def board(made: Synthesised) -> list[Json]:
    body = made.the("AWS::CloudWatch::Dashboard", "Overview")["DashboardBody"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else "somewhere" for part in body)
    widgets: list[Json] = json.loads(text)["widgets"]
    return widgets


def widget(made: Synthesised, title: str) -> Json:
    (found,) = (one["properties"] for one in board(made) if one["properties"]["title"].startswith(title))
    return found


def shown(made: Synthesised, namespace: str) -> list[tuple[str, dict[str, str], str]]:
    """(metric, dimensions, statistic) of all that a namespace contributes."""
    found = []
    for one in (metric for each in board(made) for metric in each["properties"]["metrics"]):
        if one[0] == namespace:
            *words, options = one[1:]
            names = words[1::2], words[2::2]
            found.append((words[0], dict(zip(*names, strict=True)), options["stat"]))
    return found


@pytest.mark.parametrize(
    "title",
    [
        "Batches",
        "Throughput",
        "Failed images, by error code",
        "Images for review, by reason",
        "Review queue",
        "Stage durations, milliseconds, p50",
        "Stage durations, milliseconds, p95",
        "Functions at work",
        "Throttles",
        "Bytes saved",
        "API: calls",
        "API: milliseconds",
        "Cost estimate",
    ],
)
def test_it_answers_what_is_asked_of_it(
    title: str, dev_monitoring: Synthesised, prod_monitoring: Synthesised
) -> None:
    for made in (dev_monitoring, prod_monitoring):
        assert widget(made, title)["metrics"]


@pytest.mark.parametrize(("which", "prefix"), [("dev", "packshot-dev"), ("prod", "packshot-prod")])
def test_it_reads_what_functions_measure(which: str, prefix: str, request: pytest.FixtureRequest) -> None:
    made: Synthesised = request.getfixturevalue(f"{which}_monitoring")
    measured = {one.name: one for one in vars(metrics).values() if isinstance(one, Metric)}
    read = set()
    for name, dimensions, _ in shown(made, NAMESPACE):
        assert set(dimensions) == {DEPLOYMENT} | ({measured[name].by} - {None}), name
        assert dimensions[DEPLOYMENT] == prefix
        read.add(name)
    searched = [
        one[0]["expression"]
        for each in board(made)
        for one in each["properties"]["metrics"]
        if "SEARCH" in str(one)
    ]
    for name, by in (("Failures", "code"), ("ReviewReasons", "reason")):
        wanted = f'\'{{{NAMESPACE},{DEPLOYMENT},{by}}} {DEPLOYMENT}="{prefix}" MetricName="{name}"\''
        assert any(wanted in one for one in searched)
        read.add(name)
    # Decisions are told by the queue; all else that is measured is looked at.
    assert set(measured) - read == {"Decisions"}


def test_stages_are_shown_in_their_order_by_median_and_by_the_slowest(dev_monitoring: Synthesised) -> None:
    for statistic in ("p50", "p95"):
        lines = widget(dev_monitoring, f"Stage durations, milliseconds, {statistic}")["metrics"]
        assert [one[-1]["label"] for one in lines] == [*STAGE_NAMES, "record", "reference"]
        assert {one[-1]["stat"] for one in lines} == {statistic}


def test_functions_and_machine_are_those_of_the_pipeline(
    dev: Synthesised, dev_monitoring: Synthesised, prod: Synthesised, prod_monitoring: Synthesised
) -> None:
    for pipeline, made in ((dev, dev_monitoring), (prod, prod_monitoring)):
        there = {one["FunctionName"] for one in pipeline.all_of("AWS::Lambda::Function").values()}
        assert {one["FunctionName"] for _, one, _ in shown(made, "AWS/Lambda")} == there


def test_nothing_is_referred_to_that_may_have_to_go(
    dev_monitoring: Synthesised, prod_monitoring: Synthesised
) -> None:
    for made in (dev_monitoring, prod_monitoring):
        text = json.dumps(made.template["Resources"])
        exports = {part.split('"')[0] for part in text.split('"Fn::ImportValue": "')[1:]}
        assert exports
        assert [one for one in exports if not any(known in one for known in REFERRED)] == []


def dollars(made: Synthesised, service: str, **values: float) -> float:
    """Dollars per hour, from five minutes' values by metric or `function.Metric`."""
    lines = widget(made, "Cost estimate")["metrics"]
    expression = next(one[0]["expression"] for one in lines if one[0] and one[-1].get("label") == service)
    known = {}
    for one in lines:
        if isinstance(one[0], str) and one[-1]["id"] in expression:
            dimensions = dict(zip(one[2:-1:2], one[3:-1:2], strict=True))
            step = dimensions.get("FunctionName", "").split("-")[-1]
            name = f"{step}_{one[1]}" if step else one[1]
            if name in values:
                known[one[-1]["id"]] = values[name]
    assert known or not values
    return evaluate(expression, known)


def test_the_cost_estimate_is_list_prices_times_what_was_counted(
    dev_monitoring: Synthesised, prod_monitoring: Synthesised
) -> None:
    # A thousand seconds on arm64, and a thousand calls, in five minutes; twelve of them are an hour.
    detect = dollars(dev_monitoring, "Lambda", detect_Duration=1e6, detect_Invocations=1000)
    gigabytes = next(stage.memory_mb for stage in STAGES if stage.name == "detect") / 1024
    assert detect == pytest.approx(12 * 1000 * (gigabytes * 0.0000133334 + 0.0000002))
    # 3008 MB on x86_64.
    fused = dollars(prod_monitoring, "Lambda", fused_Duration=1e6)
    assert fused == pytest.approx(12 * 1000 * 3008 / 1024 * 0.0000166667)
    express = dollars(dev_monitoring, "Step Functions", record_Duration=1e6, record_Invocations=1000)
    # A child is a request and, in its batch, a transition.
    assert express == pytest.approx(12 * (1000 * 0.0625 * 0.00001667 + 1000 * (0.000001 + 0.000025)))
    # A file is put, and looked at once.
    assert dollars(dev_monitoring, "S3 requests", Files=1000) == pytest.approx(12 * (0.005 + 0.0004))
    table = dollars(dev_monitoring, "DynamoDB", ConsumedWriteCapacityUnits=1e6)
    # The table and its two indexes.
    assert table == pytest.approx(12 * 3 * 0.625)
    assert dollars(dev_monitoring, "Lambda") == 0


@pytest.mark.parametrize(
    ("which", "execution", "children"), [("dev", "staged", 1), ("prod", "fused-by-ten", 10)]
)
def test_the_estimate_of_s3_and_step_functions_is_that_of_packshot_cost(
    which: str, execution: Execution, children: int, request: pytest.FixtureRequest
) -> None:
    work = Work(12, (2000, 2000), tuple(RenditionSpec(name=name, format=Format.JPEG) for name in "abc"))
    bill = bill_for(
        Asked(10_000, execution, "arm64", work), load_measurements(), load_prices(), Assumptions()
    )

    def billed(*prices: str) -> float:
        return sum(line.usd for line in bill.lines if line.price in prices)

    made: Synthesised = request.getfixturevalue(f"{which}_monitoring")
    last = "record" if which == "dev" else "fused"
    counted = {f"{last}_Invocations": 10_000 / children}
    # Plan and summarise ask S3 for some more, and the batch has some transitions of its own.
    s3 = dollars(made, "S3 requests", Files=30_000, **counted)
    assert s3 / 12 == pytest.approx(billed("s3.put", "s3.get"), rel=0.03)
    states = dollars(made, "Step Functions", **counted)
    assert states / 12 == pytest.approx(billed("states.transition", "states.express_request"), rel=0.01)


def test_the_review_queue_is_measured_every_quarter_of_an_hour(
    dev: Synthesised, dev_monitoring: Synthesised
) -> None:
    rule = dev_monitoring.the("AWS::Events::Rule", "ReviewsTick")
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(15 minutes)", "ENABLED")
    (target,) = rule["Targets"]
    assert text_of(target["Arn"]).endswith(":function:packshot-dev-watch")
    permission = dev_monitoring.the("AWS::Lambda::Permission", "")
    assert permission["Principal"] == "events.amazonaws.com"
    assert text_of(permission["SourceArn"]).startswith("<ReviewsTick")
    function = dev.the("AWS::Lambda::Function", "FunctionsWatch")
    told = {key: text_of(value) for key, value in function["Environment"]["Variables"].items()}
    assert TableEnvironment.read(told).table.startswith("<JobsTable")
    # It counts keys of one index, and reads no record.
    (may,) = (one for one in dev.statements("FunctionsWatchRole") if one["Action"] == "dynamodb:Query")
    assert text_of(may["Resource"]).endswith(f"/index/{QUEUE_INDEX.name}")
