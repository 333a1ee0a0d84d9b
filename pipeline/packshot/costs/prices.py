"""The table of prices: data in the package, with the page and the day that each was read."""

from __future__ import annotations

import datetime as dt
from importlib import resources

from pydantic import Field

from packshot.contracts.base import Contract


class Price(Contract):
    """What something costs.

    Attributes:
        usd: dollars for `per` units.
        per: units.
        unit: in words.
        source: the page of AWS's that says so.
    """

    usd: float = Field(gt=0)
    per: int = Field(gt=0)
    unit: str
    source: str

    @property
    def each(self) -> float:
        """Dollars for one unit."""
        return self.usd / self.per


class PriceTable(Contract):
    """Prices of one region.

    Attributes:
        region: AWS's word for it.
        currency: of all prices.
        read_on: the day on which the pages were read.
        note: what the prices leave out.
        prices: by name, for example `s3.put`.
    """

    region: str
    currency: str
    read_on: dt.date
    note: str
    prices: dict[str, Price]


def load_prices() -> PriceTable:
    """The table in the package."""
    return PriceTable.model_validate_json(
        resources.files("packshot.costs").joinpath("prices.json").read_bytes()
    )
