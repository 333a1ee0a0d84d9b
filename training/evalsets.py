"""The held-out pictures of the evaluation, by subset. Everything is drawn from the side of the split
training never sees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training import bank as banks
from training.compose import empty_scene, product_scene
from training.pairs import Pair, read_pair
from training.paths import FOREIGN, GARMENT_MASKS
from training.pseudomasks import resize_longest
from training.split import garment_name, garments

Image = NDArray[np.uint8]
PATTERNED = 14.0  # mean colour change between a border pixel and its neighbourhood, in Lab units


@dataclass(frozen=True)
class Case:
    """RGB uint8 [h, w, 3] and alpha float32 [h, w]."""

    name: str
    subset: str
    image: Image
    alpha: NDArray[np.float32]


def border_pattern(bgr: Image, alpha: NDArray[np.float32]) -> float:
    """How much the ground changes within a few pixels: the median over ground cells of the spread in Lab at
    160 px.
    """
    scale = 160 / max(bgr.shape[:2])
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    mean, square = cv2.blur(lab, (9, 9)), cv2.blur(lab * lab, (9, 9))
    spread = np.sqrt(np.maximum(square - mean * mean, 0)).sum(-1)
    far = cv2.dilate(cv2.resize(alpha, (small.shape[1], small.shape[0])), np.ones((11, 11), np.uint8)) < 0.02
    return float(np.percentile(spread[far], 60)) if far.any() else 0.0


def _case(name: str, subset: str, bgr: Image, alpha: NDArray[np.uint8]) -> Case:
    return Case(name, subset, np.ascontiguousarray(bgr[..., ::-1]), alpha.astype(np.float32) / 255)


def garment_cases(data: Path, masks: Path, *, corrected: Path = GARMENT_MASKS) -> Iterator[Case]:
    """Held-out garments: with a hand-corrected mask (`plain` or `patterned`), else where the colour models
    agree.
    """
    for path in garments(data, held_out=True):
        name = garment_name(path)
        by_hand, automatic = corrected / f"{name}.png", masks / f"{name}.png"
        mask = by_hand if by_hand.exists() else automatic
        if not mask.exists():
            continue
        bgr, alpha = read_pair(Pair(path, mask))
        patterned = border_pattern(bgr, alpha.astype(np.float32) / 255) > PATTERNED
        kind = "patterned" if patterned else "plain"
        yield _case(name, f"garments {kind}" if by_hand.exists() else "garments automatic", bgr, alpha)


def composite_cases(data: Path, masks: Path, count: int, grounds: Path = FOREIGN) -> Iterator[Case]:
    """Composites of held-out cut-outs: plain, cluttered, on garment photos (`room`), and on the photos in
    the folder `grounds`, of kinds that training never draws from (left out where there are none).
    """
    bank = banks.load(data, masks, held_out=True)
    far = [
        resize_longest(im, 448)
        for p in sorted(grounds.glob("*.jpg"))
        if (im := cv2.imread(str(p))) is not None
    ]
    foreign = replace(bank, photos=far)
    for i in range(count):
        for subset, kind, source, only in (
            ("composites plain", "plain", bank, None), ("composites cluttered", "photo", bank, None),
            ("composites patterned", "surface", bank, "garment"), ("composites room", "room", bank, None),
            ("composites foreign", "photo", foreign, None),
        ):  # fmt: skip
            if kind == "photo" and not source.photos:
                continue
            rng = np.random.default_rng([77, i, len(subset)])
            family = only
            if subset == "composites foreign":
                family = str(
                    rng.choice(["procedural", "carton", *filter(bank.has, ("grocery", "emoji", "parcel"))])
                )
            made = product_scene(rng, source, kind, family)
            yield _case(f"{subset} {i}", subset, made.bgr, made.alpha)


def empty_cases(data: Path, masks: Path, count: int = 300) -> Iterator[Case]:
    """Photos and textures without a product."""
    bank = banks.load(data, masks, held_out=True)
    for i in range(count):
        made = empty_scene(np.random.default_rng([78, i]), bank)
        yield _case(f"empty {i}", f"empty {made.ground}", made.bgr, made.alpha)


def render_cases(validation: Path, names: str = "*", *, empty: bool = False) -> Iterator[Case]:
    """The rendered validation set (`training.scenes.validation`), by ground; the 2000 px pictures apart.

    Args:
        validation: its folder.
        names: only pictures whose name fits this pattern.
        empty: those without a product, and not those with one.
    """
    for alpha in sorted(validation.glob(f"{names}_alpha.png")):
        name = alpha.name.removesuffix("_alpha.png")
        facts = json.loads((validation / f"{name}.json").read_text())
        if facts["empty"] == empty:
            kind = "2000 px" if name.startswith("large") else str(facts["ground"])
            subset = f"{'empty rendered' if empty else 'rendered'} {kind}"
            yield _case(name, subset, *read_pair(Pair(validation / f"{name}.jpg", alpha)))
