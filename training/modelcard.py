"""Writes the measured part of docs/model-card.md: tables, the reliability curve and the training curve (SVG).

What stands between the two markers of the page is replaced; the words around them are written by people.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from training.paths import REPO, WEIGHTS, WORK

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
WIDTH, HEIGHT, PAD = 420, 260, 40
BLUE, RED, GREY = "#1668c7", "#c74716", "#bbbbbb"
Points = list[tuple[float, float]]
Range = tuple[float, float]


def table(summary: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """Markdown: one row per subset and method."""
    rows = [
        "| pictures | method | n | mean IoU | boundary F | MAE | below .8 | ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for subset, methods in sorted(summary.items()):
        for name, s in methods.items():
            cells = [subset, name, f"{s['pictures']:.0f}", f"{s['iou']:.3f}", f"{s['boundary_f']:.3f}"]
            cells += [f"{s['mae']:.4f}", f"{100 * s['below_0.8']:.1f} %", f"{s['milliseconds']:.0f}"]
            rows.append(f"| {' | '.join(cells)} |")
    return rows


def polyline(points: Points, x: Range, y: Range, colour: str) -> str:
    """An SVG line with dots through points in the units of the axes."""
    w, h = WIDTH - 2 * PAD, HEIGHT - 2 * PAD
    at = [
        (PAD + w * (a - x[0]) / (x[1] - x[0]), HEIGHT - PAD - h * (b - y[0]) / (y[1] - y[0]))
        for a, b in points
    ]
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in at)
    dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in at)
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def chart(lines: list[str], title: str, x: Range, y: Range) -> str:
    """An SVG: frame, lines, the ends of the axes and a title."""

    def text(left: float, top: float, words: str, anchor: str = "start") -> str:
        return f'<text x="{left}" y="{top}" text-anchor="{anchor}">{words}</text>'

    ends = [
        text(PAD, HEIGHT - PAD + 16, f"{x[0]:g}"),
        text(WIDTH - PAD, HEIGHT - PAD + 16, f"{x[1]:g}", "end"),
        text(PAD - 5, HEIGHT - PAD, f"{y[0]:g}", "end"),
        text(PAD - 5, PAD + 5, f"{y[1]:g}", "end"),
        text(PAD, PAD - 14, title),
    ]
    frame = (
        f'<rect x="{PAD}" y="{PAD}" width="{WIDTH - 2 * PAD}" height="{HEIGHT - 2 * PAD}" '
        'fill="none" stroke="#999999"/>'
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    style = 'font-family="sans-serif" font-size="11">'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "".join([head, style, ground, frame, *lines, *ends, "</svg>\n"])


def reliability_chart(rows: list[dict[str, float]]) -> str:
    """Confidence against the share that was good; the grey line is perfect."""
    unit = (0.0, 1.0)
    points = [(row["confidence"], row["good"]) for row in rows]
    lines = [polyline([(0, 0), (1, 1)], unit, unit, GREY), polyline(points, unit, unit, BLUE)]
    return chart(lines, "share of good cut-outs by confidence", unit, unit)


def training_chart(history: list[dict[str, Any]]) -> str:
    """IoU on held-out garments and composites by minutes trained."""
    x, y = (0.0, max(10.0, round(history[-1]["seconds"] / 60))), (0.4, 1.0)
    lines = []
    for key, colour in (("iou_garments", BLUE), ("iou_composites", RED)):
        points = [(row["seconds"] / 60, row[key]) for row in history if key in row]
        lines.append(polyline(points, x, y, colour))
    return chart(lines, "held-out IoU by minutes of training: garments blue, composites red", x, y)


def measured(report: dict[str, Any], card: dict[str, Any]) -> str:
    """The text between the markers."""
    file, curve = card["file"], card["confidence"]["reliability"]
    lines = [
        f"Weights: `{file['name']}` {card['version']}, {file['bytes']:,} bytes, SHA-256 `{file['sha256']}`.",
        "",
        *table(report["table"]),
        "",
        "| pictures without a product | called a product |",
        "|---|---|",
        *(f"| {kind} | {100 * share:.1f} % |" for kind, share in report["empty"].items()),
        "",
        f"Peak memory of the evaluating process: {report['peak_memory_mib']:.0f} MiB.",
        "",
        "| mean confidence | pictures | share of good cut-outs |",
        "|---|---|---|",
        *(f"| {row['confidence']:.2f} | {row['pictures']} | {row['good']:.2f} |" for row in curve),
    ]
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluation", type=Path, default=WORK / "evaluation.json")
    parser.add_argument("--history", type=Path, default=WORK / "matte.json")
    parser.add_argument("--card", type=Path, default=WEIGHTS / "packshot-matte.json")
    parser.add_argument("--page", type=Path, default=REPO / "docs" / "model-card.md")
    args = parser.parse_args()
    report, card = json.loads(args.evaluation.read_text()), json.loads(args.card.read_text())
    head, rest = args.page.read_text().split(BEGIN)
    tail = rest.split(END)[1]
    args.page.write_text(f"{head}{BEGIN}\n{measured(report, card)}\n{END}{tail}")
    folder = args.page.parent
    (folder / "model-card-reliability.svg").write_text(reliability_chart(card["confidence"]["reliability"]))
    (folder / "model-card-training.svg").write_text(training_chart(json.loads(args.history.read_text())))


if __name__ == "__main__":
    main()
