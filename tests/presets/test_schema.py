import json
from importlib import resources

import jsonschema
import pytest

from packshot.presets import list_presets, preset_schema


def _committed():
    return json.loads(resources.files("packshot").joinpath("schemas/preset.schema.json").read_text("utf-8"))


def _packaged(name):
    return json.loads(resources.files("packshot.presets").joinpath(f"{name}.json").read_text("utf-8"))


def test_the_committed_schema_is_the_generated_one():
    assert _committed() == preset_schema(), "run: packshot presets schema > preset.schema.json"


@pytest.mark.parametrize("name", list_presets())
def test_the_packaged_presets_fit_the_schema(name):
    jsonschema.Draft202012Validator(_committed()).validate(_packaged(name))


@pytest.mark.parametrize(
    ("values", "fits"),
    [
        ({"name": "a", "title": "A", "version": "1", "extends": "amazon", "canvas": {"fill": 0.9}}, True),
        ({"name": "a", "title": "A", "version": "1"}, False),
        ({"name": "a", "title": "A", "version": "1", "extends": "amazon", "fill": 0.9}, False),
        ({"extends": "amazon"}, False),
    ],
)
def test_what_extends_may_leave_out(values, fits):
    assert jsonschema.Draft202012Validator(_committed()).is_valid(values) is fits
