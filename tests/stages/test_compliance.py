import datetime as dt

import pytest

from packshot.contracts.preset import Measure, Rule
from packshot.presets import load_preset
from packshot.stages.compliance import judge, required_failed

TODAY = dt.date(2026, 11, 21)


def _rule(**changes):
    return Rule.model_validate(
        {
            "id": "shop.size", "measure": "longest_side_px", "level": "required", "minimum": 500,
            "fix": "Use a bigger photo.", "source": "Help page", "dated": "2026-11-01",
        } | changes
    )  # fmt: skip


def _judge(rule, value, image_type="primary", as_of=TODAY):
    return judge((rule,), {rule.measure: lambda: value}, image_type, as_of)


@pytest.mark.parametrize(("value", "passed"), [(499, False), (500, True), (10_000, True), (10_001, False)])
def test_both_bounds_are_inclusive(value, passed):
    (result,) = _judge(_rule(maximum=10_000), value)
    assert result.passed is passed
    assert result.measured == value
    assert result.limit == "500 to 10000"


@pytest.mark.parametrize(
    ("bounds", "limit"),
    [
        ({"minimum": 0.85}, "at least 0.85"),
        ({"minimum": None, "maximum": 10}, "at most 10"),
        ({"minimum": 1, "maximum": 1}, "1"),
        ({"minimum": None}, "for information"),
    ],
)
def test_the_limit_in_words(bounds, limit):
    assert _judge(_rule(**bounds), 1)[0].limit == limit


def test_an_advised_rule_becomes_required_on_its_day():
    rule = _rule(level="advised", required_from="2027-01-31")
    before, on = (_judge(rule, 400, as_of=day)[0] for day in (dt.date(2027, 1, 30), dt.date(2027, 1, 31)))
    assert (before.level, before.passed) == ("advised", False)
    assert on.level == "required"
    assert not required_failed((before,))
    assert required_failed((on,))


def test_a_rule_for_the_main_image_leaves_the_others_alone():
    rule = _rule(image_types=("primary", "main"))
    assert _judge(rule, 100, "side") == ()
    assert len(_judge(rule, 100, "Primary")) == 1


def test_nothing_is_measured_twice_or_for_nothing():
    calls = []

    def measure():
        calls.append(1)
        return 600.0

    def never():
        raise AssertionError("no rule asks for it")

    rules = (_rule(), _rule(id="shop.zoom", level="advised", minimum=1000))
    results = judge(rules, {Measure.LONGEST_SIDE: measure, Measure.BORDER: never}, "primary", TODAY)
    assert [result.passed for result in results] == [True, False]
    assert len(calls) == 1


def test_a_share_just_below_the_limit_fails():
    (result,) = _judge(_rule(measure="white_ground", minimum=1.0), 1 - 1e-9)
    assert not result.passed


@pytest.mark.parametrize(
    ("side", "on", "passed"), [(400, TODAY, True), (400, dt.date(2027, 2, 1), False), (80, TODAY, False)]
)
def test_google_before_and_after_january_2027(side, on, passed):
    measurements = {measure: lambda: 0.8 for measure in Measure} | {
        Measure.SHORTEST_SIDE: lambda: side,
        Measure.ENLARGED: lambda: 0.0,
    }
    results = judge(load_preset("google").rules, measurements, "primary", on)
    assert required_failed(results) is not passed
    assert all(result.source and result.dated == "2026-11-21" for result in results)
