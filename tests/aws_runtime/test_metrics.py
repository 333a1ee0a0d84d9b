"""Values of a call become lines that CloudWatch reads as metrics, and as few as can be."""

from __future__ import annotations

from packshot.aws_runtime.metrics import Meter, measure, metering
from packshot.contracts import metrics
from packshot.contracts.metrics import BYTES_SAVED, DURATION, FAILURES, IMAGES, REVIEW_REASONS, Metric
from tests.aws_runtime import emf


def test_metrics_of_different_dimensions_share_a_line() -> None:
    meter = Meter("packshot-dev")
    meter.add(DURATION, 12.5, "record")
    meter.add(IMAGES, 1, "failed")
    meter.add(FAILURES, 1, "image_truncated")
    meter.add(BYTES_SAVED, -3)
    (line,) = meter.lines(1_790_000_000_000)
    assert line["_aws"]["Timestamp"] == 1_790_000_000_000
    assert emf.metrics([line]) == {
        ("Duration", "packshot-dev", "record"): [12.5],
        ("Images", "packshot-dev", "failed"): [1],
        ("Failures", "packshot-dev", "image_truncated"): [1],
        ("BytesSaved", "packshot-dev"): [-3],
    }


def test_values_of_one_dimension_that_differ_take_a_line_each() -> None:
    meter = Meter("packshot-dev")
    for reason in ("low_score", "enlarged", "low_score"):
        meter.add(REVIEW_REASONS, 1, reason)
    lines = meter.lines(0)
    assert len(lines) == 2
    assert emf.metrics(lines) == {
        ("ReviewReasons", "packshot-dev", "low_score"): [2],
        ("ReviewReasons", "packshot-dev", "enlarged"): [1],
    }


def test_counts_are_summed_and_durations_are_kept_one_by_one() -> None:
    meter = Meter("packshot-dev")
    for number in range(250):
        meter.add(DURATION, number, "detect")
        meter.add(IMAGES, 1, "processed")
    lines = meter.lines(0)
    # CloudWatch takes a hundred values of a metric in a line.
    assert len(lines) == 3
    found = emf.metrics(lines)
    assert found["Duration", "packshot-dev", "detect"] == list(range(250))
    assert found["Images", "packshot-dev", "processed"] == [250]


def test_two_metrics_of_one_dimension_stand_side_by_side() -> None:
    other = Metric("Restarts", "Count", "step")
    meter = Meter("packshot-dev")
    meter.add(DURATION, 1, "detect")
    meter.add(other, 1, "detect")
    (line,) = meter.lines(0)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert [one["Name"] for one in directive["Metrics"]] == ["Duration", "Restarts"]


def test_what_leads_stands_in_the_first_line() -> None:
    meter = Meter("packshot-dev")
    for step in ("detect", "align"):
        meter.add(DURATION, 5, step)
    meter.add(IMAGES, 1, "processed")
    meter.lead(DURATION, 12, "fused")
    first, *_ = meter.lines(0)
    assert (first["step"], first["Duration"], first["Images"]) == ("fused", 12, 1)


def test_outside_of_a_call_nothing_is_measured() -> None:
    measure(DURATION, 1, "detect")
    with metering() as meter:
        measure(DURATION, 2, "detect")
    measure(DURATION, 3, "detect")
    assert emf.metrics(meter.lines(0)) == {("Duration", "unknown", "detect"): [2]}


def test_no_dimension_can_hold_an_id() -> None:
    dimensions = {one.by for one in vars(metrics).values() if isinstance(one, Metric)}
    assert dimensions == {None, "step", "outcome", "code", "reason", "action", "event"}
