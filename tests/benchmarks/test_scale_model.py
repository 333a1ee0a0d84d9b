"""The simulation against what can be worked out with a pencil."""

from __future__ import annotations

import pytest

from benchmarks.scale_model import STEP_S, Bucket, Limits, Station, simulate

ROW = (Station("one", 0.5), Station("two", 1.0), Station("three", 0.25))
WIDE = Limits(concurrency=100, starts=1e9, places=10**9, ramp=1e9)


def changed(**changes: object) -> Limits:
    return Limits(**{**vars(WIDE), **changes})  # type: ignore[arg-type]  # fields by name


def test_littles_law_with_the_map_full() -> None:
    # N = X R: as many inside as the Map lets in, each for as long as its functions take.
    course = simulate(20_000, ROW, WIDE, seed=1)
    # A child that ends makes room in the step after it.
    stay = sum(one.seconds for one in ROW) + 0.5 * STEP_S
    assert course.rate == pytest.approx(100 / stay, rel=0.03)
    assert course.inside == pytest.approx(100, rel=0.01)
    assert course.inside == pytest.approx(course.rate * stay, rel=0.03)
    assert course.seconds == pytest.approx(20_000 / course.rate, rel=0.05)
    assert course.first() == "the Map's concurrency"
    assert course.children == 20_000


def test_littles_law_with_room_for_all() -> None:
    # Nothing is full: as many inside as come in a second, times the seconds that each stays.
    course = simulate(20_000, ROW, changed(concurrency=10**6, starts=200.0), seed=2)
    assert course.rate == pytest.approx(200, rel=0.02)
    assert course.inside == pytest.approx(200 * 1.75, rel=0.05)
    assert course.first() == "the Map's starts"


@pytest.mark.parametrize(
    ("needs", "rates", "wanted"),
    [
        ({"puts": 9.0}, {"puts": 360.0}, 40.0),
        ({"puts": 9.0, "units": 5.0}, {"puts": 900.0, "units": 100.0}, 20.0),
        ({"puts": 0.5}, {"puts": 5.0}, 10.0),
    ],
)
def test_a_bottleneck_sets_the_pace(needs: dict[str, float], rates: dict[str, float], wanted: float) -> None:
    row = (Station("one", 0.5), Station("two", 0.5, needs))
    course = simulate(4_000, row, changed(rates=rates), seed=3)
    assert course.rate == pytest.approx(wanted, rel=0.02)
    tight = min(needs, key=lambda name: rates[name] / needs[name])
    assert course.first() == tight
    # All that the Map lets in stand before the bottleneck.
    assert course.inside == pytest.approx(100, rel=0.02)


def test_the_account_is_full_before_the_map() -> None:
    course = simulate(10_000, ROW, changed(places=40), seed=4)
    assert course.peak_places == 40
    assert course.rate == pytest.approx(40 / 1.75, rel=0.05)
    assert course.first() == "Lambda's concurrency"


def test_environments_come_ten_seconds_worth_and_then_by_the_second() -> None:
    # A thousand at once, and a hundred a second for five seconds; few end so early and leave theirs.
    row = (Station("long", 200.0),)
    course = simulate(1_500, row, changed(concurrency=1_500, ramp=100.0), seed=5)
    assert course.held["Lambda's ramp"] == pytest.approx(5.0, rel=0.1)
    assert course.peak_places > 1_400


@pytest.mark.parametrize("children", [1, 7, 1_001])
def test_nobody_is_lost(children: int) -> None:
    course = simulate(children, ROW, WIDE, seed=6)
    assert course.children == children
    assert course.rate > 0


def test_the_same_seed_is_the_same_course() -> None:
    first, again, other = (simulate(2_000, ROW, WIDE, seed=seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_bucket_gathers_no_more_than_it_holds() -> None:
    bucket = Bucket(rate=100.0, most=10.0)
    for _ in range(5):
        bucket.fill()
    assert bucket.allows(3.0) == 3
    bucket.units -= 9.0
    bucket.fill()
    assert bucket.units == pytest.approx(1.0 + 100 * STEP_S)
