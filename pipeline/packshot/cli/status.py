"""`packshot status`: how a batch stands."""

from __future__ import annotations

import click

from packshot.cli.options import json_option
from packshot.cli.where import PlacedCommand, Where, place_options


@click.command(cls=PlacedCommand, short_help="Say how a batch stands.")
@place_options
@click.option("--watch", is_flag=True, help="Follow a batch of a stack to its end.")
@json_option
def status(where: Where, watch: bool, as_json: bool) -> int:
    """Say how the newest batch in DIR stands: counts, scores, failures, what waits for review.

    Works while a run is on. Of a stack without --batch: its latest batches.
    """
    if where.stack is None:
        if watch:
            raise click.UsageError("--watch belongs to --stack NAME; a run on this machine shows its own.")
        from packshot.cli.summary import show_status

        return show_status(where, as_json=as_json)
    from packshot.cli.stack_batches import show_batches, show_stack_status

    if where.batch is None and not watch:
        return show_batches(where, as_json=as_json)
    return show_stack_status(where, watch=watch, as_json=as_json)
