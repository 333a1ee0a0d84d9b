"""Options that several commands share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

#: The words of contracts.base.Mode, written out because importing it takes longer than --help may.
MODES: Final = ("auto", "full", "sharpen", "denoise", "upscale", "optimize", "none")
_BACKGROUND = re.compile(r"white|transparent|keep|#[0-9A-Fa-f]{6}")


class BackgroundType(click.ParamType[str]):
    """white, transparent, keep or #RRGGBB."""

    name = "white|#RRGGBB|transparent|keep"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, if it is one of those."""
        if not _BACKGROUND.fullmatch(str(value)):
            self.fail(f"{value!r} is not white, transparent, keep or a colour such as '#f4f4f4'.", param, ctx)
        return str(value)


class BoxType(click.ParamType[tuple[float, float, float, float]]):
    """X,Y,W,H in pixels of the upright photo."""

    name = "X,Y,W,H"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float, float, float]:
        """Four numbers, the last two above zero."""
        try:
            x, y, width, height = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not four numbers such as 120,80,900,1400.", param, ctx)
        if not all(map(math.isfinite, (x, y, width, height))):
            self.fail(f"{value!r} is not four numbers such as 120,80,900,1400.", param, ctx)
        if not (width > 0 and height > 0):
            self.fail(f"{value!r} has no area.", param, ctx)
        return (x, y, width, height)


class Number(click.FloatRange):
    """A number in a range; `nan`, which lies in every one, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """As the range has it."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


def _together(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def apply(command: Command) -> Command:
        for decorate in reversed(decorators):
            command = decorate(command)
        return command

    return apply


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

quiet_option = click.option("--quiet", "-q", is_flag=True, help="No progress.")
preset_option = click.option(
    "--preset",
    "-p",
    metavar="NAME|FILE",
    help="What the pictures must look like.  [default: the manifest's, or studio]",
)
strict_option = click.option(
    "--strict", is_flag=True, help="Refuse the whole manifest when one of its lines is bad."
)
limit_option = click.option("--limit", type=click.IntRange(1), help="Only the first so many photos.")
allow_root_option = click.option(
    "--allow-root",
    "allow_roots",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder outside the manifest's from which photos may be read; repeatable.",
)

work_options = _together(
    click.option("--jobs", "-j", type=click.IntRange(1), help="Worker processes.  [default: one per core]"),
    allow_root_option,
    quiet_option,
    json_option,
)

picture_options = _together(
    click.option("--mode", type=click.Choice(MODES), help="Which enhancements run."),
    click.option("--background", type=BackgroundType(), help="Ground of the finished pictures."),
    click.option("--target-size-kb", type=click.IntRange(1), help="Largest main picture, in 1000 bytes."),
    click.option("--reference", metavar="PHOTO", help="Photo that the others are aligned to."),
    click.option("--model", metavar="NAME", help="Background network; see packshot models list."),
)

_COLUMNS: Final = {
    "product_group_id": "group",
    "sku_id": "sku",
    "image_url": "url",
    "image_type": "type",
    "reference": "reference",
    "mode": "mode",
    "background": "background",
    "scale": "scale",
}
column_options = _together(
    *(
        click.option(f"--{word}-column", f"column_{column}", metavar="NAME", help=f"The manifest's {column}.")
        for column, word in _COLUMNS.items()
    )
)


def columns_of(values: dict[str, Any]) -> dict[str, str]:
    """The column names among a command's values, by our names; takes them out of `values`."""
    named = {column: values.pop(f"column_{column}", None) for column in _COLUMNS}
    return {column: name for column, name in named.items() if name}
