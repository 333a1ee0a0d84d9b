import json

import pytest

from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Measure
from packshot.errors import SettingsError
from packshot.manifests.names import delivery_path
from packshot.presets import DEFAULT_PRESET, list_presets, load_preset


def _write(folder, file, /, **values):
    path = folder / file
    path.write_text(json.dumps(values))
    return str(path)


def _whole(**changes):
    return {
        "name": "mine",
        "title": "Mine",
        "version": "1",
        "canvas": {"width": 400, "height": 300},
        "renditions": [{"name": "main", "format": "jpeg"}],
    } | changes


def test_the_packaged_presets_load_under_their_own_names():
    assert list_presets() == ("amazon", "ebay", "google", "shopify", "studio", "walmart")
    for name in list_presets():
        preset = load_preset(name)
        assert preset.name == name
        assert preset.extends is None


def test_the_default_preset_makes_every_kind_of_file():
    preset = load_preset(DEFAULT_PRESET)
    by_name = {rendition.name: rendition for rendition in preset.renditions}
    assert (preset.canvas.width, preset.canvas.height, preset.background) == (2000, 2000, "white")
    assert by_name["main"].target_kb == 500
    assert {rendition.format.value for rendition in preset.renditions} == {"jpeg", "webp", "avif", "png"}
    assert by_name["cutout"].transparent
    assert sorted(r.pixels for r in preset.renditions if r.pixels) == [8, 16, 32, 48, 64]


def test_every_rule_of_a_marketplace_says_where_it_stands_and_when_it_was_read():
    for name in set(list_presets()) - {DEFAULT_PRESET}:
        rules = load_preset(name).rules
        assert rules
        for rule in rules:
            assert rule.id.startswith(f"{name}.")
            assert "https://" in rule.source
            assert rule.dated.year >= 2026
            assert rule.fix.endswith(".")


def _bounds(name):
    return {
        (rule.measure, rule.level, rule.minimum, rule.maximum, str(rule.required_from or ""))
        for rule in load_preset(name).rules
    }


def test_the_marketplaces_numbers():
    m = Measure
    assert _bounds("amazon") == {
        (m.LONGEST_SIDE, "required", 500, 10_000, ""),
        (m.WHITE_GROUND, "required", 1.0, None, ""),
        (m.FILL_LONG, "required", 0.85, None, ""),
        (m.FILE_MB, "required", None, 10, ""),
        (m.BORDER, "required", None, 0, ""),
        (m.LONGEST_SIDE, "advised", 1000, None, ""),
        (m.LONGEST_SIDE, "advised", 1600, None, ""),
        (m.FILL_AREA, "advised", None, None, ""),
    }
    assert _bounds("walmart") == {
        (m.FILE_MB, "required", None, 5, ""),
        (m.ASPECT_RATIO, "required", 1, 1, ""),
        (m.SHORTEST_SIDE, "advised", 2200, None, ""),
        (m.SHORTEST_SIDE, "advised", 1500, None, ""),
        (m.WHITE_GROUND, "advised", 1.0, None, ""),
    }
    assert _bounds("google") == {
        (m.SHORTEST_SIDE, "required", 100, None, ""),
        (m.SHORTEST_SIDE, "advised", 500, None, "2027-01-31"),
        (m.MEGAPIXELS, "required", None, 64, ""),
        (m.FILE_MB, "required", None, 16, ""),
        (m.ENLARGED, "required", None, 0, ""),
        (m.SHORTEST_SIDE, "advised", 1500, None, ""),
        (m.FILL_LONG, "advised", 0.75, 0.90, ""),
    }
    assert _bounds("ebay") == {
        (m.LONGEST_SIDE, "required", 500, None, ""),
        (m.FILE_MB, "required", None, 12, ""),
        (m.LONGEST_SIDE, "advised", 1600, None, ""),
    }
    assert _bounds("shopify") == {
        (m.MEGAPIXELS, "required", None, 25, ""),
        (m.FILE_MB, "required", None, 20, ""),
        (m.SHORTEST_SIDE, "advised", 2048, None, ""),
    }
    assert load_preset("google").never_enlarge


def test_where_pure_white_is_asked_nothing_else_is_laid_on_it():
    asked = 0
    for name in list_presets():
        preset = load_preset(name)
        if any(rule.measure is Measure.WHITE_GROUND for rule in preset.rules):
            asked += 1
            assert (preset.background, preset.shadow) == ("white", False)
    assert asked >= 2


def test_amazons_names():
    preset = load_preset("amazon")
    name = preset.name_template.format(sku="B01", type=preset.type_names["side"], ext="jpg")
    assert name == "B01.PT01.jpg"
    assert preset.type_names["primary"] == "MAIN"
    assert preset.type_names["back"] == "PT02"


def test_a_file_extends_a_packaged_preset_object_by_object(tmp_path):
    path = _write(
        tmp_path, "mine.json", name="mine", title="Mine", version="7", extends="amazon", canvas={"fill": 0.95}
    )
    mine, amazon = load_preset(path), load_preset("amazon")
    assert (mine.name, mine.version) == ("mine", "7")
    assert (mine.canvas.fill, mine.canvas.width) == (0.95, amazon.canvas.width)
    assert mine.rules == amazon.rules


def test_lists_are_replaced_whole(tmp_path):
    path = _write(
        tmp_path, "mine.json", name="mine", title="M", version="1", extends="studio",
        renditions=[{"name": "main", "format": "webp"}],
    )  # fmt: skip
    assert [rendition.name for rendition in load_preset(path).renditions] == ["main"]


