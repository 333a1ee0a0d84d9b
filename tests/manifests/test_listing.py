from __future__ import annotations

import errno
import glob
import os
import sys
from pathlib import Path

import pytest

from packshot.errors import ManifestError, SourceError
from packshot.manifests import Kind, SourceOptions, open_source
from packshot.manifests.listing import (
    OUTPUT_MARK,
    group_and_sku,
    is_picture,
    list_folder,
    list_glob,
    list_paths,
)
from packshot.presets import load_preset
from tests.manifests.reading import parted, told


def touch(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"")
    return folder


def named(folder: Path) -> list[tuple[str, str, str, str]]:
    good, errors = parted(open_source(str(folder)).rows)
    assert errors == []
    return [(row.product_group_id, row.sku_id, row.image_type, row.image_url) for row in good]


def test_folders_tell_group_and_sku(tmp_path: Path) -> None:
    folder = touch(
        tmp_path / "shop",
        "plain.jpg",
        "mugs/blue.JPG",
        "mugs/red/IMG_10.jpg",
        "mugs/red/IMG_2.jpg",
        "mugs/red/back.png",
        "mugs/red/more/x.webp",
        "cups/white/1.heic",
    )
    assert named(folder) == [
        ("shop", "plain", "primary", "plain.jpg"),
        ("cups", "white", "primary", "cups/white/1.heic"),
        ("mugs", "blue", "primary", "mugs/blue.JPG"),
        ("mugs", "red", "back", "mugs/red/back.png"),
        ("mugs", "red", "primary", "mugs/red/IMG_2.jpg"),
        ("mugs", "red", "alternate2", "mugs/red/IMG_10.jpg"),
        ("mugs", "red", "alternate3", "mugs/red/more/x.webp"),
    ]


def test_one_stem_with_two_endings_is_one_sku(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "red.jpg", "red-2.jpg", "red.png")
    assert [(sku, kind) for _, sku, kind, _ in named(folder)] == [
        ("red-2", "primary"),
        ("red", "primary"),
        ("red", "alternate1"),
    ]


def test_a_stem_like_a_folder_is_another_sku_and_told_when_names_meet(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "mugs/red.jpg", "mugs/red/1.jpg")
    good, errors = parted(open_source(str(folder)).rows_for(load_preset("studio")))
    assert [row.image_url for row in good] == ["mugs/red.jpg"]
    assert told(errors) == [(0, None, "row_name_taken")]
    assert "mugs/red/1.jpg would overwrite those of mugs/red.jpg" in errors[0].message


def test_case_alone_tells_no_files_apart(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "Red.jpg", "red.jpg")
    if len(list(folder.iterdir())) == 1:
        return  # this file system shows the very thing
    good, errors = parted(open_source(str(folder)).rows_for(load_preset("studio")))
    assert (len(good), told(errors)) == (1, [(0, None, "row_name_taken")])


def test_what_is_left_out(tmp_path: Path) -> None:
    folder = touch(
        tmp_path / "shop",
        "a.jpg",
        ".hidden.jpg",
        ".cache/b.jpg",
        "notes.txt",
        "jpg",
        f"out/{OUTPUT_MARK}",
        "out/catalogue/c.jpg",
        "new-out/catalogue/d.jpg",
    )
    assert list_folder(folder, exclude=[folder / "new-out"]).paths == ("a.jpg",)


def test_output_in_the_very_folder_of_the_photos(tmp_path: Path) -> None:
    folder = touch(tmp_path, "a.jpg", "x/b.jpg", OUTPUT_MARK, "catalogue/c.jpg", "review/d.jpg")
    assert list_folder(folder).paths == ("a.jpg", "x/b.jpg")
    (folder / OUTPUT_MARK).unlink()
    assert list_folder(folder, exclude=[folder]).paths == ("a.jpg", "x/b.jpg")
    assert list_glob(f"{folder}/**/*", exclude=[folder]).paths == ("a.jpg", "x/b.jpg")
    assert list_folder(folder).paths == ("a.jpg", "catalogue/c.jpg", "review/d.jpg", "x/b.jpg")


def test_photos_inside_of_an_output_folder(tmp_path: Path) -> None:
    folder = touch(tmp_path / "photos", "a.jpg")
    touch(tmp_path, OUTPUT_MARK)
    assert list_folder(folder, exclude=[tmp_path]).paths == ("a.jpg",)
    assert list_glob(f"{folder}/*", exclude=[tmp_path]).paths == ("a.jpg",)


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "x/a.jpg")
    touch(tmp_path / "elsewhere", "b.jpg")
    (folder / "x" / "back").symlink_to(folder)
    (folder / "y").symlink_to(tmp_path / "elsewhere")
    assert list_folder(folder).paths == ("x/a.jpg", "y/b.jpg")


