"""`packshot rework`: images once more, with other settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from packshot.cli.options import BoxType, Number, picture_options, work_options
from packshot.cli.where import PlacedCommand, Where, place_options


@click.command(cls=PlacedCommand, short_help="Make images again with other settings.")
@place_options
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@picture_options
@click.option("--box", type=BoxType(), help="The product's box, in pixels of the upright photo.")
@click.option("--angle", "angle_deg", type=Number(-180, 180), help="The product's turn, clockwise degrees.")
@click.option("--no-reference", is_flag=True, help="Align to no reference.")
@work_options
def rework(
    where: Where,
    images: tuple[str, ...],
    no_reference: bool,
    jobs: int | None,
    allow_roots: tuple[Path, ...],
    quiet: bool,
    as_json: bool,
    **overrides: Any,
) -> int:
    """Make images of DIR or a stack again with settings of their own: failed, rejected or otherwise.

    IMAGE is an image's id, its first characters, or a SKU (then all of its images). Each gets a new
    revision; what is not named keeps its value.
    """
    from packshot.cli.images import find_images
    from packshot.cli.place import open_place
    from packshot.cli.progress import progress_report
    from packshot.cli.summary import show_run
    from packshot.contracts.task import Overrides
    from packshot.local.request import ReworkRequest
    from packshot.local.runner import rework as rework_batch

    if no_reference and overrides["reference"]:
        raise click.UsageError("--reference and --no-reference exclude each other.")
    if no_reference:
        overrides["reference"] = ""
    if all(value is None for value in overrides.values()):
        raise click.UsageError("Nothing to change; name a setting, or use packshot retry for failed images.")
    changes = Overrides(**overrides)
    if where.stack is not None:
        from packshot.cli.stack_again import again_on_stack

        return again_on_stack(where, images, changes, quiet=quiet, as_json=as_json)
    with open_place(where) as place:
        ids = find_images(place, images)
    request = ReworkRequest(where.folder, ids, changes, jobs, allow_roots)
    with progress_report(quiet) as report:
        outcome = rework_batch(request, report)
    return show_run(where, outcome, as_json=as_json)
