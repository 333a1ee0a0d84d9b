"""Holds events to their schemas, wherever tests come by one."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema

from packshot.contracts.event_schemas import event_schema
from packshot.contracts.events import DetailType

Json = dict[str, Any]


def errors(event: Json, schema: Json) -> list[str]:
    """What of an event (of the bus, or a line of events.jsonl) does not fit a schema."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(event)]


def fits(event: Json) -> Json:
    """The event itself, once it has been found to fit its schema."""
    assert errors(event, _schema(event["detail-type"])) == []
    return event


@cache
def _schema(kind: str) -> Json:
    return event_schema(DetailType(kind))
