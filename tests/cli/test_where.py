from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from packshot.cli.where import PlacedCommand, PlacedGroup, Where, place_options


@click.command(cls=PlacedCommand)
@place_options
@click.argument("images", nargs=-1)
@click.option("--all", "everything", is_flag=True)
def one(where: Where, images: tuple[str, ...], everything: bool) -> None:
    click.echo(repr((where, images, everything)))


@click.group(cls=PlacedGroup)
@place_options
@click.pass_context
def many(context: click.Context, where: Where) -> None:
    context.obj = where


@many.command("list")
@click.argument("words", nargs=-1)
@click.pass_obj
def list_(where: Where, words: tuple[str, ...]) -> None:
    click.echo(repr((where, words)))


PROD = Where(None, "prod", None, None)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("out a b", (Where(Path("out")), ("a", "b"), False)),
        ("--stack prod a b --all", (PROD, ("a", "b"), True)),
        ("a --stack=prod", (PROD, ("a",), False)),
        ("--stack prod --batch b-1 --region eu-1", (Where(None, "prod", "b-1", "eu-1"), (), False)),
        ("out -- --stack", (Where(Path("out")), ("--stack",), False)),
    ],
)
def test_a_stack_takes_the_folders_place(words: str, found: object) -> None:
    done = CliRunner().invoke(one, words.split())
    assert done.output.strip() == repr(found)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("out list x", (Where(Path("out")), ("x",))),
        ("--stack prod list x", (PROD, ("x",))),
        ("list --stack prod x", (PROD, ("x",))),
        ("list --stack=prod --batch batch-1 x", (Where(None, "prod", "batch-1", None), ("x",))),
        ("list --stack prod -- --batch", (PROD, ("--batch",))),
    ],
)
def test_a_group_takes_it_before_and_behind_its_command(words: str, found: object) -> None:
    done = CliRunner().invoke(many, words.split())
    assert done.output.strip() == repr(found)


@pytest.mark.parametrize("words", ["", "--batch b", "out --region r"])
def test_what_does_not_go_together_is_refused(words: str) -> None:
    done = CliRunner().invoke(one, words.split())
    assert done.exit_code == 2