def test_a_link_to_itself_costs_no_other_photo(tmp_path: Path) -> None:
    folder = touch(tmp_path, "a.jpg")
    for name in ("loop", "loop.jpg"):
        (folder / name).symlink_to(name)
    # As one that leads nowhere: what is called like a photo is told as a failed one.
    assert list_folder(folder).paths == ("a.jpg", "loop.jpg")
    assert list_glob(f"{folder}/**/*").paths == ("a.jpg",)


def test_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = touch(
        tmp_path / "shop",
        "a.jpg",
        "b.png",
        "x/c.jpg",
        "x/y/d.JPG",
        ".e.jpg",
        "f.txt",
        f"o/{OUTPUT_MARK}",
        "o/g.jpg",
    )
    monkeypatch.chdir(tmp_path)
    manifest = open_source("shop/**/*.[jJ][pP][gG]")
    assert manifest.kind is Kind.GLOB
    good, _ = parted(manifest.rows)
    assert [row.image_url for row in good] == ["a.jpg", "x/c.jpg", "x/y/d.JPG"]
    assert manifest.resolve("x/c.jpg") == str(folder / "x/c.jpg")
    assert [row.image_url for row in parted(open_source(f"{folder}/*").rows)[0]] == ["a.jpg", "b.png"]
    with pytest.raises(ManifestError) as caught:
        open_source("shop/*.tif")
    assert caught.value.code == "photos_missing"
    assert "shop/*.tif" in caught.value.message


@pytest.mark.parametrize(
    "pattern",
    [
        "*", "*.jpg", "**", "**/*", "**/*.jpg", "x/**/*.jpg", "*/*.jpg", "*/y/*.jpg", "x/*/../*.jpg",
        "**/y/**/*", "**/.hidden/*", ".*/*.jpg", "?/c.jpg", "**/[ab].jpg", "**/**/d.jpg",
        "nowhere/*/*.jpg", "*/nowhere/*.jpg",
    ],
)  # fmt: skip
def test_patterns_mean_what_they_mean_to_the_shell(tmp_path: Path, pattern: str) -> None:
    folder = touch(
        tmp_path / "shop",
        *("a.jpg", ".b.jpg", "x/c.jpg", "x/a.jpg", "x/y/d.jpg", "x/y/z/d.jpg", "y/a.jpg", "k[1]/a.jpg"),
        *(".hidden/e.jpg", "x/.hidden/y/f.jpg", "x/note.txt"),
    )
    wanted = {
        Path(path).as_posix()
        for path in glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 - the shell's word
        if is_picture(Path(path).name)
    }
    try:
        listing = list_glob(f"{folder}/{pattern}")
    except ManifestError:
        assert not wanted
    else:
        below = listing.folder.relative_to(folder)
        assert {(below / path).as_posix() for path in listing.paths} == wanted


def test_patterns_follow_links_but_not_in_circles(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "x/a.jpg", "y/b.jpg")
    touch(tmp_path / "elsewhere", "c.jpg")
    # Two links that lead back: followed forty times each they would be a million million paths.
    (folder / "x" / "back").symlink_to(folder)
    (folder / "y" / "again").symlink_to(folder)
    (folder / "z").symlink_to(tmp_path / "elsewhere")
    (folder / "gone.jpg").symlink_to(tmp_path / "gone.jpg")
    assert list_glob(f"{folder}/**/*.jpg").paths == ("x/a.jpg", "y/b.jpg", "z/c.jpg")
    assert list_glob(f"{folder}/x/back/*/*.jpg").paths == ("x/a.jpg", "y/b.jpg", "z/c.jpg")


def test_a_single_photo(tmp_path: Path) -> None:
    touch(tmp_path / "shop", "mug.jpg", "other.jpg")
    manifest = open_source(str(tmp_path / "shop" / "mug.jpg"))
    assert manifest.kind is Kind.PHOTO
    assert [(row.product_group_id, row.sku_id) for row in parted(manifest.rows)[0]] == [("shop", "mug")]


def test_the_digest_is_of_the_list(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "a.jpg")
    first = open_source(str(folder)).digest
    (folder / "a.jpg").write_bytes(b"changed")
    assert open_source(str(folder)).digest == first
    touch(folder, "b.jpg")
    assert open_source(str(folder)).digest != first


def test_names_that_look_like_something_else(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "https:a.jpg", "c:b.jpg", "back\\slash.jpg", "per%20cent.jpg")
    manifest = open_source(str(folder))
    for row in parted(manifest.rows)[0]:
        assert manifest.resolve(row.image_url) == str(folder / row.image_url)
    with pytest.raises(SourceError):
        manifest.resolve("../shop/../../etc/passwd")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX file names can be bytes of any kind")
