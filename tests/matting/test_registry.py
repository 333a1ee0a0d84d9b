"""Networks that a user adds are tried out, recorded and checked at every load."""

from pathlib import Path

import numpy as np
import pytest

from packshot.errors import ModelError
from packshot.matting.index import verify_model
from packshot.matting.kinds import KINDS
from packshot.matting.registry import add_model, find_model, list_models, load_model
from tests.matting.graphs import save_graph

OTHERS = [name for name in KINDS if name != "packshot-matte"]


def test_the_shipped_network_is_there_and_is_the_recorded_one() -> None:
    entry = list_models(Path("nowhere"))[0]
    assert entry.shipped
    verify_model(entry)
    alpha = load_model().predict(np.full((90, 160, 3), 200, np.uint8))
    assert alpha.shape == (180, 320)
    assert alpha.dtype == np.float32
    assert 0 <= alpha.min() <= alpha.max() <= 1


@pytest.mark.parametrize("kind", OTHERS)
def test_a_file_of_each_kind_is_added_and_runs(kind: str, tmp_path: Path) -> None:
    outputs = 7 if "u2net" in kind or kind == "silueta" else 1
    file = save_graph(tmp_path / "mine.onnx", KINDS[kind].size, outputs=outputs)
    entry = add_model(file, kind, folder=tmp_path / "models")
    assert (entry.name, entry.kind, entry.shipped) == ("mine", kind, False)
    assert entry.licence == KINDS[kind].licence
    model = load_model("mine", tmp_path / "models")
    assert model.sha256 == entry.sha256
    alpha = model.predict(np.full((50, 100, 3), 255, np.uint8))
    assert alpha.shape == (round(KINDS[kind].size / 2), KINDS[kind].size)


def test_a_swapped_file_is_noticed(tmp_path: Path) -> None:
    entry = add_model(save_graph(tmp_path / "mine.onnx", 320), "u2netp", folder=tmp_path / "models")
    entry.path.write_bytes(entry.path.read_bytes() + b"\0")
    with pytest.raises(ModelError) as caught:
        load_model("mine", tmp_path / "models")
    assert caught.value.code == "model_changed"


def test_a_removed_file_is_noticed(tmp_path: Path) -> None:
    entry = add_model(save_graph(tmp_path / "mine.onnx", 320), "u2netp", folder=tmp_path / "models")
    entry.path.unlink()
    with pytest.raises(ModelError) as caught:
        load_model("mine", tmp_path / "models")
    assert caught.value.code == "model_missing"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"no graph at all", "u2netp", "model_unusable"),
        (None, "u2netp", "model_missing"),
        (b"", "no-such-kind", "model_unknown"),
    ],
)
def test_files_that_cannot_be_added(content: bytes | None, kind: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.onnx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        add_model(file, kind, folder=tmp_path / "models")
    assert caught.value.code == code
    assert [entry.name for entry in list_models(tmp_path / "models")] == ["packshot-matte"]


def test_a_graph_of_another_size_is_refused_when_it_is_added(tmp_path: Path) -> None:
    file = save_graph(tmp_path / "mine.onnx", 320)
    with pytest.raises(ModelError) as caught:
        add_model(file, "isnet-general-use", folder=tmp_path / "models")
    assert caught.value.code == "model_unusable"


@pytest.mark.parametrize("name", ["packshot-matte", "../up", "UPPER", ""])
def test_names_that_cannot_be_used(name: str, tmp_path: Path) -> None:
    file = save_graph(tmp_path / "mine.onnx", 320)
    if name == "":
        assert add_model(file, "u2netp", name=None, folder=tmp_path / "models").name == "mine"
        return
    with pytest.raises(ModelError):
        add_model(file, "u2netp", name=name, folder=tmp_path / "models")


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="packshot-matte"):
        find_model("nope", tmp_path)


def test_a_broken_index_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("{")
    with pytest.raises(ModelError) as caught:
        list_models(tmp_path)
    assert caught.value.code == "model_unusable"


def test_the_shipped_network_does_not_hang_on_the_added_ones(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("{")
    with pytest.raises(ModelError) as caught:
        find_model("mine", tmp_path)
    assert caught.value.code == "model_unusable"
    assert find_model("packshot-matte", tmp_path).shipped


def test_a_kind_that_a_later_packshot_knows_is_told(tmp_path: Path) -> None:
    add_model(save_graph(tmp_path / "mine.onnx", 320), "u2netp", folder=tmp_path / "models")
    index = tmp_path / "models" / "index.json"
    index.write_text(index.read_text().replace('"u2netp"', '"u3net"'))
    with pytest.raises(ModelError, match="u3net") as caught:
        load_model("mine", tmp_path / "models")
    assert caught.value.code == "model_unusable"
