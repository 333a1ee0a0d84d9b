"""`packshot run`: a folder or a manifest of photos becomes a finished catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from packshot.cli.options import (
    column_options,
    columns_of,
    limit_option,
    picture_options,
    preset_option,
    strict_option,
    work_options,
)


@click.command(short_help="Turn photos into a finished catalogue.")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--out", "-o", required=True, type=click.Path(file_okay=False, path_type=Path), help="Output folder."
)
@preset_option
@picture_options
@limit_option
@click.option("--dry-run", is_flag=True, help="Only say what would be done; write nothing.")
@click.option("--fresh", is_flag=True, help="Forget earlier results in the output folder.")
@click.option("--resume", is_flag=True, expose_value=False, help="Go on where a run stopped (the default).")
@strict_option
@work_options
@column_options
def run(quiet: bool, as_json: bool, **values: Any) -> int:
    """Turn the photos of SOURCE into a finished catalogue.

    SOURCE is a folder, a glob in quotes, a manifest (CSV, JSON, JSON Lines), or - for a manifest on
    standard input. The same command goes on where it stopped, and does only what is new or changed.
    """
    from packshot.cli.progress import progress_report
    from packshot.cli.summary import show_run
    from packshot.cli.where import Where
    from packshot.local.request import RunRequest
    from packshot.local.runner import run as run_batch

    columns = columns_of(values)
    request = RunRequest(columns=columns, **values)
    with progress_report(quiet) as report:
        outcome = run_batch(request, report)
    return show_run(Where(request.out), outcome, as_json=as_json)
