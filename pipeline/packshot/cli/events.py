"""`packshot events`: what Packshot says to other software."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL

if TYPE_CHECKING:
    from packshot.contracts.events import DetailType


@click.group()
def events() -> None:
    """List the events, and show their JSON Schemas and samples."""


@events.command("list")
def list_() -> int:
    """The events, and when each is sent."""
    from packshot.contracts.event_schemas import event_schema, slug
    from packshot.contracts.events import DetailType

    rows = [(slug(kind), kind.value, event_schema(kind)["description"]) for kind in DetailType]
    for line in console.columns([("Name", "Detail type", "Sent when"), *rows], indent=""):
        console.result(line)
    return ALL_WELL


@events.command()
@click.argument("name", required=False)
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all of them there, one file each.",
)
def schema(name: str | None, into: Path | None) -> int:
    """The JSON Schema of an event."""
    from packshot.contracts.event_schemas import event_schema, slug
    from packshot.contracts.events import DetailType

    if (name is None) == (into is None):
        raise click.UsageError("Give the NAME of an event, or --into DIR for all of them.")
    if name is not None:
        console.result(json.dumps(event_schema(_kind(name)), indent=2))
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)
        for kind in DetailType:
            text = json.dumps(event_schema(kind), indent=2) + "\n"
            (into / f"{slug(kind)}.schema.json").write_text(text, "utf-8")
    return ALL_WELL


@events.command()
@click.argument("name")
def sample(name: str) -> int:
    """An event as a consumer gets it from EventBridge."""
    from importlib import resources

    from packshot.contracts.event_schemas import resource

    found = resources.files("packshot").joinpath(resource(_kind(name), "sample"))
    console.result(found.read_text("utf-8").rstrip("\n"))
    return ALL_WELL


def _kind(name: str) -> DetailType:
    """An event by its name (image_processed) or its detail type (Image Processed)."""
    from packshot.contracts.event_schemas import slug
    from packshot.contracts.events import DetailType

    for kind in DetailType:
        if name in (slug(kind), kind.value):
            return kind
    known = ", ".join(slug(kind) for kind in DetailType)
    raise click.UsageError(f"There is no event {name!r}; there are {known}.")
