"""A bill that can be added up by hand, and what makes one larger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.costs.assumptions import MEMORY_MB, Architecture, Assumptions, Execution
from packshot.costs.bill import Bill, bill_for
from packshot.costs.measurements import Encoding, Linear, Measurements, Use, Work, load_measurements
from packshot.costs.prices import load_prices
from packshot.costs.usage import Asked, paid_ms
from packshot.workflow import ONE_CORE_MB, RECORD, STAGES

#: Every wait and every start is nothing, so that what is left can be counted on fingers.
PLAIN = Assumptions(
    slowdown=1.0,
    put_ms=0,
    get_ms=0,
    head_ms=0,
    table_ms=0,
    publish_ms=0,
    mb_per_s=1e9,
    call_ms=0,
    state_ms=0,
    traced=0,
)
STUDIO = Preset(
    name="three",
    title="Three files",
    version="1",
    canvas=Canvas(width=2000, height=2000),
    renditions=(
        RenditionSpec(name="main", format=Format.JPEG),
        RenditionSpec(name="web", format=Format.WEBP, longest_side=1000),
        RenditionSpec(name="thumb", format=Format.JPEG, longest_side=300),
    ),
)


def measured(**changes: Use) -> Measurements:
    nothing = Use(cpu_ms=Linear())
    names = [*(step.name for step in STAGES), "record", "fused", "plan", "summarise"]
    return Measurements(
        made_on=dt.date(2026, 11, 21),
        machine="a machine",
        photos=1,
        mb_per_source_mp=0.25,
        functions={**dict.fromkeys(names, nothing), **changes},
        encodings={kind: Encoding(ms_per_mp=0, mb_per_mp=0.1) for kind in Format},
        init_ms={"vision": 0, "service": 0},
    )


def bill(
    found: Measurements,
    execution: Execution = "staged",
    images: int = 1_000_000,
    assumed: Assumptions = PLAIN,
    architecture: Architecture = "arm64",
    preset: Preset = STUDIO,
) -> Bill:
    asked = Asked(images, execution, architecture, Work.of(preset, 12))
    return bill_for(asked, found, load_prices(), assumed)


def usd(found: Bill, *prices: str) -> float:
    return sum(line.usd for line in found.lines if line.price in prices)


def test_a_million_seconds_of_a_core() -> None:
    second = Use(cpu_ms=Linear(fixed=1000))
    found = bill(measured(detect=second))
    gigabytes = MEMORY_MB["detect"] / 1024
    assert usd(found, "lambda.gb_second.arm64") == pytest.approx(1e6 * gigabytes * 0.0000133334)
    x86 = bill(measured(detect=second), architecture="x86_64")
    assert usd(x86, "lambda.gb_second.x86_64") == pytest.approx(1e6 * gigabytes * 0.0000166667)
    slower = bill(measured(detect=second), assumed=replace(PLAIN, slowdown=1.5))
    assert usd(slower, "lambda.gb_second.arm64") == pytest.approx(1.5 * usd(found, "lambda.gb_second.arm64"))


def test_less_memory_is_less_core_and_costs_the_same_where_nothing_waits() -> None:
    use = Use(cpu_ms=Linear(fixed=100), requests={"s3:PutObject": Linear(fixed=1)})
    work = Work.of(STUDIO, 12)
    waiting = replace(PLAIN, put_ms=40.0)
    assert paid_ms("detect", use, measured(), work, waiting) == pytest.approx(140)
    slow = paid_ms("record", use, measured(), work, waiting)
    assert slow == pytest.approx(100 * ONE_CORE_MB / RECORD.memory_mb + 40)
    assert (slow - 40) * RECORD.memory_mb == pytest.approx(100 * ONE_CORE_MB)


def test_requests_and_transitions() -> None:
    found = bill(measured(record=Use(cpu_ms=Linear(), requests={"s3:PutObject": Linear(rendition=1)})))
    assert usd(found, "s3.put") == pytest.approx(3 * 5.0)
    assert usd(found, "lambda.request") == pytest.approx(7 * 0.20, rel=1e-5)
    assert usd(found, "states.transition") == pytest.approx(25.0, rel=1e-4)
    assert usd(found, "states.express_request") == pytest.approx(1.0)


def test_looks_are_cheap_and_deletes_are_free() -> None:
    requests = {"s3:GetObject": 1, "s3:HeadObject": 2, "s3:DeleteObject": 5, "dynamodb:PutItem": 9}
    use = Use(cpu_ms=Linear(), requests={name: Linear(fixed=count) for name, count in requests.items()})
    found = bill(measured(detect=use))
    assert usd(found, "s3.get") == pytest.approx(3 * 0.4)
    assert usd(found, "s3.put") == 0


def test_units_of_the_table_and_events() -> None:
    use = Use(
        cpu_ms=Linear(),
        write_units=Linear(fixed=5),
        read_units=Linear(fixed=2),
        events=Linear(fixed=1),
    )
    found = bill(measured(record=use))
    assert usd(found, "dynamodb.write") == pytest.approx(5 * 0.625)
    assert usd(found, "dynamodb.read") == pytest.approx(2 * 0.125)
    assert usd(found, "events.custom") == pytest.approx(1.0)


def test_by_ten_saves_nine_children_of_ten_and_none_of_the_work() -> None:
    found = measured(fused=Use(cpu_ms=Linear(fixed=500)))
    one, ten = bill(found, "fused"), bill(found, "fused-by-ten")
    assert usd(one, "lambda.gb_second.arm64") == pytest.approx(usd(ten, "lambda.gb_second.arm64"))
    assert usd(one, "states.transition") == pytest.approx(10 * usd(ten, "states.transition"), rel=1e-3)
    assert ten.usage.child_ms == pytest.approx(10 * one.usage.child_ms)


def test_an_express_child_is_charged_by_tenths_of_a_second() -> None:
    found = bill(measured(detect=Use(cpu_ms=Linear(fixed=201))))
    assert usd(found, "states.express_gb_second") == pytest.approx(1e6 * 0.3 * 0.0625 * 0.00001667)


def test_a_start_is_paid_once_for_each_child_at_once() -> None:
    cold = measured().model_copy(update={"init_ms": {"vision": 1000.0, "service": 0.0}})
    found = bill(cold, "fused", assumed=replace(PLAIN, concurrency=50))
    gigabytes = MEMORY_MB["fused"] / 1024
    assert usd(found, "lambda.gb_second.arm64") == pytest.approx(50 * gigabytes * 0.0000133334)
    few = bill(cold, "fused", images=3)
    assert usd(few, "lambda.gb_second.arm64") == pytest.approx(3 * gigabytes * 0.0000133334)


def test_encoding_goes_with_the_megapixels_of_the_files() -> None:
    found = measured().model_copy(
        update={"encodings": {kind: Encoding(ms_per_mp=100, mb_per_mp=0.1) for kind in Format}}
    )
    work = Work.of(STUDIO, 12)
    assert found.encoding_ms(work) == pytest.approx(100 * (4 + 1 + 0.09))
    assert found.delivered_mb(work) == pytest.approx(0.1 * 5.09)
    assert paid_ms("compress", Use(cpu_ms=Linear(fixed=7)), found, work, PLAIN) == pytest.approx(516)
    assert paid_ms("align", Use(cpu_ms=Linear(fixed=7)), found, work, PLAIN) == pytest.approx(7)


def test_a_budget_bounds_a_file() -> None:
    small = RenditionSpec(name="main", format=Format.JPEG, target_kb=50)
    work = Work(12, (2000, 2000), (small,))
    assert measured().delivered_mb(work) == pytest.approx(0.05)


def test_what_stands_apart_is_not_in_the_sum() -> None:
    found = bill(measured())
    assert found.usd == pytest.approx(sum(line.usd for line in found.lines))
    photos_gb = 1e6 * 0.25 * 12 / 1024
    stored = {line.price: line.quantity for line in found.apart["storage of a month"]}
    assert stored["s3.gb_month"] == pytest.approx(photos_gb + 1e6 * 0.1 * 5.09 / 1024)
    assert found.apart_usd("uploading the photos") == pytest.approx(5.0 + 1.0)
    assert found.apart_usd("logs") == pytest.approx(7e6 * 1.5 / 1024**2 * 0.53, rel=1e-4)


def test_an_amount_is_never_negative() -> None:
    assert Linear(fixed=-1).at(Work.of(STUDIO, 12)) == 0


@pytest.mark.parametrize(("execution", "limit"), [("fused-by-ten", 4.0), ("fused", 6.0), ("staged", 8.0)])
def test_fifty_thousand_images_stay_below_their_bars(execution: Execution, limit: float) -> None:
    found = bill(load_measurements(), execution, 50_000, Assumptions())
    assert 0.5 < found.usd <= limit
