"""Bills for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packshot.cli import console
from packshot.contracts.preset import Preset
from packshot.costs.assumptions import MEMORY_MB, Architecture, Assumptions, Execution
from packshot.costs.bill import Bill, Line, bill_for
from packshot.costs.measurements import Measurements, Work, load_measurements
from packshot.costs.prices import PriceTable, load_prices
from packshot.costs.usage import Asked


@dataclass(frozen=True, slots=True)
class CostReport:
    """Bills of one batch, and all that they rest on."""

    preset: Preset
    bills: tuple[Bill, ...]
    measured: Measurements
    prices: PriceTable
    assumed: Assumptions


def bills_of(
    preset: Preset,
    *,
    images: int,
    executions: Sequence[Execution],
    architecture: Architecture,
    megapixels: float,
    durations: Path | None,
) -> CostReport:
    """The bill of a batch under each execution.

    Raises:
        SettingsError: `measurements_invalid`.
    """
    measured, prices, assumed = load_measurements(durations), load_prices(), Assumptions()
    work = Work.of(preset, megapixels)
    bills = tuple(
        bill_for(Asked(images, execution, architecture, work), measured, prices, assumed)
        for execution in executions
    )
    return CostReport(preset, bills, measured, prices, assumed)


def lines_of(report: CostReport) -> list[str]:
    """The report as text: bills, then the measurements, prices and assumptions that they rest on."""
    first = report.bills[0]
    work = first.asked.work
    files = ", ".join(
        f"{spec.format.value} {spec.longest_side or max(work.canvas)}" for spec in report.preset.renditions
    )
    lines = [
        f"{first.asked.images:,} images of {work.source_mp:g} megapixels on {first.asked.architecture}, "
        f"{report.prices.region}; for each: {files}",
        "",
    ]
    lines += _one_bill(first) if len(report.bills) == 1 else _side_by_side(report.bills)
    return [*lines, "", *_grounds(report)]


def _side_by_side(bills: Sequence[Bill]) -> list[str]:
    services = list(dict.fromkeys(line.service for bill in bills for line in bill.lines))
    rows = [("USD", *(bill.asked.execution for bill in bills))]
    for service in services:
        rows.append((service, *(_usd(_sum(bill.lines, service)) for bill in bills)))
    rows.append(("Together", *(_usd(bill.usd) for bill in bills)))
    rows.append(("per 1,000 images", *(f"{bill.usd_per_1000:.4f}" for bill in bills)))
    rows += [(f"+ {name}", *(_usd(bill.apart_usd(name)) for bill in bills)) for name in bills[0].apart]
    return console.columns(rows, right=range(1, len(bills) + 1), indent="")


def _one_bill(bill: Bill) -> list[str]:
    rows = [_row(line) for line in bill.lines]
    rows.append(("Together", "", "", _usd(bill.usd)))
    rows.append(("per 1,000 images", "", "", f"{bill.usd_per_1000:.4f}"))
    for heading, apart in bill.apart.items():
        rows += [(f"+ {heading}", *row[1:]) for row in map(_row, apart)]
    lines = console.columns([("Service", "Price", "Quantity", "USD"), *rows], right=(2, 3), indent="")
    functions = [
        (name, f"{MEMORY_MB[name]} MB", f"{ms:,.1f} ms") for name, ms in bill.usage.function_ms.items()
    ]
    head = ("Function", "Memory", "Paid per image")
    return [*lines, "", *console.columns([head, *functions], right=(1, 2), indent="")]


def _grounds(report: CostReport) -> list[str]:
    measured, prices = report.measured, report.prices
    pages = sorted({price.source for price in prices.prices.values()})
    return [
        f"Measured on {measured.made_on}, one thread, photos: {measured.photos}; {measured.machine}",
        f"Prices of {prices.region}, read on {prices.read_on} on the pages {', '.join(pages)}.",
        prices.note,
        "Assumed:",
        *(f"- {sentence}" for sentence in report.assumed.sentences()),
    ]


def as_facts(report: CostReport) -> dict[str, Any]:
    """The report as JSON."""
    work = report.bills[0].asked.work
    return {
        "images": report.bills[0].asked.images,
        "architecture": report.bills[0].asked.architecture,
        "region": report.prices.region,
        "megapixels": work.source_mp,
        "canvas": list(work.canvas),
        "renditions": [
            {"name": spec.name, "format": spec.format.value, "longest_side": spec.longest_side}
            for spec in report.preset.renditions
        ],
        "bills": {bill.asked.execution: _bill_facts(bill) for bill in report.bills},
        "prices_read_on": report.prices.read_on.isoformat(),
        "measured": {"made_on": report.measured.made_on.isoformat(), "machine": report.measured.machine},
        "assumptions": report.assumed.sentences(),
    }


def _bill_facts(bill: Bill) -> dict[str, Any]:
    return {
        "usd": round(bill.usd, 4),
        "usd_per_1000": round(bill.usd_per_1000, 6),
        "lines": [_line_facts(line) for line in bill.lines],
        "apart": {heading: [_line_facts(line) for line in lines] for heading, lines in bill.apart.items()},
        "function_ms": {name: round(ms, 2) for name, ms in bill.usage.function_ms.items()},
        "child_ms": round(bill.usage.child_ms, 1),
    }


def _line_facts(line: Line) -> dict[str, Any]:
    return {
        "service": line.service,
        "price": line.price,
        "quantity": round(line.quantity, 3),
        "usd": round(line.usd, 6),
    }


def _row(line: Line) -> tuple[str, str, str, str]:
    return line.service, line.price, f"{line.quantity:,.1f}", _usd(line.usd)


def _sum(lines: Sequence[Line], service: str) -> float:
    return sum(line.usd for line in lines if line.service == service)


def _usd(amount: float) -> str:
    return f"{amount:,.2f}" if amount >= 0.005 or amount == 0 else f"{amount:.4f}"
