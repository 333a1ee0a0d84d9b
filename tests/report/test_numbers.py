from __future__ import annotations

import datetime as dt

import pytest

from packshot.report import numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (482_400, "482 KB"),
        (7_100_000, "7.1 MB"),
        (3.2e9, "3.2 GB"),
    ],
)
def test_size(value: float, words: str) -> None:
    assert numbers.size(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.04, "0.0 s"),
        (8.24, "8.2 s"),
        (59.6, "1 min 00 s"),
        (130, "2 min 10 s"),
        (3725, "1 h 02 min"),
        (3599.7, "1 h 00 min"),
    ],
)
def test_seconds(value: float, words: str) -> None:
    assert numbers.seconds(value) == words


@pytest.mark.parametrize(("value", "words"), [(74.96, "74.9"), (75.0, "75.0"), (100.0, "100.0"), (None, "–")])
def test_a_score_never_reads_as_one_that_it_did_not_reach(value: float | None, words: str) -> None:
    assert numbers.score(value) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "0 %"), (1, 1000, "< 1 %"), (999, 1000, "> 99 %"), (1, 3, "33 %"), (5, 5, "100 %")],
)
def test_percent(part: int, whole: int, words: str) -> None:
    assert numbers.percent(part, whole) == words


def test_count_and_moment() -> None:
    assert numbers.count(1, "photo waits", "photos wait") == "1 photo waits"
    assert numbers.count(2000, "image") == "2,000 images"
    east = dt.timezone(dt.timedelta(hours=2))
    assert numbers.moment(dt.datetime(2026, 11, 21, 7, 42, tzinfo=east)) == "21 November 2026, 05:42 UTC"
    assert numbers.milliseconds(1240) == "1.24 s"
