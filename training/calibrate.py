"""Fits the confidence to pictures training never saw and writes it, with its reliability curve, into the model card.

A picture counts as good when the single-pass cut-out reaches IoU 0.9 against its exact mask; an empty picture is never
good. Half of the pictures (by name) fit the curve, the other half is what the card reports.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

import cv2
import numpy as np

from training import confidence, evalsets, metrics, protocol
from training.paths import DATA, RENDERS, WEIGHTS, WORK, require_data
from training.split import bucket

GOOD_IOU = 0.9


def collect(args: argparse.Namespace) -> tuple[list[str], list[dict[str, float]], np.ndarray, np.ndarray]:
    """(names, features, good, is_empty) of every held-out picture."""
    network = protocol.open_network(args.weights)
    cases = itertools.chain(
        evalsets.garment_cases(args.data, args.masks), evalsets.composite_cases(args.data, args.masks, args.count),
        evalsets.render_cases(args.renders), evalsets.empty_cases(args.data, args.masks),
    )  # fmt: skip
    names, rows, good, empty = [], [], [], []
    for case in cases:
        names.append(case.name)
        rows.append(confidence.features(network, case.image))
        is_empty = not (case.alpha >= 0.5).any()
        empty.append(is_empty)
        good.append(not is_empty and metrics.iou(protocol.one_pass(network, case.image), case.alpha) >= GOOD_IOU)
    return names, rows, np.array(good), np.array(empty)


def product_threshold(confidences: np.ndarray, empty: np.ndarray) -> float:
    """The lowest confidence, in hundredths, that lets at most one empty picture in two hundred pass; at least 0.05."""
    allowed = np.quantile(confidences[empty], 0.995) if empty.any() else 0.0
    return float(max(0.05, np.ceil(allowed * 100) / 100))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--masks", type=Path, default=WORK / "masks")
    parser.add_argument("--renders", type=Path, default=RENDERS)
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "packshot-matte.onnx")
    parser.add_argument("--card", type=Path, default=WEIGHTS / "packshot-matte.json")
    parser.add_argument("--count", type=int, default=60)
    args = parser.parse_args()
    require_data(args.data)
    cv2.setNumThreads(1)
    names, rows, good, empty = collect(args)
    fitting = np.array([bucket(f"calibrate-{n}") < 0.5 for n in names])
    seen = np.array([r["mean_inside"] > 0 for r in rows])
    chosen = fitting & seen  # no mask at all is confidence 0 by definition
    weights = confidence.fit([r for r, take in zip(rows, chosen, strict=True) if take], good[chosen])
    calibration = {
        "formula": "0 if mean_inside == 0 else 1 / (1 + exp(-(intercept + sum(coefficient * feature))))",
        "features": {
            "mean_inside": "mean probability where alpha >= 0.5, single pass at 320 px, letterbox padding left out",
            "soft_share": "pixels with 0.1 < alpha < 0.9, by sqrt(pixels with alpha >= 0.5), at most 40",
            "flip_agreement": "sum(min(a, b)) / sum(max(a, b)) of alpha and the mirrored picture's alpha mirrored back",
            "log_area": "ln(share of the picture with alpha >= 0.5, at least 1e-4)",
        },
        "coefficients": {k: round(v, 5) for k, v in weights.items()},
    }
    values = np.array([confidence.confidence(r, calibration) for r in rows])
    calibration["product_threshold"] = product_threshold(values[fitting], empty[fitting])
    test = ~fitting
    curve = confidence.reliability(values[test], good[test])
    calibration["meaning"] = f"probability that the cut-out reaches IoU {GOOD_IOU}"
    calibration["reliability"] = [{k: round(v, 3) for k, v in row.items()} for row in curve]
    calibration["empty_called_product"] = round(float((values[test & empty] >= calibration["product_threshold"]).mean()), 4)
    calibration["product_refused"] = round(float((values[test & ~empty] < calibration["product_threshold"]).mean()), 4)
    card = json.loads(args.card.read_text())
    card["confidence"] = calibration
    args.card.write_text(confidence.to_json(card))
    print(json.dumps({k: v for k, v in calibration.items() if k not in ("features", "formula")}, indent=1))


if __name__ == "__main__":
    main()
