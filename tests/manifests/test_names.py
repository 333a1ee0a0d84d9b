from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.errors import SettingsError
from packshot.manifests.names import MAX_COMPONENT_BYTES, collision_key, compiled, delivery_path

MAIN = RenditionSpec(name="main", format=Format.JPEG)
WEB = RenditionSpec(name="web", format=Format.WEBP)
THUMB = RenditionSpec(name="thumb", format=Format.JPEG)
DEFAULT = "{product_group}/{sku}/{sku}.{type}.{rendition}.{ext}"


def preset(template: str = DEFAULT, **types: str) -> Preset:
    return Preset(
        name="test",
        title="Test",
        version="1",
        canvas=Canvas(width=100, height=100),
        renditions=(MAIN, WEB, THUMB),
        name_template=template,
        type_names=types,
    )


def row(group: str = "mugs", sku: str = "red", image_type: str = "primary") -> ManifestRow:
    return ManifestRow(line=1, product_group_id=group, sku_id=sku, image_type=image_type, image_url="a.jpg")


def test_the_default_template() -> None:
    assert delivery_path(row(), WEB, preset()) == "mugs/red/red.primary.web.webp"


def test_types_have_a_marketplaces_names() -> None:
    assert delivery_path(row(), MAIN, preset("{sku}.{type}.jpg", primary="MAIN")) == "red.MAIN.jpg"


@pytest.mark.parametrize(
    "template", ["{product_group}/{sku}.{type}.jpg", "{product_group}/{sku}.{type}.{ext}"]
)
def test_without_a_place_for_the_rendition_it_is_a_folder(template: str) -> None:
    paths = [delivery_path(row(), one, preset(template)) for one in (MAIN, WEB, THUMB)]
    assert paths == ["mugs/red.primary.jpg", "mugs/web/red.primary.webp", "mugs/thumb/red.primary.jpg"]


@pytest.mark.parametrize(
    ("sku", "name"),
    [
        ("a/b", "a-b"),
        ('a\\b:c*d?e"f<g>h|i', "a-b-c-d-e-f-g-h-i"),
        ("..", "__"),
        (".hidden", "_hidden"),
        ("a\x00b\x1fc\x7f", "a-b-c-"),
        ("a\u202eb", "a-b"),
        ("  a   b  ", "a b"),
        ("Cafe\u0301", "Café"),
        ("   ", "_"),
        ("naïve Größe 漢字", "naïve Größe 漢字"),
        ("50% off, new!", "50% off, new!"),
        ("trailing.", "trailing_"),
        ("trailing. .", "trailing___"),
        ("CON", "_CON"),
        ("nul.x", "_nul.x"),
        ("COM1", "_COM1"),
        ("CONE", "CONE"),
    ],
)
def test_values_become_safe(sku: str, name: str) -> None:
    assert delivery_path(row(sku=sku), MAIN, preset("{sku}/{type}.{ext}")) == f"{name}/primary.jpg"


def test_long_names_are_cut_and_stay_apart() -> None:
    one = delivery_path(row(sku="x" * 299 + "1"), MAIN, preset())
    two = delivery_path(row(sku="x" * 299 + "2"), MAIN, preset())
    assert one != two
    assert one.endswith(".main.jpg")
    assert all(len(part.encode()) <= MAX_COMPONENT_BYTES for part in one.split("/"))
    assert one == delivery_path(row(sku="x" * 299 + "1"), MAIN, preset())


def test_collision_keys_ignore_case_and_composition() -> None:
    assert collision_key("Café/A.jpg") == collision_key("cafe\u0301/a.JPG")
    assert collision_key("a.jpg") != collision_key("b.jpg")
    assert collision_key("straße") == collision_key("STRASSE")


def test_a_template_that_can_not_be_filled_is_a_fault_of_the_preset() -> None:
    with pytest.raises(SettingsError) as caught:
        compiled("{nope}/{sku}", "test")
    assert caught.value.code == "preset_invalid"
    assert "name_template" in caught.value.message


texts = st.text(min_size=1, max_size=300)
templates = st.sampled_from(
    [DEFAULT, "{sku}.{type}.jpg", "{product_group}/{rendition}/{sku}", "{sku}-{rendition}.{ext}"]
)


@given(texts, texts, st.text(min_size=1, max_size=60), templates)
def test_any_values_make_paths_that_stay_inside_on_any_file_system(
    group: str, sku: str, image_type: str, template: str
) -> None:
    identity = ManifestRow.model_construct(product_group_id=group, sku_id=sku, image_type=image_type)
    for rendition in (MAIN, WEB):
        path = delivery_path(identity, rendition, preset(template))
        for part in path.split("/"):
            assert part
            assert part[0] not in ". "
            assert part[-1] not in ". "
            assert not set(part) & set('\\:*?"<>|')
            assert all(unicodedata.category(char)[0] != "C" for char in part)
            assert len(part.encode()) <= MAX_COMPONENT_BYTES
        assert path.endswith("." + rendition.format.extension)
        assert len(path.split("/")) <= 4


@given(
    st.lists(
        st.tuples(st.text("ab.-", min_size=1, max_size=6), st.text("ab.", min_size=1, max_size=4)),
        unique=True,
    )
)
def test_what_counts_as_one_name_each_has_no_collisions_across_renditions(
    values: list[tuple[str, str]],
) -> None:
    for template in (DEFAULT, "{sku}.{type}.{ext}"):
        chosen = preset(template)
        by_main: dict[str, tuple[str, ...]] = {}
        for sku, image_type in values:
            identity = row(sku=sku, image_type=image_type)
            paths = tuple(delivery_path(identity, one, chosen) for one in (MAIN, WEB, THUMB))
            by_main.setdefault(paths[0], paths)
        everything = [path for paths in by_main.values() for path in paths]
        assert len(set(everything)) == len(everything)
