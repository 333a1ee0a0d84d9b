"""Many small waits at a time: in order, bounded, and told of the first that fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from packshot.aws_runtime.metrics import measure, metering
from packshot.aws_runtime.side_by_side import SideBySide
from packshot.contracts.metrics import FILES


def test_as_many_as_asked_for_are_at_work_and_results_come_in_order() -> None:
    # Nobody gets through before four are inside.
    together = threading.Barrier(4, timeout=20)
    found: list[int] = []

    def work(item: int) -> int:
        together.wait()
        return -item

    with SideBySide(work, found.append, at_once=4) as side:
        for item in range(12):
            side.add(item)
    assert found == [-item for item in range(12)]


def test_items_are_taken_as_there_is_room_for_them() -> None:
    taken, told = 0, 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(1000):
            assert item - told <= 8
            taken += 1
            yield item

    def count(_: int) -> None:
        nonlocal told
        told += 1

    with SideBySide(abs, count, at_once=4) as side:
        for item in items():
            side.add(item)
    assert taken == told == 1000


def test_the_first_failure_ends_it_and_what_has_not_begun_is_left() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 3:
            raise ValueError(str(item))

    def work_on_all() -> None:
        with SideBySide(work, at_once=1) as side:
            for item in range(100):
                side.add(item)

    with pytest.raises(ValueError, match="3"):
        work_on_all()
    assert len(begun) < 10


def test_a_failure_at_the_very_end_is_told_too() -> None:
    def work(item: int) -> None:
        raise ValueError(str(item))

    with pytest.raises(ValueError, match="0"), SideBySide(work) as side:
        side.add(0)


def test_what_threads_measure_counts_for_the_call() -> None:
    with metering() as meter:
        with SideBySide(lambda _: measure(FILES, 1), at_once=8) as side:
            for item in range(500):
                side.add(item)
        (line,) = meter.lines(0)
    assert line[FILES.name] == 500
