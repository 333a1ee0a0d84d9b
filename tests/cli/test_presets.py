from __future__ import annotations

import json
from pathlib import Path

from packshot.presets import list_presets, load_preset


def test_list(packshot) -> None:
    ended = packshot("presets", "list")
    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.splitlines()[1:]] == list(list_presets())
    assert "studio (default)" in ended.out
    names = [json.loads(line)["name"] for line in packshot("presets", "list", "--json").out.splitlines()]
    assert names == list(list_presets())


def test_show_names_canvas_renditions_and_rules(packshot) -> None:
    shown = packshot("presets", "show", "amazon").out
    assert "2000 x 2000 px, product fills 88 %" in shown
    assert "amazon.white_ground  required" in shown


def test_what_show_prints_as_json_can_be_edited_and_used(packshot, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(packshot("presets", "show", "studio", "--json").out)
    assert load_preset(str(path)) == load_preset("studio").model_copy(update={"extends": None})
    assert packshot("validate", path).code == 0


def test_every_preset_can_be_shown(packshot) -> None:
    for name in list_presets():
        assert packshot("presets", "show", name).code == 0


def test_schema_is_json(packshot) -> None:
    assert json.loads(packshot("presets", "schema").out)["type"] == "object"


def test_an_unknown_preset_names_the_known_ones(packshot) -> None:
    ended = packshot("presets", "show", "etsy")
    assert ended.code == 2
    assert "shopify" in ended.err
