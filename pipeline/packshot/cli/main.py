"""The `packshot` command: its sub-commands, and the one place where errors become words and exit codes.

Command modules import click alone; what does the work is imported when a command runs, so that
`--version` and every `--help` answer at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from packshot import __version__
from packshot.cli import console
from packshot.cli.cost import cost
from packshot.cli.cutout import cutout
from packshot.cli.doctor import doctor
from packshot.cli.events import events
from packshot.cli.exits import ALL_WELL, ENVIRONMENT, INTERRUPTED, USAGE, exit_code
from packshot.cli.models import models
from packshot.cli.presets import presets
from packshot.cli.results import results
from packshot.cli.retry import retry
from packshot.cli.review import review
from packshot.cli.rework import rework
from packshot.cli.run import run
from packshot.cli.serve import serve
from packshot.cli.status import status
from packshot.cli.submit import submit
from packshot.cli.validate import validate
from packshot.errors import PackshotError


class _InOrder(click.Group):
    """Lists its commands as they were added: what people need first comes first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=_InOrder, context_settings=_CONTEXT)
@click.version_option(__version__, "-V", "--version", message="packshot %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
def cli() -> None:
    """Turn a folder of raw product photos into a uniform, marketplace-ready catalogue.

    \b
    packshot run photos/ --out catalogue/      align, cut out, clean, compress and score
    packshot review catalogue/ list            what a person should look at
    packshot cutout mug.jpg -o cut/            only the background removed

    Exit codes: 0 all well, 1 some images failed, 2 wrong use or an unreadable manifest,
    3 the environment is not fit (packshot doctor says why), 130 stopped by Ctrl-C.
    """  # noqa: D301 - click reads the backspace sign: lines that it must not wrap


for _command in (
    run,
    serve,
    submit,
    status,
    results,
    review,
    retry,
    rework,
    validate,
    cutout,
    cost,
    presets,
    models,
    events,
    doctor,
):
    cli.add_command(_command)


def main(args: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code; nothing but a fault in here raises."""
    words = list(sys.argv[1:] if args is None else args)
    # Accepted anywhere, since it is added to a command that has just failed.
    options = words[: words.index("--")] if "--" in words else words
    debug = "--debug" in options
    if debug:
        words.remove("--debug")
    try:
        result = cli.main(words, prog_name="packshot", standalone_mode=False)
    except SystemExit:
        # So click ends, standalone or not, when the reader of standard output has gone.
        return _closed_pipe()
    except Exception as error:
        return _ended_by(error, debug)
    return result if isinstance(result, int) else ALL_WELL


def _ended_by(error: Exception, debug: bool) -> int:
    """Says why a command ended, and returns its exit code."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.Abort():
            console.error("stopped", "interrupted")
            return INTERRUPTED
        case click.ClickException():
            return _misused(error)
        case PackshotError():
            console.error(error.message, error.code)
            if debug:
                _traceback(error)
            return exit_code(error)
    return _unforeseen(error, debug)


def _misused(error: click.ClickException) -> int:
    """A wrong word on the command line, told as all other errors are."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        console.note(error.format_message())
        return USAGE
    console.error(error.format_message(), "usage")
    if context is not None:
        console.note(f"See: {context.command_path} --help")
    return USAGE


def _unforeseen(error: Exception, debug: bool) -> int:
    """A fault of ours, or of the machine: one sentence, and how to say more."""
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        console.error(f"{error.strerror or error}{where}", "os_error")
    else:
        console.error(f"something in Packshot went wrong: {type(error).__name__}: {error}", "internal_error")
    if debug:
        _traceback(error)
    else:
        console.note(
            "Run the same command with --debug for the details; please report them with the output of "
            "`packshot doctor`."
        )
    return ENVIRONMENT


def _traceback(error: Exception) -> None:
    import traceback

    console.note("".join(traceback.format_exception(error)).rstrip())


def _closed_pipe() -> int:
    """The reader (`head`, for example) has seen enough; that is no failure."""
    import os

    # Python flushes at exit and would fail once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ALL_WELL


if __name__ == "__main__":
    sys.exit(main())
