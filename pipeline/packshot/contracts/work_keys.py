"""Where things lie in the buckets: keys that functions and their roles agree on."""

from __future__ import annotations

from typing import Final

#: In the upload bucket, what starts a batch.
MANIFESTS: Final = "manifests/"
MANIFEST_ENDINGS: Final = (".csv", ".json", ".jsonl")
#: Beside `NAME.csv`, the options of its batch.
OPTIONS_ENDING: Final = ".options.json"

#: In the catalogue bucket (or the output folder): what is delivered, and what waits for a person.
CATALOGUE: Final = "catalogue/"
REVIEW: Final = "review/"

#: In the work bucket, all of it; it expires.
BATCHES: Final = "batches/"


#: What the Map Runs' results lie under.
RESULTS: Final = f"{BATCHES}results/"


def batch_prefix(batch_id: str) -> str:
    """Everything of one batch."""
    return f"{BATCHES}{batch_id}/"


def settings_key(batch_id: str) -> str:
    """The batch's settings, once for all of its images."""
    return batch_prefix(batch_id) + "settings.json"


def items_key(batch_id: str) -> str:
    """The list that the images' Map goes through: a JSON array."""
    return batch_prefix(batch_id) + "items.json"


def references_key(batch_id: str) -> str:
    """The list that the references' Map goes through: a JSON array."""
    return batch_prefix(batch_id) + "references.json"


def image_prefix(batch_id: str, image_id: str, revision: int) -> str:
    """The workspace of one revision of an image."""
    return f"{batch_prefix(batch_id)}images/{image_id}/{revision}/"


def reference_prefix(batch_id: str, reference_id: str) -> str:
    """The workspace of a reference."""
    return f"{batch_prefix(batch_id)}references/{reference_id}/"
