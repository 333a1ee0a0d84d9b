"""`packshot retry`: the failed images of a batch once more."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.options import directory_argument, work_options


@click.command(short_help="Try failed images again.")
@directory_argument
@click.argument("images", nargs=-1, metavar="[IMAGE]...")
@work_options
def retry(
    directory: Path,
    images: tuple[str, ...],
    jobs: int | None,
    allow_roots: tuple[Path, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Try the failed images of DIR again, for example when an address did not answer.

    IMAGE is an image's id, its first characters, or a SKU; without any, all failed ones are tried.
    With other settings: packshot rework.
    """
    from packshot.cli.images import find_images
    from packshot.cli.progress import progress_report
    from packshot.cli.summary import show_run
    from packshot.local.request import RetryRequest
    from packshot.local.runner import retry as retry_batch

    ids = find_images(directory, images) if images else ()
    request = RetryRequest(directory, ids, jobs, allow_roots)
    with progress_report(quiet) as report:
        outcome = retry_batch(request, report)
    return show_run(directory, outcome, as_json=as_json)
