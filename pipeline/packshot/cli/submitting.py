"""What `packshot submit` does and says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from packshot.cli import console
from packshot.cli.exits import ALL_WELL, SOME_FAILED
from packshot.cli.place import open_named_stack
from packshot.cli.progress import progress_report
from packshot.cli.row_errors import row_error_lines
from packshot.cli.stack_batches import again_words, watch_batch
from packshot.cli.summary import print_lines
from packshot.cli.where import Where
from packshot.local.request import Progress, RunRequest
from packshot.report import numbers

if TYPE_CHECKING:  # boto3 is an extra
    from packshot.stack.photos import Sent
    from packshot.stack.submit import Submission


def submit_source(where: Where, request: RunRequest, *, watch: bool, quiet: bool, as_json: bool) -> int:
    """Hands a source over, and follows its batch where that is asked for."""
    stack = open_named_stack(where)
    from packshot.stack.submit import submit

    with progress_report(quiet, "photos sent") as report:

        def told(sent: Sent, count: int) -> None:
            refused = len(sent.refused)
            report(Progress(sent.total, count, refused, 0, sent.there, 0.0, None))

        try:
            made = submit(stack, request, told)
        except KeyboardInterrupt:
            console.note("Nothing was started. The same command sends what is not there yet.")
            raise
    if request.dry_run:
        return _show_dry_run(made, as_json=as_json)
    facts = _facts(made)
    if not quiet or not as_json:
        _say(made, as_json=as_json)
    if watch:
        return watch_batch(stack, made.batch_id, quiet=quiet, as_json=as_json, submitted=facts)
    if as_json:
        console.json_result(facts | {"stack": stack.name, "region": stack.region})
    else:
        console.result(f"\nTo follow it: {again_words(stack, made.batch_id)}")
    return ALL_WELL


def _say(made: Submission, *, as_json: bool) -> None:
    """What was handed over; beside JSON on standard error."""
    say = console.note if as_json else console.result
    if made.known:
        say(f"Batch {made.batch_id} was handed over before, just like this; nothing was started anew.")
    else:
        say(f"Batch {made.batch_id}: {numbers.count(made.total, 'image')} handed over.")
    photos = made.photos
    if photos.total:
        say(f"{numbers.count(photos.sent, 'photo')} sent, {photos.there:,} there before.")
    refused = [
        (console.shorten(written, 44), f"{error.message} ({error.code})") for written, error in photos.refused
    ]
    shown = refused[: console.LIST_LIMIT]
    lines = console.columns(shown)
    if refused:
        title = numbers.count(len(refused), "photo")
        lines = [f"{title} can't be read here, and will fail:", *lines]
    lines += console.more(len(refused), len(shown), "packshot results lists all when the batch has ended")
    lines += row_error_lines(made.row_errors)
    for line in lines:
        say(line)


def _facts(made: Submission) -> dict[str, Any]:
    return {
        "batch_id": made.batch_id,
        "known": made.known,
        "manifest": made.manifest,
        "total": made.total,
        "rejected_rows": made.rejected_rows,
        "photos_sent": made.photos.sent,
        "photos_there": made.photos.there,
        "photos_refused": [
            {"source": written, "code": error.code, "message": error.message}
            for written, error in made.photos.refused
        ],
        "row_errors": [error.model_dump(mode="json") for error in made.row_errors],
    }


def _show_dry_run(made: Submission, *, as_json: bool) -> int:
    if as_json:
        console.json_result({"dry_run": True, **_facts(made)})
    else:
        good = made.total - made.rejected_rows
        console.result(
            f"Would hand over {numbers.count(good, 'image')} as {made.manifest}. Nothing was sent."
        )
        print_lines(row_error_lines(made.row_errors))
    return SOME_FAILED if made.row_errors else ALL_WELL
