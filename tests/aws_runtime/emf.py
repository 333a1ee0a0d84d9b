"""Reads log lines as CloudWatch does: as metrics in the embedded format."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from packshot.contracts.metrics import NAMESPACE

Json = dict[str, Any]
#: What Lambda's JSON formatter leaves out: a record's own attributes.
_OWN = set(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime", "taskName"}
_UNITS = {"Milliseconds", "Count", "Bytes", "Seconds"}


def lines(records: Iterable[logging.LogRecord]) -> list[Json]:
    """Log lines as Lambda's JSON format writes them: the fields of `extra` at the root."""
    return [
        json.loads(
            json.dumps(
                {"message": record.getMessage(), **{k: v for k, v in vars(record).items() if k not in _OWN}}
            )
        )
        for record in records
    ]


def metrics(found: Iterable[Json]) -> dict[tuple[str, ...], list[float]]:
    """Values by (metric, dimension values in the order of their names' set), all lines together."""
    values: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for line in found:
        if "_aws" not in line:
            continue
        assert isinstance(line["_aws"]["Timestamp"], int)
        for directive in line["_aws"]["CloudWatchMetrics"]:
            assert directive["Namespace"] == NAMESPACE
            (dimensions,) = directive["Dimensions"]
            assert 0 < len(dimensions) <= 30
            where = tuple(line[name] for name in dimensions)
            assert all(isinstance(one, str) and 0 < len(one) <= 1024 for one in where)
            assert 0 < len(directive["Metrics"]) <= 100
            for metric in directive["Metrics"]:
                assert metric["Unit"] in _UNITS
                value = line[metric["Name"]]
                many = value if isinstance(value, list) else [value]
                assert 0 < len(many) <= 100
                assert all(isinstance(one, (int, float)) for one in many)
                values[metric["Name"], *where] += many
    return dict(values)
