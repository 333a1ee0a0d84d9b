"""`packshot status`: how a batch stands."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.options import directory_argument, json_option


@click.command(short_help="Say how a batch stands.")
@directory_argument
@json_option
def status(directory: Path, as_json: bool) -> int:
    """Say how the newest batch in DIR stands: counts, scores, failures, what waits for review.

    Works while a run is on.
    """
    from packshot.cli.summary import show_status

    return show_status(directory, as_json=as_json)
