"""Where things lie in the buckets: keys that functions and their roles agree on."""

from __future__ import annotations

from typing import Final

#: In the upload bucket, what starts a batch.
MANIFESTS: Final = "manifests/"
MANIFEST_ENDINGS: Final = (".csv", ".json", ".jsonl")
#: Beside `NAME.csv`, the options of its batch.
OPTIONS_ENDING: Final = ".options.json"
#: A manifest as `packshot submit` leaves it: rows that are judged, with the options of their batch.
ROWS_ENDING: Final = ".rows.jsonl"
#: Photos of submitted manifests; not below MANIFESTS, where one called x.json would start a batch.
PHOTOS: Final = "photos/"
#: Files that were announced over the HTTP API, a folder for each upload folder.
UPLOADS: Final = "incoming/"

#: In the catalogue bucket (or the output folder): what is delivered, and what waits for a person.
CATALOGUE: Final = "catalogue/"
REVIEW: Final = "review/"
#: In the catalogue bucket: results.jsonl and results.csv of each batch.
REPORTS: Final = "results/"

#: In the work bucket, all of it; it expires.
BATCHES: Final = "batches/"
#: Zips of the HTTP API, for a day.
DOWNLOADS: Final = "downloads/"


#: What the Map Runs' results lie under.
RESULTS: Final = f"{BATCHES}results/"


def batch_prefix(batch_id: str) -> str:
    """Everything of one batch."""
    return f"{BATCHES}{batch_id}/"


def settings_key(batch_id: str) -> str:
    """The batch's settings, once for all of its images."""
    return batch_prefix(batch_id) + "settings.json"


def asked_key(batch_id: str) -> str:
    """The rows of a batch that the HTTP API has claimed, as they were judged."""
    return batch_prefix(batch_id) + "asked.jsonl"


def batch_of_asked(key: str) -> str | None:
    """The batch of a key from `asked_key`; None for another key."""
    parts = key.split("/")
    return parts[1] if len(parts) == 3 and key == asked_key(parts[1]) else None


def items_key(batch_id: str) -> str:
    """The list that the images' Map goes through: a JSON array."""
    return batch_prefix(batch_id) + "items.json"


def references_key(batch_id: str) -> str:
    """The list that the references' Map goes through: a JSON array."""
    return batch_prefix(batch_id) + "references.json"


def part_key(batch_id: str, shards: str, ending: str) -> str:
    """The results of some of a batch's shards; endings are .jsonl, .csv and, for the sums, .json."""
    return f"{batch_prefix(batch_id)}parts/{shards}{ending}"


def report_key(batch_id: str, name: str) -> str:
    """A file of the batch's results in the catalogue bucket."""
    return f"{REPORTS}{batch_id}/{name}"


def again_prefix(batch_id: str, request_id: str) -> str:
    """A request to run images of a batch again, and its lists."""
    return f"{batch_prefix(batch_id)}again/{request_id}/"


def again_key(batch_id: str, request_id: str) -> str:
    """The request itself."""
    return again_prefix(batch_id, request_id) + "request.json"


def batch_of_again(key: str) -> str | None:
    """The batch of a key from `again_key`; None for another key."""
    parts = key.split("/")
    known = len(parts) == 5 and key == again_key(parts[1], parts[3])
    return parts[1] if known else None


def image_prefix(batch_id: str, image_id: str, revision: int) -> str:
    """The workspace of one revision of an image."""
    return f"{batch_prefix(batch_id)}images/{image_id}/{revision}/"


def reference_prefix(batch_id: str, reference_id: str) -> str:
    """The workspace of a reference."""
    return f"{batch_prefix(batch_id)}references/{reference_id}/"
