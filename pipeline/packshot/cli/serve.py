"""`packshot serve`: the page and the HTTP API."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Open the page in the browser, and serve the HTTP API.")
@click.argument(
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="[DIR]",
    default=Path("catalogue"),
    required=False,
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 for a free one."
)
@click.option("--remote", is_flag=True, help="Allow an address that other machines can reach.")
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME", help="Also answer to this name; repeatable."
)
@click.option("--token", envvar="PACKSHOT_TOKEN", metavar="TEXT", help="Instead of a new one each time.")
@click.option("--open/--no-open", "opens", default=None, help="Open the browser.  [default: on a terminal]")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Worker processes.  [default: one per core]")
@click.option(
    "--allow-root",
    "allow_roots",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder of this machine from which rows may name photos; repeatable.",
)
def serve(
    directory: Path,
    host: str,
    port: int,
    remote: bool,
    hosts: tuple[str, ...],
    token: str | None,
    opens: bool | None,
    jobs: int | None,
    allow_roots: tuple[Path, ...],
) -> int:
    """Serve the page and the HTTP API over DIR, which is made when it is not there.

    DIR may also be what `packshot run` has made: its pictures are then reviewed in the browser. The
    link that is printed holds the token; whoever has it may do everything here. Ctrl-C ends the
    server, and a batch that runs goes on with the next one.
    """
    from packshot.cli.serving import Start, serve_directory

    start = Start(directory, host, port, remote, hosts, token, opens, jobs, allow_roots)
    return serve_directory(start)
