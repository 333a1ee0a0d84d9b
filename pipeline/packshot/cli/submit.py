"""`packshot submit`: photos of this machine become a batch of a deployed stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from packshot.cli.options import (
    allow_root_option,
    column_options,
    columns_of,
    json_option,
    limit_option,
    picture_options,
    preset_option,
    quiet_option,
    strict_option,
)


@click.command(short_help="Hand photos over to a stack on AWS.")
@click.argument("source", metavar="SOURCE")
@click.option("--stack", required=True, metavar="NAME", help="The deployed stack; see docs/aws.md.")
@click.option("--region", metavar="NAME", help="The stack's region.  [default: the environment's]")
@preset_option
@picture_options
@limit_option
@click.option("--dry-run", is_flag=True, help="Only check and count; nothing is sent.")
@click.option("--fresh", is_flag=True, help="Start a batch also when the same one was handed over before.")
@strict_option
@allow_root_option
@click.option("--watch", is_flag=True, help="Follow the batch to its end.")
@quiet_option
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
