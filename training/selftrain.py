"""Masks from the network itself for the training garments on which the colour models disagreed.

A prediction is kept when the network is sure by three signs: it agrees with its answer on the mirrored and
on the smaller picture, its edge is narrow, and the shape is that of one product. One of which it is less
sure is kept when the picture's colours bear witness: GrabCut started from the prediction and GrabCut started
from the frame both come to it (on floors with a pattern they often do). Edges come from the guided filter at
320 px.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training import letterbox
from training.export import load_ema
from training.guided import guided_filter
from training.network import MatteNet
from training.paths import DATA, WORK, require_data
from training.protocol import largest_component
from training.pseudomasks import STORE_SIDE, is_product_shape, resize_longest, witnessed
from training.split import bucket, garment_name, garments

MIN_AGREEMENT = 0.955
# Pixels of soft edge by the square root of the mask's area, at 320 px: a crisp outline has 9 to 13.
MAX_SOFT = 20.0
SMALLER = 0.8
MIN_WITNESSED = 0.88  # agreement where GrabCut bears witness


def soft_iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Sum of minima over sum of maxima."""
    return float(np.minimum(a, b).sum() / max(float(np.maximum(a, b).sum()), 1e-6))


@torch.no_grad()
def views(net: MatteNet, rgb: NDArray[np.uint8], side: int) -> tuple[NDArray[np.float32], float]:
    """(mean alpha of the content at `side` px, the lowest agreement between the plain, mirrored and smaller
    views).
    """
    square, box = letterbox.apply(rgb, side)
    small = round(side * SMALLER / 32) * 32
    tiny, tiny_box = letterbox.apply(rgb, small)
    batch = torch.from_numpy(np.stack([square, square[:, ::-1]])).permute(0, 3, 1, 2)
    two = torch.sigmoid(net(batch)[0])[:, 0].numpy()
    one = torch.sigmoid(net(torch.from_numpy(tiny).permute(2, 0, 1)[None])[0])[0, 0].numpy()
    content = slice(box.top, box.top + box.h), slice(box.left, box.left + box.w)
    alphas = [two[0][content], two[1][:, ::-1][content]]
    part = one[tiny_box.top : tiny_box.top + tiny_box.h, tiny_box.left : tiny_box.left + tiny_box.w]
    alphas.append(cv2.resize(part, (box.w, box.h), interpolation=cv2.INTER_LINEAR))
    agreement = min(soft_iou(alphas[0], alphas[1]), soft_iou(alphas[0], alphas[2]))
    return np.mean(alphas, axis=0, dtype=np.float32), agreement


def label(net: MatteNet, path: Path, side: int) -> tuple[NDArray[np.uint8] | None, dict[str, float]]:
    """The mask (uint8 alpha at 320 px) of a photo, or None where the network is not sure; and the
    measurements.
    """
    bgr = resize_longest(cv2.imread(str(path)), STORE_SIDE)
    alpha, agreement = views(net, np.ascontiguousarray(bgr[..., ::-1]), side)
    alpha = largest_component(cv2.resize(alpha, (bgr.shape[1], bgr.shape[0])))
    mask = alpha >= 0.5
    soft = float(((alpha > 0.1) & (alpha < 0.9)).sum()) / max(1.0, float(np.sqrt(mask.sum())))
    facts = {"agreement": agreement, "soft": soft}
    if not mask.any() or agreement < MIN_WITNESSED or not is_product_shape(mask):
        return None, facts
    if agreement < MIN_AGREEMENT or soft > MAX_SOFT:
        cut = witnessed(bgr, mask)
        facts["witnessed"] = float(cut is not None)
        if cut is None:
            return None, facts
        alpha = (alpha + cut) * np.float32(0.5)
    sharp = np.clip((alpha - 0.2) / 0.6, 0, 1).astype(np.float32)
    fine = guided_filter(bgr, sharp, radius=4, eps=2e-4)
    return (np.clip((fine - 0.1) / 0.8, 0, 1) * 255).astype(np.uint8), facts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--masks", type=Path, default=WORK / "masks")
    parser.add_argument("--checkpoint", type=Path, default=WORK / "matte.pt")
    parser.add_argument("--side", type=int, default=STORE_SIDE, help="at which the checkpoint answers best")
    parser.add_argument("--out", type=Path, default=WORK / "self-masks")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net = load_ema(args.checkpoint)
    args.out.mkdir(parents=True, exist_ok=True)
    rejected = [
        p
        for p in garments(require_data(args.data), held_out=False)
        if not (args.masks / f"{garment_name(p)}.png").exists()
    ]
    rejected.sort(key=lambda p: bucket(garment_name(p)))  # a stopped run has labelled some of every class
    facts: dict[str, dict[str, float]] = {}
    kept = 0
    for path in rejected:
        name = garment_name(path)
        mask, facts[name] = label(net, path, args.side)
        target = args.out / f"{name}.png"
        if mask is None:
            target.unlink(missing_ok=True)  # what an earlier, less able network was sure of
            continue
        part = target.with_suffix(".part.png")
        cv2.imwrite(str(part), mask)
        part.rename(target)  # training reads this folder at the same time
        kept += 1
    (args.out / "facts.json").write_text(json.dumps(facts, indent=0, sort_keys=True))
    print(f"kept {kept} of {len(rejected)}")


if __name__ == "__main__":
    main()
