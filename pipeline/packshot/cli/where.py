"""Where a batch lies: in an output folder, or in a deployed stack. Every command on batches takes both."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

#: Options that name a stack; each takes a value.
_OF_STACK: Final = ("--stack", "--batch", "--region")
_REMOTE: Final = "packshot.cli.where.remote"


@dataclass(frozen=True, slots=True)
class Where:
    """What was typed.

    Attributes:
        directory: the output folder; None with a stack.
        stack: name of the CloudFormation stack, or None.
        batch: id of a batch of it; None for the newest.
        region: None for the environment's.
    """

    directory: Path | None
    stack: str | None = None
    batch: str | None = None
    region: str | None = None

    @property
    def folder(self) -> Path:
        """The output folder of a command that has no stack."""
        if self.directory is None:
            raise click.UsageError("Give the output folder DIR, or --stack NAME.")
        return self.directory

    @classmethod
    def of(cls, values: dict[str, Any]) -> Where:
        """Taken out of a command's values.

        Raises:
            click.UsageError: neither folder nor stack, or options of a stack without one.
        """
        found = cls(*(values.pop(name, None) for name in ("directory", "stack", "batch", "region")))
        if found.stack is None:
            if found.batch is not None or found.region is not None:
                raise click.UsageError("--batch and --region belong to --stack NAME.")
            if found.directory is None:
                raise click.UsageError("Give the output folder DIR, or --stack NAME.")
        return found


class _Placed(click.Command):
    """A command whose DIR is not there when a stack is named, so that the next word is not taken for it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = args[: args.index("--")] if "--" in args else args
        remote = any(word == "--stack" or word.startswith("--stack=") for word in words)
        ctx.meta[_REMOTE] = remote
        if remote and isinstance(self, click.Group):
            # After the sub-command as well: there people expect options.
            args = _hoisted(args)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        params = super().get_params(ctx)
        return [one for one in params if one.name != "directory"] if ctx.meta.get(_REMOTE) else params


class PlacedCommand(_Placed):
    """A command on the batch of a DIR or a stack."""


class PlacedGroup(_Placed, click.Group):
    """A group of commands on the batch of a DIR or a stack."""


def _hoisted(args: list[str]) -> list[str]:
    """The words with those that name a stack in front."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(args)
    for word in words:
        if word == "--":
            rest.append(word)
            rest.extend(words)
        elif word in _OF_STACK:
            front += [word, *(value for value in [next(words, None)] if value is not None)]
        elif word.startswith(tuple(f"{name}=" for name in _OF_STACK)):
            front.append(word)
        else:
            rest.append(word)
    return [*front, *rest]


stack_options = (
    click.option("--stack", metavar="NAME", help="A deployed stack instead of DIR; see docs/aws.md."),
    click.option("--batch", metavar="ID", help="A batch of the stack.  [default: the newest]"),
    click.option("--region", metavar="NAME", help="The stack's region.  [default: the environment's]"),
)


def place_options(command: Command) -> Command:
    """DIR or a stack; the command gets them as `where`."""

    @functools.wraps(command)
    def gathered(*args: Any, **values: Any) -> Any:
        return command(*args, where=Where.of(values), **values)

    kind = click.Path(file_okay=False, path_type=Path)
    decorated = gathered
    for decorate in (
        *reversed(stack_options),
        click.argument("directory", type=kind, metavar="DIR", required=False),
    ):
        decorated = decorate(decorated)
    return decorated  # type: ignore[return-value]  # the same command, with more options
