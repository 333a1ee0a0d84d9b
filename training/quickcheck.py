"""The small check during training: mean IoU on a few held-out garments and composites, and what empty
pictures get.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training import letterbox
from training.network import MatteNet
from training.pairs import Pair, read_pair
from training.split import garment_name, garments

SIDE = 320


@dataclass(frozen=True)
class Held:
    """Letterboxed pictures [n, 320, 320, 3] and alphas [n, 320, 320] in 0-1, by kind."""

    images: dict[str, NDArray[np.float32]]
    alphas: dict[str, NDArray[np.float32]]

    @staticmethod
    def load(data: Path, work: Path, count: int = 64) -> Held:
        garment = [
            Pair(p, m)
            for p in garments(data, held_out=True)
            if (m := work / "masks" / f"{garment_name(p)}.png").exists()
        ]
        pool = [Pair(p, p.with_suffix(".png")) for p in sorted((work / "pool-held-out").glob("*.jpg"))]
        images, alphas = {}, {}
        for name, pairs in (("garments", garment[:count]), ("composites", pool[: 2 * count])):
            boxed = [_boxed(*read_pair(p)) for p in pairs]
            if boxed:
                images[name], alphas[name] = np.stack([b[0] for b in boxed]), np.stack([b[1] for b in boxed])
        return Held(images, alphas)


def _boxed(
    bgr: NDArray[np.uint8], alpha: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    image, box = letterbox.apply(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), SIDE)
    out = np.zeros((SIDE, SIDE), np.float32)
    scaled = cv2.resize(alpha, (box.w, box.h), interpolation=cv2.INTER_AREA)
    out[box.top : box.top + box.h, box.left : box.left + box.w] = scaled.astype(np.float32) / 255
    return image, out


@torch.no_grad()
def predict(net: MatteNet, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Alpha [n, 320, 320] of letterboxed pictures, without gradient, in small batches."""
    net.eval()
    out = []
    for start in range(0, len(images), 8):
        batch = torch.from_numpy(images[start : start + 8]).permute(0, 3, 1, 2)
        out.append(torch.sigmoid(net(batch)[0]).float().numpy()[:, 0])
    return np.concatenate(out)


def quick_check(net: MatteNet, held: Held) -> dict[str, float]:
    """`iou_<kind>`, `mae_<kind>`, and `empty_max`: the mean of the highest probability on empty pictures."""
    facts: dict[str, float] = {}
    for name, images in held.images.items():
        got, want = predict(net, images), held.alphas[name]
        filled = want.reshape(len(want), -1).max(1) > 0.5
        a, b = got[filled] >= 0.5, want[filled] >= 0.5
        union = np.logical_or(a, b).sum((1, 2))
        facts[f"iou_{name}"] = float((np.logical_and(a, b).sum((1, 2)) / np.maximum(union, 1)).mean())
        facts[f"mae_{name}"] = float(np.abs(got - want).mean())
        if (~filled).any():
            facts["empty_max"] = float(got[~filled].reshape((~filled).sum(), -1).max(1).mean())
    return facts
