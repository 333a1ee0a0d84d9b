"""What holds for every manifest, whatever is in it."""

from __future__ import annotations

import csv
import io
import json
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packshot.contracts.manifest import ManifestRow, RowError
from packshot.errors import PackshotError
from packshot.manifests import read_manifest
from tests.manifests.reading import BASE, parted

#: Letters of cells: what delimits, quotes and breaks lines, and what encodings differ in.
LETTERS = string.ascii_letters + string.digits + " ,;|'\"\\äßé€-_."
cell = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(lambda text: text not in ("", "."))
note = st.text(LETTERS + "\n\r\t", max_size=20)
path = (
    st.text(string.ascii_letters + string.digits + "äé ,;-_", min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
row = st.fixed_dictionaries(
    {
        "product_group_id": cell,
        "sku_id": cell,
        "image_url": path.map(lambda name: name + ".jpg"),
        "image_type": st.sampled_from(["primary", "side", "back"]),
        "mode": st.sampled_from(["", "auto", "none", "full"]),
        "note": note,
    }
)
rows = st.lists(
    row,
    min_size=1,
    max_size=12,
    unique_by=lambda one: (one["product_group_id"], one["sku_id"], one["image_type"]),
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])


def same(found: list[ManifestRow], written: list[dict[str, str]]) -> None:
    assert [
        {
            "product_group_id": one.product_group_id,
            "sku_id": one.sku_id,
            "image_url": one.image_url,
            "image_type": one.image_type,
            "mode": one.mode.value if one.mode else "",
        }
        for one in found
    ] == [{name: value for name, value in one.items() if name != "note"} for one in written]


@settings(max_examples=150, deadline=None)
@given(
    rows,
    encodings,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.permutations(range(6)),
)
def test_a_written_csv_reads_back_equal_with_its_lines(
    written: list[dict[str, str]], encoding: str, delimiter: str, end: str, quote_all: bool, order: list[int]
) -> None:
    columns = [list(written[0])[at] for at in order]
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    lines = []
    for one in written:
        lines.append(text.getvalue().count("\n") + 1)
        # Python's writer leaves a lone carriage return bare unless it is the line's end.
        writer.writerow(one if quote_all else {**one, "note": one["note"].replace("\r", "")})
    manifest = read_manifest(io.BytesIO(text.getvalue().encode(encoding)), "list.csv", BASE)
    good, errors = parted(manifest.rows)
    assert errors == []
    same(good, written)
    assert [one.line for one in good] == lines


@settings(max_examples=80, deadline=None)
@given(rows, encodings, st.sampled_from([None, 0, 2]), st.booleans(), st.booleans())
def test_written_json_reads_back_equal_with_its_lines(
    written: list[dict[str, str]], encoding: str, indent: int | None, whole: bool, escaped: bool
) -> None:
    content: object = {"preset": "studio", "images": written} if whole else written
    text = json.dumps(content, indent=indent, ensure_ascii=escaped)
    good, errors = parted(read_manifest(io.BytesIO(text.encode(encoding)), "list.json", BASE).rows)
    assert errors == []
    same(good, written)
    objects = 8  # lines of one row: six values and two braces
    first = (3 if whole else 2) if indent is not None else 1
    assert [one.line for one in good] == [
        first + (objects * at if indent is not None else 0) + (1 if whole and indent is not None else 0)
        for at in range(len(written))
    ]


@settings(max_examples=80, deadline=None)
@given(rows, encodings, st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_written_json_lines_read_back_equal(
    written: list[dict[str, str]], encoding: str, end: str, escaped: bool
) -> None:
    text = end.join(json.dumps(one, ensure_ascii=escaped) for one in written)
    good, errors = parted(read_manifest(io.BytesIO(text.encode(encoding)), "list.jsonl", BASE).rows)
    assert errors == []
    same(good, written)
    assert [one.line for one in good] == [1 + at * end.count("\n") for at in range(len(written))]


names = st.sampled_from(["list.csv", "list.json", "list.jsonl", "list", "list.txt"])
#: Pieces that take a reader into its corners sooner than plain random bytes do.
CORNERS = [
    *(
        b"image_url",
        b"sku_id,",
        b"image_url,sku_id\n",
        b"image_url;sku_id\r\n",
        b"image_url\tsku_id\r",
        b"sep=;\n",
    ),
    *(b"\n", b"\r", b'"', b'""', b",", b";", b"[", b"{", b"}", b"]", b":", b"null", b"1e999", b"\\ud800"),
    *(b'{"image_url": "a.jpg"}', b'{"images": [', b'"images":', b"a.jpg", b"../", b"https://", b"s3://b/"),
    *(b"file:///", b"\\", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xe4"),
]
pieces = st.lists(st.one_of(st.binary(max_size=12), st.sampled_from(CORNERS)), max_size=30).map(b"".join)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces, names)
def test_whatever_the_bytes_only_our_errors_come(data: bytes, name: str) -> None:
    try:
        found = list(read_manifest(io.BytesIO(data), name, BASE).rows)
    except PackshotError:
        return
    assert found
    for one in found:
        assert isinstance(one, ManifestRow | RowError)
        assert 1 <= one.line <= 1 + data.count(b"\n") + data.count(b"\r")
        one.model_dump_json()
    assert found == list(read_manifest(io.BytesIO(data), name, BASE).rows)
