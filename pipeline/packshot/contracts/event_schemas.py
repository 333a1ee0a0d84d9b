"""The JSON Schemas of the events, made from their contracts; `make schemas` writes them into the package.

A schema describes what is common to an event of EventBridge and a line of `events.jsonl`: source,
detail-type and detail. It leaves unknown fields alone, so that a consumer who checks against an older
one does not refuse an event that says more.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from packshot.contracts.base import Contract, QcStatus, ReviewReason
from packshot.contracts.events import (
    SCHEMA_VERSION,
    SOURCE,
    BatchData,
    DetailType,
    EventFile,
    EventMetadata,
    EventReview,
    ImageData,
)
from packshot.contracts.records import ErrorFacts

Json = dict[str, Any]

#: Enumerations that grow: a consumer must take a value that it does not know for a text.
_OPEN: Final = ("ReviewReason", "Format")


class _Metadata(EventMetadata):
    schema_version: Literal["1"]


class _ImageProcessed(ImageData):
    qc_status: Literal[QcStatus.AUTO_APPROVED]
    score: float
    error: None
    files: tuple[EventFile, ...] = Field(min_length=1)
    review: None


class _ImageNeedsReview(ImageData):
    qc_status: Literal[QcStatus.NEEDS_REVIEW]
    score: float
    review_reasons: tuple[ReviewReason, ...] = Field(min_length=1)
    error: None
    files: tuple[EventFile, ...] = Field(min_length=1)
    review: None


class _ImageFailed(ImageData):
    qc_status: Literal[QcStatus.PENDING]
    score: None
    error: ErrorFacts
    files: tuple[EventFile, ...] = Field(max_length=0)
    review: None


class _ImageReviewed(ImageData):
    qc_status: Literal[QcStatus.APPROVED, QcStatus.REJECTED, QcStatus.NEEDS_REVIEW, QcStatus.AUTO_APPROVED]
    score: float
    error: None
    review: EventReview


class _BatchBegun(BatchData):
    finished_at: None
    error: None


class _BatchCompleted(BatchData):
    error: None


class _BatchFailed(BatchData):
    error: ErrorFacts


#: What each event's data is, more narrowly than the class that carries it.
_DATA: Final[dict[DetailType, type[Contract]]] = {
    DetailType.BATCH_ACCEPTED: _BatchBegun,
    DetailType.BATCH_STARTED: _BatchBegun,
    DetailType.IMAGE_PROCESSED: _ImageProcessed,
    DetailType.IMAGE_NEEDS_REVIEW: _ImageNeedsReview,
    DetailType.IMAGE_FAILED: _ImageFailed,
    DetailType.IMAGE_REVIEWED: _ImageReviewed,
    DetailType.BATCH_COMPLETED: _BatchCompleted,
    DetailType.BATCH_FAILED: _BatchFailed,
}

_SAYS: Final[dict[DetailType, str]] = {
    DetailType.BATCH_ACCEPTED: "A manifest was read and its batch claimed.",
    DetailType.BATCH_STARTED: "The batch's lists are written and its images are being worked on.",
    DetailType.IMAGE_PROCESSED: "A finished picture was approved by itself and stands in the catalogue.",
    DetailType.IMAGE_NEEDS_REVIEW: "A finished picture waits for a person; `review_reasons` say why.",
    DetailType.IMAGE_FAILED: "An image could not be made; `error` says why.",
    DetailType.IMAGE_REVIEWED: "A person approved or rejected a picture, or took that back.",
    DetailType.BATCH_COMPLETED: "Each image of the batch has its outcome; `counts` sums them up.",
    DetailType.BATCH_FAILED: "The batch as a whole could not be run; `error` says why.",
}


def slug(kind: DetailType) -> str:
    """An event's name in file names: `image_processed`."""
    return kind.name.lower()


def resource(kind: DetailType, what: Literal["schema", "sample"], version: str = SCHEMA_VERSION) -> str:
    """Where an event's schema or sample lies below the package."""
    return f"schemas/events/{version}/{slug(kind)}.{what}.json"


def event_schema(kind: DetailType) -> Json:
    """JSON Schema (draft 2020-12) of an event of today's version."""
    metadata, data = _described(_Metadata), _described(_DATA[kind])
    shared = data.pop("$defs", {})
    definitions = {name: _opened(name, one) for name, one in sorted(shared.items())}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:packshot:event:{slug(kind)}:{SCHEMA_VERSION}",
        "title": kind.value,
        "description": _SAYS[kind],
        "type": "object",
        "required": ["source", "detail-type", "detail"],
        "properties": {
            "source": {"const": SOURCE},
            "detail-type": {"const": kind.value},
            "detail": {
                "type": "object",
                "required": ["metadata", "data"],
                "properties": {"metadata": _tidied(metadata), "data": _tidied(data)},
            },
        },
        "$defs": _tidied(definitions),
    }


def _described(narrowed: type[Contract]) -> Json:
    """The schema of a narrowed class, with the descriptions of the fields that it narrows."""
    schema = narrowed.model_json_schema(mode="serialization")
    (carried,) = narrowed.__bases__
    if issubclass(carried, Contract):
        for name, field in carried.model_fields.items():
            schema["properties"][name]["description"] = field.description
    return schema


def _opened(name: str, schema: Json) -> Json:
    return {"type": "string", "examples": schema["enum"]} if name in _OPEN else schema


def _tidied(schema: Any) -> Any:
    """Without what binds producers alone (no more fields, defaults) and pydantic's titles of fields."""
    if isinstance(schema, list):
        return [_tidied(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _tidied(one) for name, one in schema.items() if name not in ("default", "title")}
    if made.get("additionalProperties") is False:
        del made["additionalProperties"]
    if "properties" in schema:
        made["properties"] = {name: _tidied(one) for name, one in schema["properties"].items()}
        # All fields are sent, those that say nothing as null.
        made["required"] = list(made["properties"])
        made.pop("description", None)  # the class's docstring, for programmers
    return made
