"""`packshot presets`: what finished pictures can look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL
from packshot.cli.options import json_option

if TYPE_CHECKING:
    from packshot.contracts.preset import Preset


@click.group()
def presets() -> None:
    """List and show presets, and their JSON Schema."""


@presets.command("list")
@json_option
def list_(as_json: bool) -> int:
    """The packaged presets; with --json one per line."""
    from packshot.presets import DEFAULT_PRESET, list_presets, load_preset

    loaded = [load_preset(name) for name in list_presets()]
    if as_json:
        for preset in loaded:
            console.json_result({"name": preset.name, "title": preset.title, "version": preset.version})
        return ALL_WELL
    rows = [
        (
            preset.name + (" (default)" if preset.name == DEFAULT_PRESET else ""),
            f"{preset.canvas.width} x {preset.canvas.height}",
            preset.background,
            ", ".join(spec.name for spec in preset.renditions),
        )
        for preset in loaded
    ]
    for line in console.columns([("Preset", "Canvas", "Ground", "Renditions"), *rows], indent=""):
        console.result(line)
    return ALL_WELL


@presets.command()
@click.argument("name", metavar="NAME|FILE")
@json_option
def show(name: str, as_json: bool) -> int:
    """One preset, with what it extends filled in; --json prints it as a file that can be edited."""
    from packshot.presets import load_preset

    preset = load_preset(name)
    if as_json:
        # Not on one line: this is what people copy to begin their own.
        console.result(preset.model_dump_json(indent=2, exclude={"extends"}))
    else:
        _print(preset)
    return ALL_WELL


def _print(preset: Preset) -> None:
    canvas = preset.canvas
    facts = [
        ("Preset", f"{preset.name} {preset.version}: {preset.title}"),
        ("Canvas", f"{canvas.width} x {canvas.height} px, product fills {100 * canvas.fill:g} %"),
        ("Ground", preset.background + (", with a soft shadow" if preset.shadow else "")),
        ("Names", preset.name_template),
        ("Approved", f"by itself above a score of {preset.thresholds.approve_score:g}"),
    ]
    if preset.never_enlarge:
        facts.append(("Enlarging", "never; the canvas shrinks instead"))
    for line in console.columns(facts, indent=""):
        console.result(line)
    console.result("\nRenditions")
    rows = [
        (
            spec.name,
            spec.format.value,
            f"{spec.longest_side} px" if spec.longest_side else "canvas",
            f"at most {spec.target_kb} KB" if spec.target_kb else "",
            f"{spec.pixels} blocks" if spec.pixels else "transparent" if spec.transparent else "",
        )
        for spec in preset.renditions
    ]
    for line in console.columns(rows):
        console.result(line)
    if preset.rules:
        console.result("\nRules")
        limits = [
            (rule.id, rule.level, _limit(rule.minimum, rule.maximum), rule.source) for rule in preset.rules
        ]
        for line in console.columns(limits):
            console.result(line)


def _limit(minimum: float | None, maximum: float | None) -> str:
    if minimum is None and maximum is None:
        return "told only"
    if minimum is not None and maximum is not None:
        return f"{minimum:g} to {maximum:g}" if minimum != maximum else f"{minimum:g}"
    return f"at least {minimum:g}" if minimum is not None else f"at most {maximum:g}"


@presets.command()
def schema() -> int:
    """The JSON Schema of preset files, for editors and checks."""
    import json

    from packshot.presets import preset_schema

    console.result(json.dumps(preset_schema(), indent=2, ensure_ascii=False))
    return ALL_WELL
