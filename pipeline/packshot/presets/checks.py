"""What a preset must hold beyond its fields' types: names that fit, rules that can pass."""

from __future__ import annotations

from packshot.contracts.limits import MIN_SIDE
from packshot.contracts.preset import Preset
from packshot.presets.name_template import taken_apart


def problems(preset: Preset) -> list[str]:
    """Faults as `field: sentence`; empty when there are none."""
    return [*_template(preset), *_rules(preset), *_previews(preset), *_main(preset)]


def _template(preset: Preset) -> list[str]:
    try:
        taken_apart(preset.name_template)
    except ValueError as error:
        return [f"name_template: {error}"]
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


def _main(preset: Preset) -> list[str]:
    """The main file is looked at as it was written; that takes as many pixels as a photo needs."""
    canvas, longer = preset.canvas, max(preset.canvas.width, preset.canvas.height)
    index, main = next((index, one) for index, one in enumerate(preset.renditions) if one.name == "main")
    side = min(main.longest_side or longer, longer)
    width, height = (round(one * side / longer) for one in (canvas.width, canvas.height))
    if min(width, height) >= MIN_SIDE:
        return []
    return [
        f"renditions.{index}.longest_side: main would have {width} x {height} pixels, fewer than {MIN_SIDE}"
    ]
