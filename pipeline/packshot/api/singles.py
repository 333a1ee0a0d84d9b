"""Single photos are batches of one, so that all that holds for images holds for them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from packshot.contracts.records import BatchRecord

#: Start of the names of their manifests.
MARK: Final = "one-"


def is_single(batch: BatchRecord) -> bool:
    """True for the batch of a photo that came by /enhance."""
    return batch.total == 1 and PurePosixPath(batch.manifest).name.startswith(MARK)
