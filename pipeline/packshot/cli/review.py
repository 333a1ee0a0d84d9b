"""`packshot review`: a person's decisions, one by one or in bulk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from packshot.cli.options import Number, json_option
from packshot.cli.where import PlacedGroup, Where, place_options

Command = TypeVar("Command", bound=Callable[..., Any])

#: The words of contracts.base.ReviewReason, written out because importing it takes too long for --help.
REASONS = (
    "low_confidence",
    "several_products",
    "touches_edge",
    "low_resolution",
    "enlarged",
    "animated_source",
    "reference_unusable",
    "alignment_uncertain",
    "different_package",
    "background_uncertain",
    "ground_extended",
    "underexposed",
    "low_score",
    "required_rule_failed",
)


@click.group(cls=PlacedGroup, short_help="See and decide what waits for review.", invoke_without_command=True)
@place_options
@click.pass_context
def review(context: click.Context, where: Where) -> None:
    """See and decide what waits for review in DIR or a stack; without a command: list.

    \b
    packshot review catalogue/ list
    packshot review catalogue/ approve img-3f9c21aa soap-014
    packshot review catalogue/ approve --above 70
    packshot review catalogue/ reject img-81d0e6 --reason "label is cut off"
    packshot review catalogue/ undo img-81d0e6
    packshot review --stack Packshot-prod list
    """  # noqa: D301 - click reads the backspace sign: lines that it must not wrap
    context.obj = where
    if context.invoked_subcommand is None:
        context.invoke(list_)


def _decision(command: Command) -> Command:
    """What all three decisions take."""
    for decorate in (
        click.option("--notes", metavar="TEXT", help="Kept in the history."),
        click.option("--reviewer", metavar="NAME", help="Who decides.  [default: this system's user]"),
        json_option,
        click.argument("images", nargs=-1, metavar="[IMAGE]..."),
    ):
        command = decorate(command)
    return command


@review.command("list")
@click.option("--because", type=click.Choice(REASONS), metavar="REASON", help="Only those with this reason.")
@click.option("--all", "everything", is_flag=True, help="The whole list, not only its first twenty.")
@json_option
@click.pass_obj
def list_(where: Where, because: str | None, everything: bool, as_json: bool) -> int:
    """The images that wait for review, and why; with --json one record per line, all of them."""
    from packshot.cli.decisions import show_queue

    return show_queue(where, because, everything=everything, as_json=as_json)


@review.command()
@_decision
@click.option("--above", type=Number(0, 100), metavar="SCORE", help="All that wait and score above it.")
@click.pass_obj
def approve(where: Where, /, images: tuple[str, ...], above: float | None, **words: Any) -> int:
    """Put images into the catalogue.

    IMAGE is an image's id, its first characters, or a SKU (all of its images); - reads them from
    standard input, one per line.
    """
    from packshot.cli.decisions import decide

    _needs_some(images, above, "--above SCORE")
    return decide(where, "approve", _names(images), above=above, **words)


@review.command()
@_decision
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the history.")
@click.option("--below", type=Number(0, 100), metavar="SCORE", help="All that wait and score below it.")
@click.pass_obj
def reject(where: Where, /, images: tuple[str, ...], below: float | None, **words: Any) -> int:
    """Keep images out of the catalogue, or take them out of it; IMAGE as for approve."""
    from packshot.cli.decisions import decide

    _needs_some(images, below, "--below SCORE")
    return decide(where, "reject", _names(images), below=below, **words)


@review.command()
@_decision
@click.pass_obj
def undo(where: Where, /, images: tuple[str, ...], **words: Any) -> int:
    """Take the last decision on images back; IMAGE as for approve."""
    from packshot.cli.decisions import decide

    _needs_some(images, None, "")
    return decide(where, "undo", _names(images), **words)


def _needs_some(images: Sequence[str], bound: float | None, option: str) -> None:
    if images and bound is not None:
        raise click.UsageError(f"Name images, or give {option}, not both.")
    if not images and bound is None:
        raise click.UsageError("Name the images" + (f", or give {option}." if option else "."))


def _names(images: Sequence[str]) -> tuple[str, ...]:
    if list(images) == ["-"]:
        return tuple(line.strip() for line in sys.stdin if line.strip())
    return tuple(images)
