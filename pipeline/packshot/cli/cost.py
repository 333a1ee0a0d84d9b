"""`packshot cost`: what a batch costs on AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL
from packshot.cli.options import Number, json_option

if TYPE_CHECKING:
    from packshot.contracts.preset import Preset
    from packshot.costs.assumptions import Execution

#: The words of packshot.costs, written out because importing it takes longer than --help may.
_EXECUTIONS: tuple[Execution, ...] = ("staged", "fused", "fused-by-ten")
_ARCHITECTURES = ("arm64", "x86_64")


@click.command(short_help="Compute what a batch costs on AWS.")
@click.option("--images", type=click.IntRange(1, 100_000_000), default=1000, show_default=True)
@click.option(
    "--execution", type=click.Choice(_EXECUTIONS), help="Only this one, line by line.  [default: all three]"
)
@click.option("--architecture", type=click.Choice(_ARCHITECTURES), default="arm64", show_default=True)
@click.option("--preset", "preset_name", metavar="NAME|FILE", help="Whose canvas and files are made.")
@click.option(
    "--renditions",
    metavar="FORMAT:SIDE,...",
    help="Files instead of a preset's.  [default: jpeg:2000,webp:1000,jpeg:300]",
)
@click.option("--megapixels", type=Number(0.1, 64), default=12.0, show_default=True)
@click.option(
    "--durations",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Measurements that python -m benchmarks.aws_use has written.  [default: the packaged ones]",
)
@json_option
def cost(as_json: bool, **given: Any) -> int:
    """Compute the bill of a batch from measured use and AWS's list prices, with every assumption.

    The photos' upload, logs and a month's storage stand apart. Nothing is asked of AWS.
    """
    from packshot.cli.cost_report import as_facts, bills_of, lines_of

    if given["preset_name"] and given["renditions"]:
        raise click.UsageError("Give --preset or --renditions, not both.")
    preset = _preset(given["preset_name"], given["renditions"])
    report = bills_of(
        preset,
        images=given["images"],
        executions=(given["execution"],) if given["execution"] else _EXECUTIONS,
        architecture=given["architecture"],
        megapixels=given["megapixels"],
        durations=given["durations"],
    )
    if as_json:
        console.json_result(as_facts(report))
    else:
        for line in lines_of(report):
            console.result(line)
    return ALL_WELL


def _preset(name: str | None, renditions: str | None) -> Preset:
    from packshot.contracts.preset import Canvas, Preset
    from packshot.presets import load_preset

    if name is not None:
        return load_preset(name)
    specs = _renditions(renditions or "jpeg:2000,webp:1000,jpeg:300")
    side = max(spec.longest_side or 0 for spec in specs)
    return Preset(
        name="asked",
        title="As asked",
        version="1",
        canvas=Canvas(width=side, height=side),
        renditions=specs,
    )


def _renditions(text: str) -> tuple[Any, ...]:
    from pydantic import ValidationError

    from packshot.contracts.preset import RenditionSpec

    specs = []
    for index, part in enumerate(text.split(",")):
        kind, _, side = part.strip().partition(":")
        facts = {"name": f"file{index}" if index else "main", "format": kind, "longest_side": side}
        try:
            specs.append(RenditionSpec.model_validate(facts))
        except ValidationError as error:
            raise click.BadParameter(
                f"{part.strip()!r} is not a format and a side such as webp:1000.", param_hint="--renditions"
            ) from error
    return tuple(specs)
