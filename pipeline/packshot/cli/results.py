"""`packshot results`: what became of each image of a batch."""

from __future__ import annotations

from typing import Any

import click

from packshot.cli.options import json_option
from packshot.cli.review import REASONS
from packshot.cli.where import PlacedCommand, Where, place_options

#: The words of contracts.base, written out because importing them takes longer than --help may.
STATUSES = ("pending", "processing", "completed", "failed")
QC_STATUSES = ("pending", "auto_approved", "needs_review", "approved", "rejected")


@click.command(cls=PlacedCommand, short_help="List what became of each image.")
@place_options
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv")),
    default="table",
    help="table, or the lines of results.jsonl or results.csv.  [default: table]",
)
@click.option("--status", type=click.Choice(STATUSES), help="Only those with this status.")
@click.option("--qc-status", type=click.Choice(QC_STATUSES), help="Only those with this verdict.")
@click.option("--because", type=click.Choice(REASONS), metavar="REASON", help="Only those with this reason.")
@click.option("--sku", metavar="SKU", help="Only those of this SKU.")
@click.option("--all", "everything", is_flag=True, help="The whole table, not only its first twenty.")
@json_option
def results(where: Where, form: str, as_json: bool, **chosen: Any) -> int:
    """List what became of each image of DIR's newest batch, or of a batch of a stack.

    With --format json or csv all of them, in the form of results.jsonl and results.csv.
    """
    from packshot.cli.result_list import show_results

    return show_results(where, "json" if as_json else form, **chosen)
