"""`packshot models`: the background networks."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL, ENVIRONMENT
from packshot.cli.options import json_option


@click.group()
def models() -> None:
    """List, add and verify background networks. Nothing is ever downloaded."""


@models.command("list")
@json_option
def list_(as_json: bool) -> int:
    """The shipped network and the added ones; with --json one per line."""
    from packshot.contracts.base import DEFAULT_MODEL
    from packshot.matting.registry import list_models

    entries = list_models()
    if as_json:
        for entry in entries:
            console.json_result(entry.model_dump(mode="json"))
        return ALL_WELL
    rows = [
        (
            entry.name + (" (default)" if entry.name == DEFAULT_MODEL else ""),
            entry.kind,
            entry.licence,
            entry.sha256[:12],
            str(entry.path),
        )
        for entry in entries
    ]
    for line in console.columns([("Model", "Kind", "Licence", "SHA-256", "File"), *rows], indent=""):
        console.result(line)
    return ALL_WELL


@models.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--like", required=True, metavar="KIND", help="Which known network it is; packshot models kinds."
)
@click.option("--name", help="How it is called afterwards.  [default: the file's name]")
@click.option("--licence", help="The licence of its weights, kept with it.")
def add(file: Path, like: str, name: str | None, licence: str | None) -> int:
    """Add a network from an ONNX FILE of yours; it is copied, tried and its hash recorded."""
    from packshot.matting.registry import add_model

    entry = add_model(file, like, name=name, licence=licence)
    console.result(
        f"Added {entry.name} ({entry.kind}, licence {entry.licence}). Use it with --model {entry.name}."
    )
    return ALL_WELL


@models.command()
@json_option
def kinds(as_json: bool) -> int:
    """The known kinds of networks, and the licences of their public weights."""
    from packshot.matting.kinds import KINDS

    rows = [(name, kind.licence) for name, kind in KINDS.items()]
    if as_json:
        for name, licence in rows:
            console.json_result({"kind": name, "licence": licence})
        return ALL_WELL
    for line in console.columns([("Kind", "Licence"), *rows], indent=""):
        console.result(line)
    return ALL_WELL


@models.command()
def verify() -> int:
    """Check every network's file against its recorded hash; exit code 3 when one is not as recorded."""
    from packshot.errors import ModelError
    from packshot.matting.index import verify_model
    from packshot.matting.registry import list_models

    bad = 0
    for entry in list_models():
        try:
            verify_model(entry)
        except ModelError as error:
            bad += 1
            console.error(error.message, error.code)
        else:
            console.result(f"{entry.name}: as recorded")
    return ENVIRONMENT if bad else ALL_WELL
