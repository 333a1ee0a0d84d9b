"""`packshot retry` and `packshot rework` on a stack."""

from __future__ import annotations

from packshot.cli import console
from packshot.cli.exits import ALL_WELL
from packshot.cli.images import find_images
from packshot.cli.place import open_stack_place
from packshot.cli.stack_batches import watch_batch
from packshot.cli.summary import NOTHING_FAILED, show_batch
from packshot.cli.where import Where
from packshot.contracts.again import AgainRequest
from packshot.contracts.task import Overrides


def again_on_stack(
    where: Where, images: tuple[str, ...], overrides: Overrides | None, *, quiet: bool, as_json: bool
) -> int:
    """Runs images of a batch again and follows them to their end.

    Args:
        where: the stack and the batch.
        images: their names; none for all that failed.
        overrides: of a rework; None for a retry.
        quiet: no progress.
        as_json: for programs.
    """
    place = open_stack_place(where)
    from packshot.stack.again import send_reference, start_again

    stack, batch = place.stack, place.batch
    request = AgainRequest(
        batch_id=batch.batch_id, image_ids=find_images(place, images) if images else (), overrides=overrides
    )
    if overrides is not None:
        send_reference(stack, batch, overrides)
    started = start_again(stack, batch, request)
    if started is None:
        if not as_json:
            console.result(NOTHING_FAILED)
        else:
            show_batch(place, as_json=True, processed=0)
        return ALL_WELL
    execution, count = started
    return watch_batch(
        stack,
        batch.batch_id,
        quiet=quiet,
        as_json=as_json,
        execution=execution,
        images=count,
        **({} if count is None else {"processed": count}),
    )
