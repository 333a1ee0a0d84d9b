"""What is asked for when images of a batch are to run again on AWS; lies in the work bucket."""

from __future__ import annotations

from packshot.contracts.base import Contract
from packshot.contracts.task import Overrides


class AgainRequest(Contract):
    """Images of a batch once more, each as its next revision.

    Attributes:
        image_ids: which; empty for all that failed (retry only).
        overrides: what is set by hand (rework); None for the batch's own settings (retry).
    """

    batch_id: str
    image_ids: tuple[str, ...] = ()
    overrides: Overrides | None = None
