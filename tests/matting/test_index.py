"""Folders of networks are copied as they were recorded, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packshot.errors import ModelError
from packshot.matting.index import copy_models, model_in, models_in, verify_model
from packshot.matting.registry import add_model, load_model
from tests.matting.graphs import save_graph


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    for name, licence in (("mine", "MIT"), ("yours", None), ("theirs", "CC0")):
        add_model(save_graph(tmp_path / f"{name}.onnx", 320), "u2netp", licence=licence, folder=folder)
    return folder


def test_a_copy_has_those_that_were_asked_for_and_no_others(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "image" / "models"
    copied = copy_models(["theirs", "mine", "packshot-matte", "mine"], source, target)
    assert [(one.name, one.kind, one.licence) for one in copied] == [
        ("mine", "u2netp", "MIT"),
        ("theirs", "u2netp", "CC0"),
    ]
    assert sorted(file.name for file in target.iterdir()) == ["index.json", "mine.onnx", "theirs.onnx"]
    assert [one.name for one in models_in(target)] == ["packshot-matte", "mine", "theirs"]
    assert load_model("theirs", target).sha256 == model_in("theirs", source).sha256
    # Wherever the folder is taken, its index fits.
    moved = target.rename(tmp_path / "elsewhere")
    verify_model(model_in("mine", moved))
    assert load_model("mine", moved).name == "mine"


def test_a_copy_can_be_read_by_another_user(source: Path, tmp_path: Path) -> None:
    (source / "mine.onnx").chmod(0o600)
    copy_models(["mine"], source, tmp_path / "made")
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "made").iterdir()} == {0o644}
    assert (source / "index.json").stat().st_mode & 0o777 == 0o644


def test_what_a_folder_had_before_is_not_in_its_index(source: Path, tmp_path: Path) -> None:
    copy_models(["mine"], source, tmp_path / "made")
    copy_models([], source, tmp_path / "made")
    assert json.loads((tmp_path / "made" / "index.json").read_text()) == []
    assert [one.name for one in models_in(tmp_path / "made")] == ["packshot-matte"]


def test_a_file_that_has_changed_is_not_copied(source: Path, tmp_path: Path) -> None:
    (source / "mine.onnx").write_bytes(b"another one")
    with pytest.raises(ModelError) as caught:
        copy_models(["mine"], source, tmp_path / "made")
    assert caught.value.code == "model_changed"


def test_what_is_not_there_cannot_be_copied(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="mine, theirs, yours") as caught:
        copy_models(["none-such"], source, tmp_path / "made")
    assert caught.value.code == "model_unknown"
    (source / "mine.onnx").unlink()
    with pytest.raises(ModelError) as caught:
        copy_models(["mine"], source, tmp_path / "made")
    assert caught.value.code == "model_missing"
