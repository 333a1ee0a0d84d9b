"""The bill: quantities times prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from packshot.costs.assumptions import Assumptions
from packshot.costs.measurements import Measurements
from packshot.costs.prices import PriceTable
from packshot.costs.usage import Asked, Usage, use_of

#: Headings of the bill's lines, by the first word of a price's name.
_SERVICES: Final = {
    "lambda": "Lambda",
    "states": "Step Functions",
    "s3": "S3",
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "logs": "CloudWatch Logs",
    "metrics": "CloudWatch",
    "xray": "X-Ray",
    "ecr": "ECR",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill.

    Attributes:
        service: of AWS's.
        price: its name in the table.
        quantity: in the price's units.
        usd: dollars.
    """

    service: str
    price: str
    quantity: float
    usd: float


@dataclass(frozen=True, slots=True)
class Bill:
    """What a batch costs.

    Attributes:
        asked: what it was computed for.
        lines: of the batch's own work.
        apart: by heading: what is paid beside it.
        usage: what it was computed from.
    """

    asked: Asked
    lines: tuple[Line, ...]
    apart: Mapping[str, tuple[Line, ...]]
    usage: Usage

    @property
    def usd(self) -> float:
        """Dollars for the batch's own work."""
        return sum(line.usd for line in self.lines)

    @property
    def usd_per_1000(self) -> float:
        """The same for a thousand of its images."""
        return self.usd / self.asked.images * 1000

    def apart_usd(self, heading: str) -> float:
        """Dollars under a heading of `apart`."""
        return sum(line.usd for line in self.apart[heading])


def bill_for(asked: Asked, measured: Measurements, prices: PriceTable, assumed: Assumptions) -> Bill:
    """The bill of a batch."""
    usage = use_of(asked, measured, assumed)
    apart = {heading: _lines(amounts, prices) for heading, amounts in usage.apart.items()}
    return Bill(asked, _lines(usage.spent, prices), apart, usage)


def _lines(amounts: Mapping[str, float], prices: PriceTable) -> tuple[Line, ...]:
    return tuple(
        Line(_SERVICES[name.partition(".")[0]], name, amount, amount * prices.prices[name].each)
        for name, amount in amounts.items()
    )
