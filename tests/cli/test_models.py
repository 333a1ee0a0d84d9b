from __future__ import annotations

import json
from pathlib import Path

import pytest

from packshot.matting import registry


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path: Path) -> Path:
    """The user's models lie in a folder of the test."""
    monkeypatch.setattr(registry, "default_folder", lambda: tmp_path / "models")
    return tmp_path / "models"


def test_add_list_and_verify(packshot, tmp_path: Path, own_folder: Path) -> None:
    file = tmp_path / "Mine.onnx"
    file.write_bytes(registry.find_model("packshot-matte").path.read_bytes())
    ended = packshot("models", "add", file, "--like", "packshot-matte", "--licence", "my own")
    assert (ended.code, "Use it with --model mine." in ended.out) == (0, True)
    listed = [json.loads(line) for line in packshot("models", "list", "--json").out.splitlines()]
    assert [(entry["name"], entry["licence"]) for entry in listed][1:] == [("mine", "my own")]
    assert packshot("models", "verify").code == 0
    with (own_folder / "mine.onnx").open("ab") as changed:
        changed.write(b"x")
    ended = packshot("models", "verify")
    assert ended.code == 3
    assert "packshot-matte: as recorded" in ended.out
    assert "(model_changed)" in ended.err


def test_an_unknown_kind_is_wrong_use(packshot, tmp_path: Path) -> None:
    file = tmp_path / "net.onnx"
    file.write_bytes(b"no network")
    ended = packshot("models", "add", file, "--like", "nonsense")
    assert (ended.code, "(model_unknown)" in ended.err) == (2, True)
    ended = packshot("models", "add", file, "--like", "u2netp")
    assert (ended.code, "(model_unusable)" in ended.err) == (3, True)


def test_kinds_name_their_licences(packshot) -> None:
    assert "packshot-matte" in packshot("models", "kinds").out
