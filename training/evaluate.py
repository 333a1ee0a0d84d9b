"""Measures the weights and two methods without a network on the held-out pictures, in one run.

Prints a table and writes `evaluation.json` beside the training work: mean IoU, boundary F, mean absolute
error, share of pictures below IoU 0.8, median time a picture and its ratio to the network's single pass.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from training import baselines, evalsets, held_out, metrics, product, protocol
from training.confidence import features, is_product
from training.evalsets import Case
from training.paths import WORK

Method = Callable[[evalsets.Image], protocol.Alpha]


def methods(weights: Path, card: Path, names: list[str]) -> dict[str, Method]:
    """By name; the network's ways share one session."""
    network = protocol.open_network(weights)
    model = product.open_model(weights, card)
    known: dict[str, Method] = {
        "one pass": lambda x: protocol.one_pass(network, x),
        "one pass + flip": lambda x: protocol.one_pass(network, x, flip=True),
        "two passes": lambda x: protocol.two_passes(network, x),
        "two passes + flip": lambda x: protocol.two_passes(network, x, flip=True),
        "packshot cutout": lambda x: product.finished_alpha(x, model),
        "GrabCut, automatic rectangle": baselines.grabcut_rectangle,
        "border colour + Otsu": baselines.border_colour_otsu,
    }
    return {name: known[name] for name in names or known}


def judge(case: Case, alpha: protocol.Alpha) -> dict[str, float]:
    """The numbers of one picture."""
    return {
        "iou": metrics.iou(alpha, case.alpha),
        "boundary_f": metrics.boundary_f(alpha, case.alpha),
        "mae": metrics.mae(alpha, case.alpha),
    }


def summarise(rows: list[dict[str, float]]) -> dict[str, float]:
    """Means over pictures, and the share below IoU 0.8."""
    iou = np.array([r["iou"] for r in rows])
    return {
        "pictures": len(rows), "iou": float(iou.mean()), "boundary_f": float(np.mean([r["boundary_f"] for r
        in rows])), "mae": float(np.mean([r["mae"] for r in rows])), "below_0.8": float((iou < 0.8).mean()),
        "milliseconds": float(np.median([r["seconds"] for r in rows]) * 1e3),
    }  # fmt: skip


def run(cases: Iterator[Case], ways: dict[str, Method]) -> dict[str, dict[str, list[dict[str, float]]]]:
    """{subset: {method: [numbers of each picture]}}; methods take turns on each picture, so that their times
    compare.
    """
    out: dict[str, dict[str, list[dict[str, float]]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        for name, method in ways.items():
            began = time.perf_counter()
            alpha = method(case.image)
            spent = time.perf_counter() - began
            out[case.subset][name].append({**judge(case, alpha), "seconds": spent})
    return out


def empties(cases: Iterator[Case], weights: Path, card: Path) -> dict[str, float]:
    """Share of empty pictures called a product, by kind and in all, under the card's confidence."""
    network, confidence = protocol.open_network(weights), json.loads(card.read_text())["confidence"]
    wrong: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        wrong[case.subset].append(is_product(features(network, case.image), confidence))
    every = list(itertools.chain.from_iterable(wrong.values()))
    if not every:
        return {}
    return {"empty (all)": float(np.mean(every)), **{k: float(np.mean(v)) for k, v in sorted(wrong.items())}}


def print_table(summary: dict[str, dict[str, dict[str, float]]]) -> None:
    """One line per subset and method."""
    print(f"{'subset':24}{'method':30}{'n':>5}{'IoU':>8}{'bound.F':>9}{'MAE':>8}{'<.8':>7}{'ms':>8}")
    for subset, by_method in sorted(summary.items()):
        for name, s in by_method.items():
            print(
                f"{subset:24}{name:30}{s['pictures']:5.0f}{s['iou']:8.3f}{s['boundary_f']:9.3f}{s['mae']:8.4f}"
                f"{s['below_0.8']:7.3f}{s['milliseconds']:8.1f}"
            )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    held_out.add_arguments(parser, 100)
    parser.add_argument("--methods", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=WORK / "evaluation.json")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    ways = methods(args.weights, args.card, args.methods)
    summary = {
        s: {m: summarise(r) for m, r in by.items()}
        for s, by in run(held_out.product_cases(args), ways).items()
    }
    print_table(summary)
    empty = empties(held_out.empty_cases(args), args.weights, args.card)
    for kind, share in empty.items():
        print(f"{kind:24}called a product: {share:.3f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {memory:.0f} MiB")
    report = {"weights": args.weights.name, "table": summary, "empty": empty, "peak_memory_mib": memory}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
