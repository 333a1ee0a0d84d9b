"""Which mask a training garment gets: what a person said first, then what is borne out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from training.labels import best, judgements
from training.paths import JUDGED

Mask = NDArray[np.uint8]


def box(left: int, right: int) -> Mask:
    mask = np.zeros((40, 30), np.uint8)
    mask[5:35, left:right] = 255
    return mask


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    drawn, older = tmp_path / "drawn", tmp_path / "older"
    for folder in (drawn, older):
        folder.mkdir()
    cv2.imwrite(str(drawn / "hat-1.png"), box(3, 12))
    cv2.imwrite(str(older / "hat-2.png"), box(5, 25))
    return drawn, older


@pytest.mark.parametrize(("said", "want"), [("product", box(9, 29)), ("drawn", box(3, 12)), ("none", None)])
def test_a_persons_word_decides(folders: tuple[Path, Path], said: str, want: Mask | None) -> None:
    got = best("hat-1", box(9, 29), {"hat-1": said}, folders[0], [folders[1]])
    assert (got is None) if want is None else np.array_equal(got, want)


def test_without_a_word_the_answer_needs_an_older_mask_that_bears_it_out(folders: tuple[Path, Path]) -> None:
    drawn, older = folders
    like, unlike = box(5, 25), box(5, 15)
    assert np.array_equal(best("hat-2", like, {}, drawn, [older]), like)
    assert best("hat-2", unlike, {}, drawn, [older]) is None
    assert best("hat-3", like, {}, drawn, [older]) is None, "nothing bears it out"


def test_an_older_mask_of_another_size_bears_out_too(folders: tuple[Path, Path]) -> None:
    larger = cv2.resize(box(5, 25), (60, 80), interpolation=cv2.INTER_NEAREST)
    assert best("hat-2", larger, {}, folders[0], [folders[1]]) is not None


def test_a_drawn_mask_that_is_missing_is_named(folders: tuple[Path, Path]) -> None:
    with pytest.raises(ValueError, match="hat-9"):
        best("hat-9", box(1, 5), {"hat-9": "drawn"}, folders[0], [])


def test_every_drawn_mask_lies_there_and_has_a_product() -> None:
    judged = judgements(JUDGED)
    drawn = {name for name, said in judged.items() if said == "drawn"}
    assert {path.stem for path in JUDGED.glob("*.png")} == drawn
    assert set(judged.values()) == {"product", "drawn", "none"}
    for name in drawn:
        mask = cv2.imread(str(JUDGED / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        assert mask.ndim == 2
        assert max(mask.shape) == 400
        assert set(np.unique(mask)) <= {0, 255}
        assert 0.01 < (mask > 127).mean() < 0.98, name
