"""docs/aws.md shows the bill that the command computes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.costs.assumptions import Assumptions, Execution
from packshot.costs.bill import bill_for
from packshot.costs.measurements import Work, load_measurements
from packshot.costs.prices import load_prices
from packshot.costs.usage import Asked

PAGE = (Path(__file__).parents[2] / "docs/aws.md").read_text("utf-8")
THREE = Preset(
    name="three",
    title="Three files",
    version="1",
    canvas=Canvas(width=2000, height=2000),
    renditions=(
        RenditionSpec(name="main", format=Format.JPEG, longest_side=2000),
        RenditionSpec(name="web", format=Format.WEBP, longest_side=1000),
        RenditionSpec(name="thumb", format=Format.JPEG, longest_side=300),
    ),
)


@pytest.mark.parametrize(("column", "execution"), [(0, "staged"), (1, "fused"), (2, "fused-by-ten")])
def test_the_page_has_the_figures_of_today(column: int, execution: Execution) -> None:
    asked = Asked(50_000, execution, "arm64", Work.of(THREE, 12))
    bill = bill_for(asked, load_measurements(), load_prices(), Assumptions())
    row = re.search(r"\| \*\*50,000 images\*\* \|(.+)\|", PAGE)
    assert row is not None
    shown = [float(cell.strip(" *")) for cell in row[1].split("|")]
    assert shown[column] == pytest.approx(bill.usd, abs=0.01)
