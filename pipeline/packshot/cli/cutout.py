"""`packshot cutout`: only the background removed."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Remove the background, nothing else.")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option(
    "--out", "-o", type=click.Path(file_okay=False, path_type=Path), help="Folder for the PNG files."
)
@click.option("--model", metavar="NAME", default=None, help="Background network; see packshot models list.")
@click.option("--quiet", "-q", is_flag=True, help="Name no files.")
def cutout(photos: tuple[str, ...], out: Path | None, model: str | None, quiet: bool) -> int:
    """Remove the background of each PHOTO: DIR/<stem>.png, with alpha, in the photo's frame and size.

    With `- -` one photo is read from standard input and its PNG written to standard output.
    """
    from packshot.cli.cutouts import cut_files, cut_stream

    if photos == ("-", "-"):
        if out is not None:
            raise click.UsageError("`- -` writes to standard output; leave --out away.")
        return cut_stream(model)
    if "-" in photos:
        raise click.UsageError("Standard input goes to standard output: packshot cutout - -")
    if out is None:
        raise click.UsageError("Missing option '--out' / '-o'.")
    return cut_files(photos, out, model, quiet=quiet)
