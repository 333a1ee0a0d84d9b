from __future__ import annotations

import pytest

from packshot.contracts.base import Mode
from packshot.contracts.manifest import Scale
from packshot.errors import ManifestError, SettingsError
from tests.manifests.reading import rows_of, told

HEADER = "product_group_id,sku_id,image_url,image_type\n"


def test_every_column() -> None:
    (row,), errors = rows_of(
        "product_group_id,sku_id,image_url,image_type,reference,mode,background,scale\n"
        "mugs,red,a.jpg,Side,ref.jpg,Sharpen,#FFEE00,shared\n"
    )
    assert errors == []
    assert row.model_dump() == {
        "line": 2,
        "product_group_id": "mugs",
        "sku_id": "red",
        "image_url": "a.jpg",
        "image_type": "side",
        "reference": "ref.jpg",
        "mode": Mode.SHARPEN,
        "background": "#ffee00",
        "scale": Scale.SHARED,
    }


def test_empty_optional_cells_have_their_defaults() -> None:
    (row,), _ = rows_of(
        "product_group_id,sku_id,image_url,image_type,reference,mode,background,scale\nmugs,red,a.jpg,,,,,\n"
    )
    assert (row.image_type, row.reference, row.mode, row.background, row.scale) == (
        "primary",
        None,
        None,
        None,
        Scale.OWN,
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    lines = [["Title, or: name;", "SKU ID", "Image URL", "x"], ['a,b;c\t"d"|', "red", "a.jpg", ""]]
    text = end.join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    (row,), errors = rows_of(text)
    assert (row.sku_id, row.image_url, row.line, errors) == ("red", "a.jpg", 2, [])


def test_a_stray_carriage_return_costs_its_row_only() -> None:
    good, errors = rows_of(HEADER + "g,a,a.jpg,\ng,b,b\rx.jpg,\ng,c,c.jpg,\n")
    assert [row.line for row in good] == [2, 4]
    assert told(errors) == [(3, None, "row_unreadable")]
    assert "line break" in errors[0].message


def test_a_line_that_tells_the_delimiter() -> None:
    (row,), _ = rows_of("sep=;\r\nsku_id;image_url\r\nred;a.jpg\r\n")
    assert (row.line, row.sku_id) == (3, "red")


@pytest.mark.parametrize("sign", ['"', " ", "x", ""])
def test_what_can_t_part_cells_is_no_told_delimiter(sign: str) -> None:
    with pytest.raises(ManifestError) as caught:
        rows_of(f"sep={sign}\r\nsku_id,image_url\r\nred,a.jpg\r\n")
    assert caught.value.code == "manifest_column_missing"


def test_spaces_around_cells_and_quotes() -> None:
    (row,), _ = rows_of(' sku_id , "image_url"\n red , "a.jpg"\n')
    assert (row.sku_id, row.image_url) == ("red", "a.jpg")


def test_lines_count_from_a_rows_first_line() -> None:
    good, errors = rows_of(
        "\n\n" + HEADER + 'g,"a",1.jpg,\n\n,,,\ng,"b",2.jpg,"x\r\ny"\ng,c,3.jpg,\n"g\n\n",d,4.jpg,\n', "x.csv"
    )
    assert [(row.sku_id, row.line) for row in good] == [("a", 4), ("c", 9), ("d", 10)]
    assert told(errors) == [(7, "image_type", "row_value_invalid")]


def test_a_quotation_mark_that_is_not_closed_costs_one_line() -> None:
    rows = "".join(f"g,s{n},{n}.jpg,\n" for n in range(300))
    good, errors = rows_of(HEADER + 'g,"open,a.jpg,\n' + rows)
    assert told(errors) == [(2, None, "row_unreadable")]
    assert "quotation mark" in errors[0].message
    assert [row.line for row in good] == list(range(3, 303))


def test_a_quotation_mark_that_is_not_closed_at_the_end() -> None:
    good, errors = rows_of(HEADER + 'g,a,a.jpg,\ng,"open,a.jpg,\ng,b,b.jpg,\n')
    assert told(errors) == [(3, None, "row_unreadable")]
    assert [(row.sku_id, row.line) for row in good] == [("a", 2), ("b", 4)]


def test_text_behind_a_closing_quotation_mark() -> None:
    good, errors = rows_of(HEADER + 'g,"5" mug,a.jpg,\ng,5" mug,b.jpg,\n')
    assert told(errors) == [(2, None, "row_unreadable")]
    assert good[0].sku_id == '5" mug'


def test_an_endless_line_costs_one_line() -> None:
    for end in ("\n", "\r\n", "\r"):
        good, errors = rows_of(HEADER.rstrip() + end + "g,a," + "x" * 200_000 + end + "g,b,b.jpg," + end)
        assert told(errors) == [(2, None, "row_unreadable")]
        assert [(row.sku_id, row.line) for row in good] == [("b", 3)]


@pytest.mark.parametrize("length", range(65_530, 65_540))
def test_lines_near_the_limit_are_counted_right(length: int) -> None:
    for times in (1, 2):
        text = "g,a," + "x" * (length * times) + "\r\ng,b,b.jpg,\r\n"
        good, _ = rows_of(HEADER.rstrip() + "\r\n" + text)
        assert [(row.sku_id, row.line) for row in good] == [("b", 3)]


def test_cells_beyond_the_header() -> None:
    good, errors = rows_of(HEADER + "g,a,a.jpg,,,,\ng,b,b.jpg,,x\ng,c,c.jpg\ng,d\n")
    assert [row.sku_id for row in good] == ["a", "c"]
    assert told(errors) == [(3, None, "row_unreadable"), (5, "image_url", "row_value_missing")]


def test_all_faults_of_a_row_are_told_in_one_go() -> None:
    _, errors = rows_of(
        "product_group_id,sku_id,image_url,mode,background,scale,reference\n"
        ",,ftp://x/a.jpg,loud,red,huge,http://x/r.jpg\n"
    )
    assert sorted(told(errors), key=str) == sorted(
        [
            (2, "product_group_id", "row_value_missing"),
            (2, "sku_id", "row_value_missing"),
            (2, "image_url", "source_scheme_refused"),
            (2, "mode", "row_value_invalid"),
            (2, "background", "row_value_invalid"),
            (2, "scale", "row_value_invalid"),
            (2, "reference", "source_scheme_refused"),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sku_id", "x" * 301),
        ("product_group_id", "x" * 301),
        ("image_type", "x" * 61),
        ("image_url", "x" * 2049),
        ("reference", "x" * 2049),
        ("sku_id", "a\x85b"),
        ("sku_id", "a\x1bb"),
    ],
)
def test_values_that_can_not_be_used(column: str, value: str) -> None:
    cells = {"product_group_id": "g", "sku_id": "s", "image_url": "a.jpg"} | {column: value}
    _, errors = rows_of(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    assert told(errors) == [(2, column, "row_value_invalid")]
    assert errors[0].message.isprintable()
    assert len(errors[0].message) < 300


def test_headers_of_any_spelling_and_names_of_ones_own() -> None:
    (row,), _ = rows_of("Product Group-ID,SKU,Photo Link\ng,s,a.jpg\n", image_url="photo_link")
    assert (row.product_group_id, row.sku_id, row.image_url) == ("g", "s", "a.jpg")


def test_a_mapped_column_is_read_under_its_own_name_only() -> None:
    (row,), _ = rows_of("sku_id,image_url,Link\ns,a.jpg,b.jpg\n", image_url="Link")
    assert row.image_url == "b.jpg"


def test_columns_that_are_not_there_are_told_by_the_path() -> None:
    good, _ = rows_of(
        "image_url\nmugs/red/front.jpg\nmugs/red/x.jpg\nmugs/blue.jpg\nplain.jpg\n"
        "https://cdn.example/files/9/mug%20one.jpg?x=1\ns3://bucket-name/a/b/c.jpg\n/shop/abs/d.jpg\n",
        "spring.csv",
    )
    assert [(row.product_group_id, row.sku_id, row.image_type) for row in good] == [
        ("mugs", "red", "front"),
        ("mugs", "red", "primary"),
        ("mugs", "blue", "primary"),
        ("spring", "plain", "primary"),
        ("spring", "mug one", "primary"),
        ("spring", "c", "primary"),
        ("spring", "d", "primary"),
    ]


def test_a_path_that_tells_too_long_a_sku() -> None:
    _, errors = rows_of("image_url\n" + "x" * 310 + "/" + "y" * 310 + "/a.jpg\n")
    assert told(errors) == [(2, "image_url", "row_value_invalid")]


def test_without_a_column_for_the_photo() -> None:
    for text, columns in (("sku_id,title\na,b\n", {}), ("sku_id,image_url\na,b\n", {"image_url": "Link"})):
        with pytest.raises(ManifestError) as caught:
            rows_of(text, **columns)
        assert caught.value.code == "manifest_column_missing"
        assert "sku_id" in caught.value.message


def test_two_columns_for_one_thing() -> None:
    with pytest.raises(ManifestError, match="both read as image_url"):
        rows_of("image_url,Image URL\na,b\n")


def test_two_candidates_for_one_column_are_no_guess() -> None:
    with pytest.raises(ManifestError) as caught:
        rows_of("sku,url,path\na,b,c\n")
    assert caught.value.code == "manifest_column_missing"


def test_a_mapping_of_no_column() -> None:
    with pytest.raises(SettingsError):
        rows_of("sku_id,image_url\na,b\n", title="Title")


@pytest.mark.parametrize("text", ["", "\n \n", "sku_id,image_url\n", "sku_id,image_url\n,\n\n,,\n"])
def test_empty_manifests(text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        rows_of(text)
    assert caught.value.code == "manifest_empty"