def test_a_file_extends_a_file_beside_it(tmp_path):
    _write(tmp_path, "base.json", **_whole(name="base", background="#102030"))
    path = _write(tmp_path, "mine.json", name="mine", title="M", version="1", extends="./base.json")
    assert load_preset(path).background == "#102030"


def test_the_reader_can_be_given(tmp_path):
    texts = {"shelf/a.json": json.dumps(_whole(extends="b.json")), "shelf/b.json": '{"shadow": true}'}
    assert load_preset("shelf/a.json", read=texts.__getitem__).shadow


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "mine.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(_whole()).encode())
    assert load_preset(str(path)).name == "mine"


@pytest.mark.parametrize("template", ["{sku}.{ext}", "{sku}.{type}.jpg"])
def test_a_template_need_not_tell_renditions_apart(tmp_path, template):
    renditions = [{"name": "main", "format": "jpeg"}, {"name": "thumb", "format": "jpeg"}]
    path = _write(tmp_path, "mine.json", **_whole(name_template=template, renditions=renditions))
    preset = load_preset(path)
    row = ManifestRow(line=1, product_group_id="mugs", sku_id="red", image_url="a.jpg")
    names = [delivery_path(row, rendition, preset) for rendition in preset.renditions]
    assert len(set(names)) == 2


@pytest.mark.parametrize("name", ["studoi", "no/such.json"])
def test_an_unknown_preset_names_the_known(name):
    with pytest.raises(SettingsError) as caught:
        load_preset(name)
    assert caught.value.code == "preset_unknown"
    assert "walmart" in caught.value.message


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"canvas": {"width": 400, "height": 300, "fil": 0.5}}, "canvas.fil"),
        ({"canvas": {"width": "wide", "height": 300}}, "canvas.width"),
        ({"canvas": {"width": 400}}, "canvas.height"),
        ({"canvas": {"width": 10_000, "height": 9_000}}, "canvas: it has more than 64 megapixels"),
        ({"colour": "white"}, "colour"),
        ({"background": "beige"}, "background"),
        ({"renditions": [{"name": "web", "format": "webp"}]}, "main"),
        ({"renditions": [{"name": "main", "format": "gif"}]}, "renditions.0.format"),
        ({"renditions": [{"name": "main", "format": "jpeg", "transparent": True}]}, "renditions.0"),
        ({"renditions": [{"name": "main", "format": "png", "longest_side": 9, "pixels": 16}]}, "pixels"),
        ({"renditions": [{"name": "main", "format": "png", "longest_side": 15}]}, "main would have 15 x 11"),
        (
            {
                "canvas": {"width": 400, "height": 8000},
                "renditions": [
                    {"name": "thumb", "format": "webp", "longest_side": 40},
                    {"name": "main", "format": "png", "longest_side": 300},
                ],
            },
            "renditions.1.longest_side",
        ),
        ({"name_template": "{sku}/{colour}.jpg"}, "name_template"),
        ({"name_template": "{sku:>10}.jpg"}, "name_template"),
        ({"name_template": "{sku.jpg"}, "name_template"),
        ({"name_template": "{type}.{ext}"}, "name_template"),
        ({"name_template": "{0}"}, "name_template"),
        ({"name_template": "{sku}//{type}.jpg"}, "name_template"),
        ({"name_template": "shop: {sku}.jpg"}, "name_template"),
        ({"extends": 3}, "extends"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, changes, word):
    path = _write(tmp_path, "mine.json", **_whole(**changes))
    with pytest.raises(SettingsError) as caught:
        load_preset(path)
    assert caught.value.code == "preset_invalid"
    assert word in caught.value.message


def _rule(**changes):
    return {
        "id": "shop.size", "measure": "longest_side_px", "level": "required",
        "fix": "Use a bigger photo.", "source": "ours", "dated": "2026-11-01",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ([_rule(), _rule()], "rules.1.id"),
        ([_rule(minimum=5, maximum=4)], "rules.0.minimum"),
        ([_rule(required_from="2027-01-01")], "rules.0.required_from"),
        ([_rule(measure="beauty")], "rules.0.measure"),
        ([_rule(dated="last week")], "rules.0.dated"),
    ],
)
def test_rules_are_checked(tmp_path, rules, word):
    path = _write(tmp_path, "mine.json", **_whole(rules=rules))
    with pytest.raises(SettingsError, match=word):
        load_preset(path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ('{"name": "a", "name": "b"}', "twice"),
        ('{"canvas": {"fill": NaN}}', "NaN"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_json_object_is_refused(tmp_path, text, word):
    path = tmp_path / "mine.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=word) as caught:
        load_preset(str(path))
    assert caught.value.code == "preset_invalid"


def test_a_chain_that_bites_its_tail_is_refused(tmp_path):
    path = _write(tmp_path, "a.json", extends="./b.json")
    _write(tmp_path, "b.json", extends="./a.json")
    with pytest.raises(SettingsError, match="never ends"):
        load_preset(path)


def test_a_file_that_is_no_text_a_folder_or_too_big_is_refused(tmp_path):
    (tmp_path / "blob.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "big.json").write_text(" " * 1_000_001)
    (tmp_path / "folder.json").mkdir()
    for name in ("blob", "big", "folder"):
        with pytest.raises(SettingsError) as caught:
            load_preset(str(tmp_path / f"{name}.json"))
        assert caught.value.code == "preset_invalid"
