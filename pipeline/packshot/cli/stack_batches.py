"""Batches of a stack on the terminal: which there are, how one stands, and following it to its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL, INTERRUPTED, SOME_FAILED, USAGE, exit_code
from packshot.cli.place import open_named_stack
from packshot.cli.progress import progress_report
from packshot.cli.summary import show_batch
from packshot.cli.where import Where
from packshot.contracts.base import Status
from packshot.contracts.records import BatchRecord, ErrorFacts
from packshot.errors import InternalError
from packshot.report import numbers

if TYPE_CHECKING:  # boto3 is an extra
    from packshot.stack.deployed import Stack

#: Codes of batches that could not be run for what was asked for; others are the stack's own trouble.
_ASKED_WRONGLY = ("manifest_", "row_", "preset_", "option_", "image_", "model_unknown")


def show_batches(where: Where, *, as_json: bool) -> int:
    """Prints a stack's latest batches, newest first."""
    stack = open_named_stack(where)
    if as_json:
        for batch in _all_batches(stack):
            console.json_result(batch.model_dump(mode="json", exclude={"settings"}))
        return ALL_WELL
    page = stack.ports.table.batches(limit=console.LIST_LIMIT)
    if not page.items:
        console.result(f"The stack {stack.name} has no batch yet.")
        return ALL_WELL
    rows = [
        (
            batch.batch_id,
            batch.status.value,
            numbers.moment(batch.created_at),
            f"{batch.total:,}",
            f"{batch.counts.get('needs_review', 0):,}",
            f"{batch.counts.get('failed', 0):,}",
            console.shorten(batch.manifest.removeprefix(f"s3://{stack.uploads}/"), 48),
        )
        for batch in page.items
    ]
    header = ("Batch", "Status", "Begun", "Images", "To review", "Failed", "Manifest")
    for line in console.columns([header, *rows], right=(3, 4, 5), indent=""):
        console.result(line)
    if page.cursor is not None:
        console.result(f"  the latest {len(page.items)}; --json lists all")
    return ALL_WELL


def _all_batches(stack: Stack) -> Iterator[BatchRecord]:
    cursor: str | None = None
    while True:
        page = stack.ports.table.batches(cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def show_stack_status(where: Where, *, watch: bool, as_json: bool) -> int:
    """Prints how a batch of a stack stands, with `watch` after it has ended."""
    stack = open_named_stack(where)
    batch = stack.batch(where.batch)
    if watch:
        return watch_batch(stack, batch.batch_id, quiet=False, as_json=as_json)
    from packshot.stack.place import StackPlace

    show_batch(StackPlace(stack, batch), as_json=as_json)
    if not as_json and batch.error is not None:
        console.result(f"\nIt failed: {batch.error.message} ({batch.error.code})")
    return ALL_WELL


def watch_batch(
    stack: Stack,
    batch_id: str,
    *,
    quiet: bool,
    as_json: bool,
    execution: str | None = None,
    images: int | None = None,
    **more: Any,
) -> int:
    """Follows a batch to its end and prints what it came to; stopped by Ctrl-C, the batch goes on.

    Args:
        stack: where it runs.
        batch_id: which.
        quiet: no progress.
        as_json: for programs, with `more`.
        execution: of a retry or rework.
        images: that it works on.
        more: said of it besides, to programs.
    """
    from packshot.stack.follow import follow
    from packshot.stack.place import StackPlace

    try:
        with progress_report(quiet) as report:
            batch = follow(stack, batch_id, report, execution=execution, images=images)
    except (KeyboardInterrupt, click.Abort):
        console.note(f"The batch goes on without you. To look at it again:\n  {again_words(stack, batch_id)}")
        return INTERRUPTED
    if batch.status is Status.FAILED:
        return _failed(batch, as_json=as_json, **more)
    show_batch(StackPlace(stack, batch), as_json=as_json, **more)
    return SOME_FAILED if batch.counts.get("failed", 0) else ALL_WELL


def again_words(stack: Stack, batch_id: str) -> str:
    """The command that shows a batch."""
    return f"packshot status --stack {stack.name} --region {stack.region} --batch {batch_id} --watch"


def _failed(batch: BatchRecord, *, as_json: bool, **more: Any) -> int:
    error = batch.error or ErrorFacts(code="internal_error", message="The batch failed and says no reason.")
    if as_json:
        facts = batch.model_dump(mode="json", exclude={"settings"})
        console.json_result(facts | more)
    console.error(error.message, error.code)
    if error.code.startswith(_ASKED_WRONGLY):
        return USAGE
    return exit_code(InternalError("internal_error", reason=error.message))