def test_names_that_are_no_text_are_told(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "a.jpg")
    try:
        (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jpg"))).write_bytes(b"")
    except OSError:
        return  # this file system knows no such names
    good, errors = parted(open_source(str(folder)).rows)
    assert [row.sku_id for row in good] == ["a"]
    assert told(errors) == [(0, "image_url", "row_value_invalid")]


def test_spaces_around_a_name_belong_to_it(tmp_path: Path) -> None:
    touch(tmp_path, " a.jpg", " b/ c /\u00a0d.jpg")
    sources = [source for *_, source in named(tmp_path)]
    assert sources == [" a.jpg", " b/ c /\u00a0d.jpg"]


def test_names_with_line_breaks_are_told(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "a\nb.jpg", "c.jpg")
    good, errors = parted(open_source(str(folder)).rows)
    assert [row.sku_id for row in good] == ["c"]
    assert told(errors) == [(0, "image_url", "row_value_invalid")]


def test_folders_that_can_not_be_listed_or_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as empty:
        list_folder(tmp_path)
    assert empty.value.code == "photos_missing"
    assert str(tmp_path) in empty.value.message
    with pytest.raises(ManifestError) as gone:
        list_folder(tmp_path / "gone")
    assert gone.value.code == "manifest_unreadable"


def test_a_folder_without_rights_costs_its_photos_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = touch(tmp_path, "a.jpg", "locked/b.jpg", "x/c.jpg")
    real = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    good, errors = parted(open_source(str(folder)).rows)
    assert [row.image_url for row in good] == ["a.jpg", "x/c.jpg"]
    assert told(errors) == [(0, None, "source_unreadable")]
    assert "locked/ (Permission denied)" in errors[0].message


def test_more_folders_in_each_other_than_calls_may_nest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    count = sys.getrecursionlimit() + 100
    for _ in range(count):
        Path("d").mkdir()
        os.chdir("d")
    photo = Path("a.jpg")
    photo.write_bytes(b"")
    try:
        assert list_folder(tmp_path).paths == ("d/" * count + "a.jpg",)
    finally:
        # What clears temporary folders away goes down by calls, and would not get there.
        photo.unlink()
        for _ in range(count):
            os.chdir("..")
            Path("d").rmdir()


def test_links_between_two_folders_end(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "x/a.jpg", "y/b.jpg")
    (folder / "x" / "y").symlink_to("../y")
    (folder / "y" / "x").symlink_to("../x")
    assert list_folder(folder).paths == ("x/a.jpg", "x/y/b.jpg", "y/b.jpg", "y/x/a.jpg")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("red.jpg", (None, "red", False)),
        ("mugs/red.jpg", ("mugs", "red", False)),
        ("mugs/red/1.jpg", ("mugs", "red", True)),
        ("mugs/red/x/1.jpg", ("mugs", "red", True)),
        ("a.b.jpg", (None, "a.b", False)),
    ],
)
def test_group_and_sku(path: str, told: tuple[str | None, str, bool]) -> None:
    assert group_and_sku(path) == told


def test_endings() -> None:
    assert is_picture("A.JpEg")
    assert not is_picture("jpg")
    assert not is_picture(".jpg")
    assert not is_picture("a.svg")


def test_excluded_output_is_left_out_of_a_run(tmp_path: Path) -> None:
    folder = touch(tmp_path / "shop", "a.jpg", "out/catalogue/a.jpg")
    manifest = open_source(str(folder), SourceOptions(exclude=(folder / "out",)))
    assert [row.image_url for row in parted(manifest.rows)[0]] == ["a.jpg"]


def test_a_folder_told_by_its_paths_is_listed_as_a_folder_is(tmp_path: Path) -> None:
    paths = (
        "b/2.jpg",
        "b/10.jpg",
        "a/c/x.png",
        "a/z.webp",
        "10.jpg",
        "2.jpg",
        "B.jpg",
        "list.csv",
        ".rows.jsonl",
    )
    hidden = ("a/.cache/x.jpg", ".hidden.jpg")
    folder = touch(tmp_path / "shop", *paths, *hidden)
    found, told_by_paths = list_folder(folder), list_paths((*reversed(paths), *hidden), "shop")
    assert told_by_paths.paths == found.paths
    assert told_by_paths.digest == found.digest
    assert told_by_paths.folder.name == "shop"
    with pytest.raises(ManifestError, match="No photos were found in shop"):
        list_paths(["list.csv"], "shop")
