"""A preset that can't work is refused with the reason."""

import datetime as dt

import pytest
from pydantic import ValidationError

from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.task import BatchSettings

TODAY = dt.date(2026, 11, 21)
MAIN = RenditionSpec(name="main", format=Format.JPEG)


def preset(*renditions: RenditionSpec, **more: object) -> Preset:
    values = {"name": "p", "title": "P", "version": "1", "canvas": Canvas(width=100, height=100)}
    return Preset.model_validate({**values, "renditions": renditions, **more})


def test_a_main_rendition_is_needed() -> None:
    with pytest.raises(ValidationError, match="main is needed"):
        preset(RenditionSpec(name="web", format=Format.WEBP))


def test_two_renditions_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="one name"):
        preset(MAIN, MAIN)


def test_a_transparent_jpeg_is_refused() -> None:
    with pytest.raises(ValidationError, match="transparent"):
        RenditionSpec(name="cut", format=Format.JPEG, transparent=True)


def test_the_quality_range_must_be_one() -> None:
    with pytest.raises(ValidationError, match="min_quality"):
        RenditionSpec(name="main", format=Format.JPEG, max_quality=50, min_quality=60)


@pytest.mark.parametrize("ground", ["white", "transparent", "keep", "#A0b1C2"])
def test_backgrounds(ground: str) -> None:
    assert preset(MAIN, background=ground).background == ground


@pytest.mark.parametrize("ground", ["red", "#fff", "#GGGGGG", "WHITE", ""])
def test_other_backgrounds_are_refused(ground: str) -> None:
    with pytest.raises(ValidationError):
        preset(MAIN, background=ground)


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(ValidationError, match="backgruond"):
        preset(MAIN, backgruond="white")


def test_the_network_of_a_batch_is_the_preset_s_unless_it_names_one() -> None:
    house = preset(MAIN, model="house-matte")
    assert BatchSettings(preset=preset(MAIN), as_of=TODAY).model == "packshot-matte"
    assert BatchSettings(preset=house, as_of=TODAY).model == "house-matte"
    assert BatchSettings(preset=house, model="another", as_of=TODAY).model == "another"
    with pytest.raises(ValidationError, match="model"):
        preset(MAIN, model="../up")
