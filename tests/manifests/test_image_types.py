from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.manifests.image_types import natural_key, type_of_stem, types_of_sku


@pytest.mark.parametrize(
    ("names", "types"),
    [
        (["only.jpg"], ["primary"]),
        (["1.jpg", "2.jpg", "10.jpg"], ["primary", "alternate1", "alternate2"]),
        (["back.jpg", "front.jpg", "side.jpg"], ["back", "primary", "side"]),
        (["back.jpg", "front.jpg", "main.jpg"], ["back", "front", "primary"]),
        (["back.jpg", "side.jpg"], ["back", "side"]),
        (["IMG_1.jpg", "IMG_2.jpg", "mug-side.jpg"], ["primary", "alternate2", "side"]),
        (["side-1.jpg", "side-2.jpg"], ["side", "alternate2"]),
        (["Mug_Front.JPG", "mugDetail.jpg"], ["primary", "detail"]),
        (["laptop.jpg", "desktop.jpg"], ["primary", "alternate1"]),
        ([".jpg"], ["primary"]),
    ],
)
def test_types(names: list[str], types: list[str]) -> None:
    assert types_of_sku(names) == types


def test_a_stem_that_names_the_sku_is_not_searched_for_words() -> None:
    assert types_of_sku(["back-pack.jpg", "back-pack.png"], words=False) == ["primary", "alternate1"]


def test_the_last_word_tells() -> None:
    assert type_of_stem("top-shelf-back") == "back"
    assert type_of_stem("1234") is None


@given(
    st.lists(
        st.from_regex(r"(front|side|back|main|img|x)?[-_]?[0-9]{0,3}\.(jpg|png)", fullmatch=True), unique=True
    )
)
def test_types_of_one_sku_always_differ(names: list[str]) -> None:
    types = types_of_sku(sorted(names, key=natural_key))
    assert len(set(types)) == len(types)
    assert all(types)


@given(st.lists(st.integers(0, 10_000), unique=True), st.integers())
def test_numbers_sort_by_value(numbers: list[int], seed: int) -> None:
    names = [f"IMG_{number}.jpg" for number in numbers]
    random.Random(seed).shuffle(names)
    assert sorted(names, key=natural_key) == [f"IMG_{number}.jpg" for number in sorted(numbers)]
