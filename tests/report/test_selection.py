from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.report.selection import select
from packshot.report.words import Outcome, outcome
from tests.report.samples import failed_record, record, review_record


def of(ready: int, review: int, failed: int):
    numbers = iter(range(ready + review + failed))
    return [
        *(record(next(numbers)) for _ in range(ready)),
        *(review_record(next(numbers)) for _ in range(review)),
        *(failed_record(next(numbers)) for _ in range(failed)),
    ]


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ((5, 3, 2), {"ready": 5, "review": 3, "failed": 2}),
        ((100, 3, 2), {"ready": 15, "review": 3, "failed": 2}),
        ((100, 100, 100), {"ready": 4, "review": 11, "failed": 5}),
        ((0, 0, 100), {"failed": 20}),
        ((100, 0, 7), {"ready": 13, "failed": 7}),
    ],
)
def test_what_needs_a_person_goes_first_and_everybody_gets_some(counts, wanted) -> None:
    chosen = select(of(*counts), limit=20)
    assert Counter(outcome(image).value for image in chosen.cards) == wanted


def test_cards_are_ordered_by_need() -> None:
    kinds = [outcome(image) for image in select(of(3, 3, 3)).cards]
    assert kinds == [Outcome.FAILED] * 3 + [Outcome.REVIEW] * 3 + [Outcome.READY] * 3


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 40), st.randoms())
def test_never_more_than_the_limit_nor_fewer_than_can_be_and_order_does_not_matter(
    a, b, c, limit, random
) -> None:
    images = of(a, b, c)
    chosen = select(images, limit)
    assert len(chosen.cards) == min(limit, len(images))
    assert len({image.image_id for image in chosen.cards}) == len(chosen.cards)
    assert chosen.statistics.total == len(images)
    random.shuffle(images)
    assert select(images, limit).cards == chosen.cards
