"""What a preset must hold beyond its fields' types: names that fit, rules that can pass."""

from __future__ import annotations

import string
from typing import Final

from packshot.contracts.preset import Preset

NAME_FIELDS: Final = ("product_group", "sku", "type", "rendition", "ext")


def problems(preset: Preset) -> list[str]:
    """Faults as `field: sentence`; empty when there are none."""
    return [*_template(preset), *_rules(preset), *_previews(preset)]


def _template(preset: Preset) -> list[str]:
    template = preset.name_template
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        return [f"name_template: {error}"]
    fields = [field for _, field, _, _ in parts if field is not None]
    unknown = sorted(set(fields) - set(NAME_FIELDS))
    if unknown or any(spec or conversion for _, _, spec, conversion in parts):
        words = ", ".join("{" + word + "}" for word in NAME_FIELDS)
        return [f"name_template: only {words} can stand in braces, without format"]
    if "sku" not in fields:
        return ["name_template: {sku} is missing, so that all photos would take one name"]
    return []


def _rules(preset: Preset) -> list[str]:
    found = []
    ids = [rule.id for rule in preset.rules]
    for index, rule in enumerate(preset.rules):
        if ids.index(rule.id) != index:
            found.append(f"rules.{index}.id: {rule.id} stands there twice")
        if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
            found.append(f"rules.{index}.minimum: it is above the maximum")
        if rule.required_from is not None and rule.level == "required":
            found.append(f"rules.{index}.required_from: the rule is required already")
    return found


def _previews(preset: Preset) -> list[str]:
    return [
        f"renditions.{index}.pixels: more blocks than the {rendition.longest_side} pixels of its side"
        for index, rendition in enumerate(preset.renditions)
        if rendition.pixels and rendition.longest_side and rendition.pixels > rendition.longest_side
    ]
