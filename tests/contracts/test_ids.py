"""Ids are the same everywhere and differ where the facts differ."""

from hypothesis import given
from hypothesis import strategies as st

from packshot.contracts import ids

texts = st.text(max_size=40)


def test_an_id_never_changes() -> None:
    """Written down: stored records of earlier versions are found by these."""
    assert ids.image_id("shoes", "A-1", "primary", "shoes/a 1.jpg") == "img-906fd26da96c97cac962"


@given(st.tuples(texts, texts, texts, texts), st.tuples(texts, texts, texts, texts))
def test_ids_are_equal_only_for_equal_rows(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    assert (ids.image_id(*one) == ids.image_id(*other)) == (one == other)


def test_parts_do_not_run_into_each_other() -> None:
    assert ids.image_id("ab", "c", "d", "e") != ids.image_id("a", "bc", "d", "e")
    assert ids.batch_id("x", "y") != ids.batch_id("xy")


def test_kinds_are_told_apart_by_their_prefix() -> None:
    made = [ids.reference_id("a"), ids.batch_id("a"), ids.event_id("a"), ids.image_id("a", "", "", "")]
    assert [text.split("-")[0] for text in made] == ["ref", "batch", "evt", "img"]
