"""The held-out pictures that a command line names: what `evaluate` and `calibrate` share.

Without the folder of training pictures the rendered validation set is left, which our own scripts make
anywhere; both commands say so.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

from training import evalsets
from training.paths import DATA, FOREIGN, VALIDATION, WEIGHTS, WORK


def add_arguments(parser: argparse.ArgumentParser, count: int) -> None:
    """Where the pictures, the weights and their card are; `count` composites of each kind."""
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--masks", type=Path, default=WORK / "masks")
    parser.add_argument("--validation", type=Path, default=VALIDATION)
    parser.add_argument("--foreign", type=Path, default=FOREIGN, help="photos of kinds training never saw")
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "packshot-matte.onnx")
    parser.add_argument("--card", type=Path, default=WEIGHTS / "packshot-matte.json")
    parser.add_argument("--count", type=int, default=count, help="composites of each kind")


def product_cases(args: argparse.Namespace) -> Iterator[evalsets.Case]:
    """Every held-out picture that shows a product."""
    rendered = evalsets.render_cases(args.validation)
    if not args.data.is_dir():
        print(f"{args.data} is missing: garments and composites are left out, rendered pictures remain")
        return rendered
    return itertools.chain(
        evalsets.garment_cases(args.data, args.masks),
        evalsets.composite_cases(args.data, args.masks, args.count, args.foreign),
        rendered,
    )


def empty_cases(args: argparse.Namespace) -> Iterator[evalsets.Case]:
    """Every held-out picture without a product."""
    rendered = evalsets.render_cases(args.validation, empty=True)
    if not args.data.is_dir():
        return rendered
    return itertools.chain(evalsets.empty_cases(args.data, args.masks), rendered)
