# ruff: noqa: PLC0415 - the rooms under test import torch, which only some machines have
"""Which garments' masks training draws from."""

from pathlib import Path

import pytest

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: only training needs it (requirements/train.txt)"
)


def test_once_there_are_labels_they_alone_are_drawn_from(tmp_path: Path) -> None:
    from training.sources import garment_sources
    from training.split import garments

    data, work = tmp_path / "data", tmp_path / "work"
    for folder in (data / "clothing" / "hat", work / "masks"):
        folder.mkdir(parents=True)
    for number in range(40):
        (data / "clothing" / "hat" / f"{number}.jpg").touch()
        (work / "masks" / f"hat-{number}.png").touch()
    assert len(garment_sources(data, work)[0].pairs) == len(garments(data, held_out=False))
    (work / "labels").mkdir()
    assert not any(source.pairs for source in garment_sources(data, work))
    for number in range(40):
        (work / "labels" / f"hat-{number}.png").touch()
    pairs = [pair for source in garment_sources(data, work) for pair in source.pairs]
    assert {pair.alpha.parent.name for pair in pairs} == {"labels"}
