from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from packshot.cli import images
from packshot.cli.place import open_place
from packshot.cli.where import Where
from packshot.errors import SettingsError
from tests.cli.folders import output_folder
from tests.report.samples import record


def find_images(out: Path, names: Iterable[str]) -> tuple[str, ...]:
    with open_place(Where(out)) as place:
        return images.find_images(place, names)


def test_a_sku_names_all_its_images_and_none_twice(tmp_path: Path) -> None:
    front = record(1)
    side = record(2, sku_id=front.sku_id, image_type="side", renditions=())
    out = output_folder(tmp_path, [front, side, record(3)])
    found = find_images(out, (front.sku_id, front.image_id))
    assert sorted(found) == sorted((front.image_id, side.image_id))


def test_first_characters_that_fit_several_are_refused(tmp_path: Path) -> None:
    out = output_folder(tmp_path, [record(1, image_id="img-abcd1"), record(2, image_id="img-abcd2")])
    with pytest.raises(SettingsError) as caught:
        find_images(out, ["img-abcd"])
    assert caught.value.code == "option_invalid"
    assert find_images(out, ["abcd2"]) == find_images(out, ["img-abcd2"]) == ("img-abcd2",)
    with pytest.raises(SettingsError):
        find_images(out, ["img-"])
