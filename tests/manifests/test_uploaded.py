"""Where the photos of a submitted manifest lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.errors import SourceError
from packshot.manifests.uploaded import place_of, resolver_of

FOLDER = "s3://uploads/photos/spring-0a1b2c3d4e"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a.jpg", "a.jpg"),
        ("./a/../b/mug 1+2 ü.jpg", "b/mug 1+2 ü.jpg"),
        ("a:b.jpg", "a:b.jpg"),
        ("s3:odd.jpg", "s3:odd.jpg"),
    ],
)
def test_a_path_within_the_folder_keeps_its_name(written: str, name: str) -> None:
    assert place_of(written, FOLDER) == f"{FOLDER}/{name}"


@pytest.mark.parametrize(
    "written",
    [
        "/home/ida/a.jpg",
        "file:///home/ida/a.jpg"[7:],
        "../a.jpg",
        "..",
        "a\\b.jpg",
        "tab\there.jpg",
        ".outside/a.jpg",
        "x" * 900 + ".jpg",
    ],
)
def test_any_other_gets_a_name_of_its_own(written: str) -> None:
    place = place_of(written, FOLDER)
    assert place.startswith(f"{FOLDER}/.outside/")
    assert place == place_of(written, FOLDER)
    assert place.endswith(".jpg") == written.endswith(".jpg")


def test_addresses_stay_what_they_are() -> None:
    assert place_of("https://example.com/a b.jpg?x=1", FOLDER) == "https://example.com/a b.jpg?x=1"
    assert place_of("s3://others/a.jpg", FOLDER) == "s3://others/a.jpg"
    with pytest.raises(SourceError):
        place_of("https://ida:secret@example.com/a.jpg", FOLDER)


@given(st.text(min_size=1, max_size=60).filter(lambda text: "://" not in text))
def test_no_text_leads_out_of_the_folder(written: str) -> None:
    if not written.isprintable() and not _is_text(written):
        return
    key = place_of(written, FOLDER).removeprefix(f"{FOLDER}/")
    assert key
    assert ".." not in key.split("/")
    assert not key.startswith("/")


def _is_text(written: str) -> bool:
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_a_batchs_base_tells_how_its_sources_are_found() -> None:
    assert resolver_of(FOLDER)("/home/ida/a.jpg").startswith(f"{FOLDER}/.outside/")
    beside = resolver_of("s3://uploads/manifests/spring")
    assert beside("photos/a.jpg") == "s3://uploads/manifests/spring/photos/a.jpg"
    with pytest.raises(SourceError):
        beside("/home/ida/a.jpg")
    with pytest.raises(SourceError):
        beside("../../a.jpg")
