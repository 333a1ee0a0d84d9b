from __future__ import annotations

import json
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.manifests.unique import LineIndex, fingerprint
from tests.manifests.reading import rows_of, told

HEADER = "product_group_id,sku_id,image_url,image_type\n"


def preset(template: str, *renditions: tuple[str, Format]) -> Preset:
    return Preset(
        name="test",
        title="Test",
        version="1",
        canvas=Canvas(width=100, height=100),
        name_template=template,
        renditions=tuple(
            RenditionSpec(name=name, format=form) for name, form in renditions or [("main", Format.JPEG)]
        ),
    )


def test_rows_of_one_identity_repeat_each_other() -> None:
    good, errors = rows_of(
        HEADER + "g,a,a.jpg,\ng,a,b.jpg,\ng,a,a.jpg,primary\ng,a,a.jpg,side\ng, a ,a.jpg,\n"
    )
    assert [row.line for row in good] == [2, 3, 5]
    assert told(errors) == [(4, None, "row_duplicate"), (6, None, "row_duplicate")]
    assert "line 2" in errors[0].message


def test_rows_of_one_file_name_are_told_by_line() -> None:
    text = HEADER + "g,a,a.jpg,\ng,a,b.jpg,\ng,a,a.jpg,\nh,a,c.jpg,\ng,A,d.jpg,\ng,a/b,e.jpg,\ng,a-b,f.jpg,\n"
    good, errors = rows_of(text, preset=preset("{sku}.{type}.{ext}"))
    assert [row.line for row in good] == [2, 7]
    assert told(errors) == [
        (3, None, "row_name_taken"),
        (4, None, "row_duplicate"),
        (5, None, "row_name_taken"),
        (6, None, "row_name_taken"),
        (8, None, "row_name_taken"),
    ]
    assert errors[0].message == "The files of this line would overwrite those of line 2: a.primary.jpg."
    assert "line 7" in errors[4].message


def test_composed_and_decomposed_letters_are_one_name() -> None:
    text = HEADER + "g,Caf\u00e9,a.jpg,\ng,Cafe\u0301,b.jpg,\n"
    _, errors = rows_of(text, preset=preset("{sku}.{ext}"))
    assert told(errors) == [(3, None, "row_name_taken")]


def test_a_row_that_is_refused_takes_no_name() -> None:
    text = HEADER + "g,a,ftp://x,\ng,a,a.jpg,\n"
    good, errors = rows_of(text, preset=preset("{sku}.{ext}"))
    assert ([row.line for row in good], told(errors)) == ([3], [(2, "image_url", "source_scheme_refused")])


def test_names_that_meet_across_renditions() -> None:
    chosen = preset(
        "{sku}-{rendition}.{ext}", ("main", Format.PNG), ("main-web", Format.PNG), ("web", Format.PNG)
    )
    good, errors = rows_of(HEADER + "g,a,a.jpg,\ng,a-main,b.jpg,\n", preset=chosen)
    assert ([row.line for row in good], told(errors)) == ([2], [(3, None, "row_name_taken")])
    assert "a-main-web.png" in errors[0].message


def test_json_rows_on_one_line_are_told_apart() -> None:
    row = {"sku_id": "a", "product_group_id": "g", "image_url": "a.jpg"}
    good, errors = rows_of(json.dumps([row, row]), "list.json")
    assert (len(good), told(errors)) == (1, [(1, None, "row_duplicate")])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["p", "s"]), st.sampled_from(["1", "2"])),
        max_size=30,
    )
)
def test_agrees_with_a_plain_dict(values: list[tuple[str, str, str]]) -> None:
    if not values:
        return
    text = HEADER + "".join(f"g,{sku},{url}.jpg,{kind}\n" for sku, kind, url in values)
    first: dict[tuple[str, str], tuple[int, str]] = {}
    expected = []
    for line, (sku, kind, url) in enumerate(values, start=2):
        seen = first.setdefault((sku, kind), (line, url))
        if seen[0] != line:
            expected.append((line, None, "row_duplicate" if seen[1] == url else "row_name_taken"))
    _, errors = rows_of(text, preset=preset("{product_group}/{sku}.{type}.{ext}"))
    assert told(errors) == expected


def test_the_table_keeps_everything_while_it_grows() -> None:
    index = LineIndex()
    # Neighbouring keys and equal low bits are the table's hard cases.
    chance = random.Random(1)
    keys = [
        *range(1, 3000),
        *((n << 40) | 7 for n in range(1, 3000)),
        *(chance.getrandbits(64) | 1 for _ in range(3000)),
    ]
    for line, key in enumerate(dict.fromkeys(keys)):
        assert index.find(key) is None
        index.add(key, line, line * 977)
    for line, key in enumerate(dict.fromkeys(keys)):
        assert index.find(key) == (line, line * 977 & 0xFFFFFFFF)


@pytest.mark.parametrize("count", [50_000, 91_800])
def test_a_row_costs_less_than_seventy_bytes(count: int) -> None:
    tracemalloc.start()
    index = LineIndex()
    for n in range(count):
        index.add(fingerprint(str(n)), n)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak / count < 70


def test_fingerprints_keep_parts_apart() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("\ud800") != 0
