from __future__ import annotations

import re

import pytest

from packshot.contracts.preset import Preset
from packshot.presets.name_template import taken_apart

DEFAULT = Preset.model_fields["name_template"].default


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{nope}/{sku}", "only {product_group}"),
        ("{sku:>9}", "only {product_group}"),
        ("{sku!r}", "only {product_group}"),
        ("{}", "only {product_group}"),
        ("{sku", "in field name"),
        ("/{sku}", "begins or ends"),
        ("{sku}/", "begins or ends"),
        ("{sku}//{type}", "has // in it"),
        ("shop: {sku}", "can't stand in file names"),
        ("{type}.{ext}", "{sku} is missing"),
        ("{product_group}.{ext}", "{sku} is missing"),
    ],
)
def test_templates_that_can_not_be_filled(template: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        taken_apart(template)


@pytest.mark.parametrize(
    ("template", "one"),
    [
        (DEFAULT, True),
        ("{sku}.{type}.{ext}", True),
        ("{rendition}/{sku}.{type}.{ext}", True),
        ("{sku}-{rendition}.{ext}", False),
        ("{rendition}-{sku}.{ext}", False),
        ("{sku}.{rendition}.{type}.{ext}", False),
    ],
)
def test_when_the_main_files_are_enough_to_compare(template: str, one: bool) -> None:
    assert taken_apart(template).one_name_each is one
