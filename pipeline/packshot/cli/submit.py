"""`packshot submit`: photos of this machine become a batch of a deployed stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from packshot.cli.options import column_options, columns_of, json_option, picture_options


@click.command(short_help="Hand photos over to a stack on AWS.")
@click.argument("source", metavar="SOURCE")
@click.option("--stack", required=True, metavar="NAME", help="The deployed stack; see docs/aws.md.")
@click.option("--region", metavar="NAME", help="The stack's region.  [default: the environment's]")
@click.option(
    "--preset",
    "-p",
    metavar="NAME|FILE",
    help="What the pictures must look like.  [default: the manifest's, or studio]",
)
@picture_options
@click.option("--limit", type=click.IntRange(1), help="Only the first so many photos.")
@click.option("--dry-run", is_flag=True, help="Only check and count; nothing is sent.")
@click.option("--fresh", is_flag=True, help="Start a batch also when the same one was handed over before.")
@click.option("--strict", is_flag=True, help="Refuse the whole manifest when one of its lines is bad.")
@click.option(
    "--allow-root",
    "allow_roots",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder outside the manifest's from which photos may be read; repeatable.",
)
@click.option("--watch", is_flag=True, help="Follow the batch to its end.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@json_option
@column_options
def submit(stack: str, region: str | None, watch: bool, quiet: bool, as_json: bool, **values: Any) -> int:
    """Hand the photos of SOURCE over to a stack on AWS, whose batch then runs by itself.

    SOURCE is a folder, a glob in quotes, a manifest (CSV, JSON, JSON Lines), or - for a manifest on
    standard input. Only photos that are not there yet are sent; ids and file names are those of
    packshot run.
    """
    from packshot.cli.submitting import submit_source
    from packshot.cli.where import Where
    from packshot.local.request import RunRequest

    columns = columns_of(values)
    request = RunRequest(columns=columns, out=Path(), **values)
    where = Where(None, stack, None, region)
    return submit_source(where, request, watch=watch, quiet=quiet, as_json=as_json)
