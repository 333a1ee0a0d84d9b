from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.errors import SourceError
from packshot.manifests.locate import Base, base_of, inside, resolve, resolve_listed, shown

BASE = Base("/shop/list", roots=("/photos",))


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("a.jpg", "/shop/list/a.jpg"),
        ("./x/../a.jpg", "/shop/list/a.jpg"),
        ("x//y.jpg", "/shop/list/x/y.jpg"),
        ("/shop/list/x/a.jpg", "/shop/list/x/a.jpg"),
        ("//shop/list/a.jpg", "/shop/list/a.jpg"),
        ("../../photos/a.jpg", "/photos/a.jpg"),
        ("/photos/a.jpg", "/photos/a.jpg"),
        ("file:///photos/a%20b%23.jpg", "/photos/a b#.jpg"),
        ("FILE://localhost/photos/a.jpg", "/photos/a.jpg"),
        ("müg.jpg", "/shop/list/müg.jpg"),
        ("c:a.jpg", "/shop/list/c:a.jpg"),
        ("https://cdn.example/a.jpg?x=1", "https://cdn.example/a.jpg?x=1"),
        ("s3://my-bucket/a/b c.jpg", "s3://my-bucket/a/b c.jpg"),
        ("S3://my-bucket/a.jpg", "s3://my-bucket/a.jpg"),
    ],
)
def test_places(written: str, place: str) -> None:
    assert resolve(written, BASE) == place


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("../a.jpg", "source_outside_root"),
        ("x/../../a.jpg", "source_outside_root"),
        ("/etc/passwd", "source_outside_root"),
        ("/shop/listing/a.jpg", "source_outside_root"),
        ("file:///etc/passwd", "source_outside_root"),
        ("file:///shop/list/%2e%2e/a.jpg", "source_outside_root"),
        ("file://server/share/a.jpg", "source_invalid"),
        ("file:a.jpg", "source_invalid"),
        ("file:///photos/a%00.jpg", "source_invalid"),
        ("file:///photos/a.jpg?x", "source_invalid"),
        ("photos\\a.jpg", "source_invalid"),
        ("C:\\photos\\a.jpg", "source_invalid"),
        ("\\\\server\\a.jpg", "source_invalid"),
        ("a\x00.jpg", "source_invalid"),
        ("a\n.jpg", "source_invalid"),
        ("http://cdn.example/a.jpg", "source_scheme_refused"),
        ("ftp://cdn.example/a.jpg", "source_scheme_refused"),
        ("data:image/png;base64,AAAA", "source_scheme_refused"),
        ("javascript:alert(1)", "source_scheme_refused"),
        ("https://", "source_invalid"),
        ("https:/cdn.example/a.jpg", "source_invalid"),
        ("https://me:secret@cdn.example/a.jpg", "source_invalid"),
        ("https://cdn.example:0/a.jpg", "source_invalid"),
        ("https://cdn.example:port/a.jpg", "source_invalid"),
        ("https://[::1/a.jpg", "source_invalid"),
        ("s3:/bucket/a.jpg", "source_invalid"),
        ("s3://bucket", "source_invalid"),
        ("s3://bucket/folder/", "source_invalid"),
        ("s3://Bucket_/a.jpg", "source_invalid"),
    ],
)
def test_places_that_are_refused(written: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        resolve(written, BASE)
    assert caught.value.code == code
    assert "secret" not in caught.value.message


def test_a_root_may_be_a_single_file_or_everything() -> None:
    assert resolve("/photos/ref.jpg", Base("/shop", roots=("/photos/ref.jpg",))) == "/photos/ref.jpg"
    assert resolve("/any/where.jpg", Base("/")) == "/any/where.jpg"
    assert not inside("/photos2", ("/photos",))


def test_the_same_folder_under_another_name_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    base = base_of(tmp_path / "real")
    assert resolve(f"{tmp_path}/link/a.jpg", base) == f"{tmp_path.resolve()}/real/a.jpg"


def test_what_a_folder_holds_may_be_called_anything(tmp_path: Path) -> None:
    for name in ("ftp:b.jpg", "a\\b.jpg"):
        (tmp_path / name).write_bytes(b"")
        assert resolve_listed(name, base_of(tmp_path)) == f"{tmp_path}/{name}"
    with pytest.raises(SourceError, match="folder"):
        resolve_listed(f"../{tmp_path.name}-2/a.jpg", base_of(tmp_path))


def test_a_name_longer_than_names_may_be_is_a_place_like_any_other(tmp_path: Path) -> None:
    name = "x" * 300 + ".jpg"
    assert resolve_listed(name, base_of(tmp_path)) == f"{tmp_path}/{name}"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("a.jpg", "s3://bucket/in/a.jpg"),
        ("x/../b.jpg", "s3://bucket/in/b.jpg"),
        ("s3://other/c.jpg", "s3://other/c.jpg"),
    ],
)
def test_places_beside_a_manifest_in_a_bucket(written: str, place: str) -> None:
    assert resolve(written, Base("s3://bucket/in")) == place


@pytest.mark.parametrize("written", ["../a.jpg", "/etc/passwd", "file:///etc/passwd", "x/../../../a.jpg"])
def test_a_manifest_in_a_bucket_reads_no_disk_and_stays_in_its_folder(written: str) -> None:
    for base in (Base("s3://bucket/in"), Base("s3://bucket")):
        with pytest.raises(SourceError):
            resolve(written, base)


def test_messages_show_no_secrets_and_stay_short() -> None:
    assert shown("https://me:word@cdn.example/a.jpg?X-Signature=abc") == "https://…@cdn.example/a.jpg?…"
    assert shown("a\x1b[31m\n.jpg") == "a?[31m?.jpg"
    assert len(shown("x" * 5000)) == 200
    assert shown("\udcff") == "?"


@given(st.text(max_size=60))
def test_no_text_leads_out_of_the_roots(written: str) -> None:
    try:
        place = resolve(written, BASE)
    except SourceError:
        return
    assert place.startswith(("https://", "s3://")) or inside(place, ("/shop/list", "/photos"))


@given(st.lists(st.sampled_from(["..", ".", "a", "", "/", "photos", "shop", "list"]), max_size=12))
def test_no_path_leads_out_of_the_roots(parts: list[str]) -> None:
    try:
        place = resolve("/".join(parts), BASE)
    except SourceError:
        return
    assert inside(place, ("/shop/list", "/photos"))
    assert ".." not in place.split("/")
