from __future__ import annotations

import json

import pytest

from packshot.contracts.base import Mode
from packshot.errors import ManifestError, SettingsError
from packshot.manifests import Kind
from tests.manifests.reading import read, rows_of, told

ROWS = [{"sku_id": f"s{n}", "product_group_id": "g", "image_url": f"{n}.jpg"} for n in range(3)]


@pytest.mark.parametrize("name", ["list.json", "list.txt", ""])
def test_an_array(name: str) -> None:
    text = "\n[\n  " + ",\n  ".join(json.dumps(row) for row in ROWS) + "\n]\n"
    manifest = read(text, name)
    assert manifest.kind is Kind.JSON
    good, errors = rows_of(text, name)
    assert [(row.sku_id, row.line) for row in good] == [("s0", 3), ("s1", 4), ("s2", 5)]
    assert errors == []


@pytest.mark.parametrize("indent", [None, 2])
def test_an_object(indent: int | None) -> None:
    whole = {
        "preset": "amazon",
        "options": {"mode": "full", "target_size_kb": 400, "background": "#FFFFFF", "model": None},
        "images": ROWS,
        "reference": "ref.jpg",
    }
    manifest = read(json.dumps(whole, indent=indent), "list.json")
    assert manifest.kind is Kind.JSON
    assert manifest.batch_options == {
        "preset": "amazon",
        "reference": "ref.jpg",
        "options": {"mode": Mode.FULL, "target_size_kb": 400, "background": "#FFFFFF"},
    }
    assert len(list(manifest.rows)) == len(list(manifest.rows)) == 3


def test_json_lines() -> None:
    text = (
        json.dumps(ROWS[0])
        + "\n\n{broken\n[1]\nNaN\n"
        + json.dumps(ROWS[1])
        + "\r\n"
        + "[" * 100_000
        + "\n7\n"
    )
    good, errors = rows_of(text, "list.jsonl")
    assert [(row.sku_id, row.line) for row in good] == [("s0", 1), ("s1", 6)]
    assert told(errors) == [(line, None, "row_unreadable") for line in (3, 4, 5, 7, 8)]


def test_nesting_that_is_too_deep_is_no_crash() -> None:
    deep = "[" * 30_000 + "]" * 30_000
    _, errors = rows_of('{"image_url": ' + deep + "}\n" + json.dumps(ROWS[0]), "list.jsonl")
    assert told(errors) == [(1, None, "row_unreadable")]
    with pytest.raises(ManifestError):
        read("[" + deep + "]", "list.json")


@pytest.mark.parametrize("name", ["list.jsonl", "list.json", "list"])
def test_lines_of_objects_are_json_lines_whatever_their_name(name: str) -> None:
    text = "\n".join(json.dumps(row) for row in ROWS)
    assert read(text, name).kind is Kind.JSON_LINES


def test_one_object_on_one_line() -> None:
    assert read(json.dumps(ROWS[0]), "list").kind is Kind.JSON_LINES
    assert read(json.dumps({"images": ROWS}), "list").kind is Kind.JSON


def test_values_of_other_kinds() -> None:
    good, errors = rows_of(
        json.dumps(
            [
                {"sku_id": 12345, "product_group_id": "g", "image_url": "a.jpg", "mode": None, "price": 1.5},
                {"sku_id": 1.5, "product_group_id": True, "image_url": ["a.jpg"]},
                {"sku_id": "", "product_group_id": None, "image_url": "b.jpg"},
                {"sku_id": "x"},
                "a.jpg",
                {"sku_id": "half \ud800", "product_group_id": "g", "image_url": "c.jpg"},
            ],
            indent=0,
        ),
        "list.json",
    )
    assert [row.sku_id for row in good] == ["12345"]
    assert [(error.column, error.code) for error in errors] == [
        ("sku_id", "row_value_invalid"),
        ("product_group_id", "row_value_invalid"),
        ("image_url", "row_value_invalid"),
        ("product_group_id", "row_value_missing"),
        ("sku_id", "row_value_missing"),
        ("image_url", "row_unreadable"),
        (None, "row_unreadable"),
        ("sku_id", "row_value_invalid"),
    ]


def test_rows_with_different_keys() -> None:
    good, _ = rows_of(
        '[{"Image URL": "mugs/red/1.jpg"}, {"sku": "x", "image_url": "b.jpg"},'
        ' {"SKU ID": "y", "url": "c.jpg"}]',
        "list.json",
    )
    assert [(row.product_group_id, row.sku_id) for row in good] == [
        ("mugs", "red"),
        ("list", "x"),
        ("list", "y"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"image_url": "a.jpg"},\n{"image_url": }\n]', "line 2"),
        ('[{"image_url": "a.jpg"}\n\n{"image_url": "b.jpg"}]', "line 3"),
        ('[{"image_url": "a.jpg"},\n', "line 2"),
        ('[{"image_url": "a.jpg"},]', "line 1"),
        ('[{"image_url": "a.jpg"}]\n\n[]', "line 3"),
        ('{"images": [],\n"images": []}', "line 2"),
        ('{"images": {}}', "line 1"),
        ('{"preset": "x"\n"images": []}', "line 2"),
        ('{"preset": NaN, "images": []}', "line 1"),
        ("{'images': []}", "line 1"),
        ('{"images": [', "line 1"),
        ('[{"image_url": "' + "x" * 70_000 + '"}]', "too long"),
        ('[{"image_url": "a.jpg", "x": [' + "1.5," * 90_000 + "2]}]", "too long"),
        ('[{"image_url": "a.jpg", "x": [' + "false, " * 50_000 + "2]}]", "too long"),
        ("[" + "9" * 5000 + "]", "line 1"),
        ('{"preset": "x"}\n', "images"),
        ('{"pages": 1, "images": [{}]}', "'pages'"),
    ],
)
def test_broken_json_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(text, "list.json")
    assert caught.value.code == "manifest_unreadable"
    assert place in caught.value.message


@pytest.mark.parametrize("text", ["[]", "[ \n ]", '{"images": []}', '{"preset": "studio", "images": []}'])
def test_empty_lists(text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(text, "list.json")
    assert caught.value.code == "manifest_empty"


@pytest.mark.parametrize(
    "beside",
    [
        {"preset": 7},
        {"preset": " "},
        {"reference": ["a.jpg"]},
        {"options": "full"},
        {"options": {"mode": "loud"}},
        {"options": {"target_size_kb": 0}},
        {"options": {"colour": "red"}},
        {"options": {"background": "red"}},
    ],
)
def test_options_that_can_not_be_used(beside: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as caught:
        read(json.dumps({**beside, "images": ROWS}), "list.json")
    assert caught.value.code == "option_invalid"


def test_a_name_that_promises_json() -> None:
    with pytest.raises(ManifestError, match="no JSON"):
        read("sku_id,image_url\na,b\n", "list.json")


def test_rows_across_the_windows_edges() -> None:
    rows = [
        {"sku_id": f"s{n}", "product_group_id": "g", "image_url": f"{n}.jpg", "note": "ä" * (n * 37 % 9000)}
        for n in range(400)
    ]
    text = "[" + ",\n".join(json.dumps(row, ensure_ascii=n % 2 == 0) for n, row in enumerate(rows)) + "]"
    assert len(text) > 3 * (1 << 18)
    good, errors = rows_of(text, "list.json")
    assert [(row.sku_id, row.line) for row in good] == [(f"s{n}", n + 1) for n in range(400)]
    assert errors == []
