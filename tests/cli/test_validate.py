from __future__ import annotations

import json
from pathlib import Path

import pytest

MANIFEST = """product_group_id,sku_id,image_url,image_type,mode
care,soap-1,soap/1.jpg,primary,
care,,soap/2.jpg,primary,
care,soap-3,../secret.jpg,primary,best
care,soap-1,soap/1.jpg,primary,
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "photos.csv"
    path.write_text(MANIFEST)
    return path


def test_every_bad_line_in_one_go(packshot, manifest: Path) -> None:
    ended = packshot("validate", manifest)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[-1].startswith("1 good line, ")
    assert {" ".join(line.split()[:2]) for line in lines[:-1]} == {"line 3", "line 4", "line 5"}
    assert "image_url" in ended.out
    assert "mode" in ended.out
    assert "sku_id" in ended.out
    assert "(row_duplicate)" in ended.out


def test_json_is_one_object(packshot, manifest: Path) -> None:
    answer = json.loads(packshot("validate", manifest, "--json").out)
    assert (answer["kind"], answer["valid"]) == ("csv", 1)
    assert answer["invalid"] == len(answer["errors"])
    assert {error["line"] for error in answer["errors"]} == {3, 4, 5}


def test_a_good_manifest_with_other_names_of_columns(packshot, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nr;Foto\n1;a.jpg\n2;b.jpg\n")
    ended = packshot("validate", path, "--sku-column", "Nr", "--url-column", "Foto")
    assert (ended.code, ended.out) == (0, "2 good lines, 0 bad lines.\n")


def test_missing_files_are_found_when_asked_for(packshot, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"sku_id,image_url\n1,a.jpg\n2,{'x' * 300}.jpg\n")
    assert packshot("validate", path).code == 0
    ended = packshot("validate", path, "--check-files")
    assert (ended.code, ended.out.count("(source_missing)")) == (1, 2)


@pytest.mark.parametrize("written", ["../apart.jpg", "missing.jpg"])
def test_the_reference_of_all_is_looked_at_too(packshot, tmp_path: Path, written: str) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"reference": written, "images": [{"image_url": "a.jpg"}]}))
    ended = packshot("validate", path, "--check-files")
    assert (ended.code, ended.out.splitlines()[-1]) == (1, "1 good line, 1 bad line.")
    assert f"reference  The photo {'lies outside' if '..' in written else 'does not exist'}" in ended.out
    path.write_text(json.dumps({"reference": "a.jpg", "images": [{"image_url": "a.jpg"}]}))
    assert packshot("validate", path, "--check-files").code == 0


def test_an_unreadable_manifest_is_2(packshot, tmp_path: Path) -> None:
    ended = packshot("validate", tmp_path / "nothing.csv")
    assert ended.code == 2
    assert "(manifest_unreadable)" in ended.err


def test_json_that_nests_for_ever_is_a_manifest_that_can_t_be_read(packshot, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text('{"a":' * 100_000)
    ended = packshot("validate", tmp_path / "deep.json")
    assert (ended.code, "(manifest_unreadable)" in ended.err) == (2, True)


def test_a_large_manifest_is_not_read_as_a_preset(packshot, tmp_path: Path, monkeypatch) -> None:
    rows = [{"image_url": f"{number}.jpg"} for number in range(100)]
    (tmp_path / "list.json").write_text(json.dumps({"canvas": "like a preset's", "images": rows}))
    monkeypatch.setattr("packshot.presets.loader.MAX_BYTES", 1000)
    monkeypatch.setattr(Path, "read_text", lambda *_: pytest.fail("read whole"))
    ended = packshot("validate", tmp_path / "list.json")
    assert (ended.code, "beside images" in ended.err) == (2, True)


def test_presets_are_told_from_manifests(packshot, tmp_path: Path) -> None:
    good = tmp_path / "mine.json"
    good.write_text(
        json.dumps(
            {"name": "mine", "title": "Mine", "version": "1", "extends": "studio", "canvas": {"fill": 0.7}}
        )
    )
    ended = packshot("validate", good)
    assert ended.code == 0
    assert ended.out.startswith("The preset mine is valid: 2000 x 2000 px")
    bad = tmp_path / "bad.json"
    bad.write_text(
        json.dumps({"name": "bad", "title": "Bad", "version": "1", "canvas": {"width": 1, "height": 9}})
    )
    ended = packshot("validate", bad)
    assert ended.code == 2
    assert "(preset_invalid)" in ended.err
