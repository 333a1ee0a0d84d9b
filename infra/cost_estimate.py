"""What a deployment costs just now, as metric math on the dashboard: dollars per hour, by service.

An estimate from the table of list prices and what CloudWatch counts anyway. Storage, logs, metrics and
transfer are not in it; `packshot cost` has a whole bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.measures import FIVE_MINUTES, OTHER_STEPS, Measures, image_steps, named
from infra.settings import Settings
from packshot.contracts import metrics
from packshot.contracts.table import INDEXES
from packshot.costs.measurements import load_measurements
from packshot.costs.prices import load_prices
from packshot.costs.usage import s3_price
from packshot.workflow import FUSED_IMAGES

#: EXPRESS is billed in steps of 64 MB; a child of ours needs one.
EXPRESS_GB: Final = 0.0625


def hourly_cost(settings: Settings, measures: Measures) -> list[cloudwatch.IMetric]:
    """Dollars per hour, by service."""
    return [
        _lambda(settings, measures),
        _step_functions(settings, measures),
        _dynamodb(measures),
        _s3(settings, measures),
        _eventbridge(measures),
    ]


def _lambda(settings: Settings, measures: Measures) -> cloudwatch.MathExpression:
    steps = (*image_steps(settings), *OTHER_STEPS)
    durations = named((measures.function(step, "Duration") for step in steps), "d")
    calls = named((measures.function(step, "Invocations") for step in steps), "c")
    work = _sum(durations, [settings.memory_mb(step.name) for step in steps])
    megabyte_ms = _price(f"lambda.gb_second.{settings.architecture}") / 1000 / 1024
    called = _at(_price("lambda.request"), _sum(calls))
    return _per_hour("Lambda", {**durations, **calls}, _at(megabyte_ms, work), called)


def _step_functions(settings: Settings, measures: Measures) -> cloudwatch.MathExpression:
    steps = image_steps(settings)
    durations = named((measures.function(step, "Duration") for step in steps), "s")
    # The last step of a child is called once in it.
    children = {"children": measures.function(steps[-1], "Invocations")}
    return _per_hour(
        "Step Functions",
        {**durations, **children},
        _at(EXPRESS_GB * _price("states.express_gb_second") / 1000, _sum(durations)),
        # Each child is a request, and a transition of the batch that it is part of.
        _at(_price("states.express_request") + _price("states.transition"), _sum(children)),
    )


def _dynamodb(measures: Measures) -> cloudwatch.MathExpression:
    places = (None, *(index.name for index in INDEXES))
    writes = named((measures.table("ConsumedWriteCapacityUnits", one) for one in places), "w")
    reads = named((measures.table("ConsumedReadCapacityUnits", one) for one in places), "r")
    dollars = (_at(_price("dynamodb.write"), _sum(writes)), _at(_price("dynamodb.read"), _sum(reads)))
    return _per_hour("DynamoDB", {**writes, **reads}, *dollars)


def _s3(settings: Settings, measures: Measures) -> cloudwatch.MathExpression:
    using = {
        "files": measures.own(metrics.FILES),
        "images": measures.function(image_steps(settings)[-1], "Invocations"),
    }
    for_image, for_file = _s3_requests(settings)
    images = FUSED_IMAGES if settings.execution == "fused" else 1
    return _per_hour(
        "S3 requests", using, _at(for_file, _sum(["files"])), _at(for_image * images, _sum(["images"]))
    )


def _s3_requests(settings: Settings) -> tuple[float, float]:
    """Dollars for S3's requests of one image and, besides, of each of its files, as they were measured."""
    functions = load_measurements().functions
    for_image = for_file = 0.0
    for step in image_steps(settings):
        for request, count in functions[step.name].requests.items():
            if (name := s3_price(request)) is not None:
                for_image += count.fixed * _price(name)
                for_file += count.rendition * _price(name)
    return for_image, for_file


def _eventbridge(measures: Measures) -> cloudwatch.MathExpression:
    outcomes = named((measures.own(metrics.IMAGES, one) for one in metrics.OUTCOMES), "e")
    return _per_hour("EventBridge", outcomes, _at(_price("events.custom"), _sum(outcomes)))


@cache
def _price(name: str) -> float:
    return load_prices().prices[name].each


def _sum(using: Iterable[str], weights: Sequence[int] | None = None) -> str:
    """Metrics by their names, each with its weight; one that says nothing is 0."""
    names = list(using)
    terms = zip(names, weights or [1] * len(names), strict=True)
    return " + ".join(f"FILL({name}, 0)" + (f" * {weight}" if weight != 1 else "") for name, weight in terms)


def _at(dollars: float, counted: str) -> str:
    # Written out, since metric math knows no exponents.
    price = f"{dollars:.18f}".rstrip("0")
    return f"({counted}) * {price}"


def _per_hour(
    label: str, using: Mapping[str, cloudwatch.IMetric], *dollars: str
) -> cloudwatch.MathExpression:
    first = next(iter(using))
    return cloudwatch.MathExpression(
        expression=f"({' + '.join(dollars)}) * 3600 / PERIOD({first})",
        using_metrics=using,
        label=label,
        period=FIVE_MINUTES,
    )
