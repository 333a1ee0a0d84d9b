"""Fits the confidence to pictures training never saw and writes it, with its reliability curve, into the
card.

A picture counts as good when the plain look's cut-out reaches IoU 0.9 against its mask; an empty picture is
never good. Half of the pictures (by name) fit the curve, the other half is what the card reports.
"""

from __future__ import annotations

import argparse
import itertools
import json

import cv2
import numpy as np
from numpy.typing import NDArray

from training import confidence, held_out, metrics, protocol
from training.paths import require_data
from training.split import bucket

GOOD_IOU = 0.9
FORMULA = "packshot.matting.confidence: logistic curve over the statistics of two looks, plain and mirrored"
Flags = NDArray[np.bool_]


def collect(args: argparse.Namespace) -> tuple[list[str], list[confidence.Facts], Flags, Flags]:
    """(names, statistics, good, empty) of every held-out picture."""
    network = protocol.open_network(args.weights)
    cases = itertools.chain(held_out.product_cases(args), held_out.empty_cases(args))
    names, rows, good, empty = [], [], [], []
    for case in cases:
        names.append(case.name)
        rows.append(confidence.features(network, case.image))
        empty.append(not (case.alpha >= 0.5).any())
        reached = metrics.iou(protocol.one_pass(network, case.image), case.alpha) >= GOOD_IOU
        good.append(reached and not empty[-1])
    return names, rows, np.array(good), np.array(empty)


def product_threshold(values: NDArray[np.float64], empty: Flags) -> float:
    """The confidence, in hundredths, that one empty picture in a hundred passes; at least 0.05."""
    return float(max(0.05, np.ceil(np.quantile(values[empty], 0.99) * 100) / 100))


def calibrate(names: list[str], rows: list[confidence.Facts], good: Flags, empty: Flags) -> dict[str, object]:
    """The card's `confidence`: formula, coefficients, and how they do on the half that did not fit them."""
    fitting = np.array([bucket(f"calibrate-{name}") < 0.5 for name in names])
    taken = np.array([row is not None for row in rows])
    chosen = np.flatnonzero(fitting & taken)  # nothing taken is confidence 0 by definition
    curve = confidence.fit([row for i in chosen if (row := rows[i]) is not None], good[chosen])
    coefficients = {name: round(value, 4) for name, value in curve.items()}
    values = np.array([confidence.confidence(row, {"coefficients": coefficients}) for row in rows])
    threshold, judged = product_threshold(values[fitting], empty[fitting]), ~fitting
    shares = {
        "empty_called_product": float((values[judged & empty] >= threshold).mean()),
        "product_refused": float((values[judged & ~empty] < threshold).mean()),
        "brier": float(((values[judged] - good[judged]) ** 2).mean()),
    }
    return {
        "meaning": f"probability that the cut-out reaches IoU {GOOD_IOU}",
        "formula": FORMULA,
        "coefficients": coefficients,
        "product_threshold": threshold,
        "judged_on_held_out_half": {name: round(value, 4) for name, value in shares.items()},
        "reliability": [
            {name: round(value, 3) for name, value in row.items()}
            for row in confidence.reliability(values[judged], good[judged])
        ],
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    held_out.add_arguments(parser, 60)
    args = parser.parse_args()
    require_data(args.data)
    cv2.setNumThreads(1)
    card = json.loads(args.card.read_text())
    card["confidence"] = calibrate(*collect(args))
    args.card.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(card["confidence"], indent=1))


if __name__ == "__main__":
    main()
