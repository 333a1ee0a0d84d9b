"""`packshot retry`: the failed images of a batch once more."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli import console
from packshot.cli.options import work_options
from packshot.cli.where import PlacedCommand, Where, place_options


@click.command(cls=PlacedCommand, short_help="Try failed images again.")
@place_options
@click.argument("images", nargs=-1, metavar="[IMAGE]...")
@work_options
def retry(
    where: Where,
    images: tuple[str, ...],
    jobs: int | None,
    allow_roots: tuple[Path, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Try the failed images of DIR or a stack again, for example when an address did not answer.

    IMAGE is an image's id, its first characters, or a SKU; without any, all failed ones are tried.
    With other settings: packshot rework.
    """
    if where.stack is not None:
        from packshot.cli.stack_again import again_on_stack

        return again_on_stack(where, images, None, quiet=quiet, as_json=as_json)
    from packshot.cli.images import find_images
    from packshot.cli.place import open_place
    from packshot.cli.progress import progress_report
    from packshot.cli.summary import NOTHING_FAILED, show_run
    from packshot.local.request import RetryRequest
    from packshot.local.runner import retry as retry_batch

    with open_place(where) as place:
        ids = find_images(place, images) if images else ()
    request = RetryRequest(where.folder, ids, jobs, allow_roots)
    with progress_report(quiet) as report:
        outcome = retry_batch(request, report)
    if not outcome.processed and not outcome.interrupted and not as_json:
        console.result(NOTHING_FAILED)
    return show_run(where, outcome, as_json=as_json)
