"""The example photos: the table, the manifest, the truth and the files tell the same story."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from training.scenes import examples

FOLDER = Path(__file__).parents[2] / "examples"
SHOTS = {s.path: s for s in examples.shots()}
TRUTH = json.loads((FOLDER / "truth.json").read_text())


def rows() -> list[dict[str, str]]:
    with (FOLDER / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_table_names_products_places_and_one_reference_a_group() -> None:
    groups: dict[str, int] = {}
    for shot in SHOTS.values():
        assert shot.product in examples.PRODUCTS
        assert shot.place in examples.PLACES
        groups[shot.group] = groups.get(shot.group, 0) + shot.reference
    assert groups == {"tea": 1, "pantry": 1, "care": 1, "home": 1, "wear": 1}


def test_every_photo_is_in_the_manifest_with_its_reference() -> None:
    found = rows()
    assert [r["image_url"] for r in found] == list(SHOTS)
    for row in found:
        reference = SHOTS[row["reference"]]
        assert reference.reference
        assert reference.group == row["product_group_id"]
        assert (FOLDER / row["image_url"]).is_file()


def test_the_set_stays_small() -> None:
    assert sum(p.stat().st_size for p in (FOLDER / "photos").rglob("*.jpg")) < 8_500_000


@pytest.mark.parametrize("path", [p for p, s in SHOTS.items() if s.fault != "truncated"])
def test_truth_is_about_the_upright_picture(path: str) -> None:
    with Image.open(FOLDER / path) as picture:
        assert picture.getexif()[0x0110] == "Example camera"
        size = ImageOps.exif_transpose(picture).size
    truth = TRUTH[path]
    assert size == SHOTS[path].size == (truth["width"], truth["height"])
    assert truth["fault"] == SHOTS[path].fault
    if truth["fault"] == "empty":
        return
    x, y, w, h = truth["box"]
    points = np.array(truth["points_px"])
    assert len(points) >= 12
    assert (points >= (x - 1, y - 1)).all()
    assert (points <= (x + w + 1, y + h + 1)).all()


def test_points_of_one_product_are_the_same_in_all_its_photos() -> None:
    by_product: dict[str, list[object]] = {}
    for path, shot in SHOTS.items():
        if shot.fault != "empty":
            by_product.setdefault(shot.product, []).append(TRUTH[path]["points_3d"])
    assert len(by_product) == 10
    for same in by_product.values():
        assert all(points == same[0] for points in same)


def test_the_truncated_file_is_truncated_and_the_rotated_one_says_so() -> None:
    broken = next(p for p, s in SHOTS.items() if s.fault == "truncated")
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO((FOLDER / broken).read_bytes())).load()
    turned = next(p for p, s in SHOTS.items() if s.fault == "exif_rotated")
    with Image.open(FOLDER / turned) as picture:
        assert picture.getexif()[0x0112] == 6
        assert picture.width > picture.height


def test_a_written_photo_reads_back(tmp_path: Path) -> None:
    image = np.full((30, 40, 3), 200, np.uint8)
    examples.write(image, tmp_path / "a.jpg", "exif_rotated")
    with Image.open(tmp_path / "a.jpg") as picture:
        assert picture.size == (30, 40)
        assert ImageOps.exif_transpose(picture).size == (40, 30)
