"""What a function measures, in CloudWatch's embedded metric format: metrics that travel as log lines.

A call collects its values and hands them out at its end, packed into as few lines as possible; the first
of them is the call's own log line. Outside of a call (a command, a test) measuring does nothing.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from packshot.contracts.metrics import DEPLOYMENT, NAMESPACE, Metric

Json = dict[str, Any]

#: Values that one metric may have in one line.
_VALUES: Final = 100


class Meter:
    """The values of one call.

    Args:
        deployment: whose call it is; it may be set later.
    """

    def __init__(self, deployment: str = "unknown") -> None:
        self.deployment = deployment
        self._values: dict[tuple[Metric, str], list[float]] = {}
        # A call may work with several threads.
        self._lock = threading.Lock()

    def add(self, metric: Metric, value: float, of: str = "") -> None:
        """Notes a value; `of` is that of the metric's second dimension."""
        with self._lock:
            values = self._values.setdefault((metric, of), [])
            if metric.summed and values:
                values[0] += value
            else:
                values.append(value)

    def lead(self, metric: Metric, value: float, of: str = "") -> None:
        """Notes a value that stands in the first line."""
        self._values = {(metric, of): [value], **self._values}

    def lines(self, now_ms: int) -> list[Json]:
        """The fields of log lines that CloudWatch turns into metrics.

        Args:
            now_ms: milliseconds since 1970.
        """
        lines: list[Json] = []
        for (metric, of), values in self._values.items():
            for start in range(0, len(values), _VALUES):
                line = next((one for one in lines if _has_room(one, metric, of)), None)
                if line is None:
                    line = {
                        "_aws": {"Timestamp": now_ms, "CloudWatchMetrics": []},
                        DEPLOYMENT: self.deployment,
                    }
                    lines.append(line)
                _put(line, metric, of, values[start : start + _VALUES])
        return lines


def _has_room(line: Json, metric: Metric, of: str) -> bool:
    """A line has each metric once, and one value of each dimension."""
    return metric.name not in line and (metric.by is None or line.get(metric.by, of) == of)


def _put(line: Json, metric: Metric, of: str, values: list[float]) -> None:
    dimensions = [DEPLOYMENT] if metric.by is None else [DEPLOYMENT, metric.by]
    if metric.by is not None:
        line[metric.by] = of
    line[metric.name] = values[0] if len(values) == 1 else values
    told = {"Name": metric.name, "Unit": metric.unit}
    directives: list[Json] = line["_aws"]["CloudWatchMetrics"]
    for one in directives:
        if one["Dimensions"] == [dimensions]:
            one["Metrics"].append(told)
            return
    directives.append({"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": [told]})


_CURRENT: Final[ContextVar[Meter | None]] = ContextVar("meter", default=None)


@contextmanager
def metering() -> Iterator[Meter]:
    """A call; what is measured inside goes to its meter."""
    meter = Meter()
    token = _CURRENT.set(meter)
    try:
        yield meter
    finally:
        _CURRENT.reset(token)


def measure(metric: Metric, value: float = 1, of: str = "") -> None:
    """Notes a value of the current call, if there is one."""
    meter = _CURRENT.get()
    if meter is not None:
        meter.add(metric, value, of)
