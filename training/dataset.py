"""Training samples: pairs of picture and alpha from several folders, cropped, recoloured and letterboxed
anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import IterableDataset, get_worker_info

from training.letterbox import PAD, fit
from training.pairs import Pair, read_pair
from training.split import garment_name, garments

Image = NDArray[np.uint8]
Rng = np.random.Generator
_GRAIN = np.random.default_rng(5).standard_normal(
    (576, 576, 3), dtype=np.float32
)  # drawn once: a fresh one costs 2 ms


@dataclass(frozen=True)
class Source:
    """Pairs drawn with one weight."""

    name: str
    weight: float
    pairs: tuple[Pair, ...]


def garment_source(data: Path, masks: Path, weight: float, name: str = "garments") -> Source:
    """The training garments that have a mask in `masks`."""
    found = [(p, masks / f"{garment_name(p)}.png") for p in garments(data, held_out=False)]
    return Source(name, weight, tuple(Pair(p, m) for p, m in found if m.exists()))


def folder_source(name: str, folder: Path, weight: float, pattern: str = "*.jpg") -> Source:
    """All `<stem>.jpg` + `<stem>.png` of a folder."""
    images = sorted(p for p in folder.glob(pattern) if not p.name.endswith(".part.jpg"))
    return Source(name, weight, tuple(Pair(p, p.with_suffix(".png")) for p in images))


CLOSE_UPS = 0.06
#: Between these shares of a close-up are ground: one of nothing but product teaches to guess.
CLOSE_UP_GROUND = (0.06, 0.8)


def close_up(
    rng: Rng, alpha: NDArray[np.uint8], box: tuple[int, int, int, int]
) -> tuple[float, float, float, float] | None:
    """A window that the product reaches out of, with some ground in it; None where it met none."""
    left, top, right, bottom = box
    share = rng.uniform(0.4, 0.85)
    w, h = (right - left) * share, (bottom - top) * share
    x0, y0 = rng.uniform(left - 0.25 * w, right - 0.75 * w), rng.uniform(top - 0.25 * h, bottom - 0.75 * h)
    x1, y1 = min(alpha.shape[1], x0 + w), min(alpha.shape[0], y0 + h)
    x0, y0 = max(0.0, x0), max(0.0, y0)
    inside = alpha[round(y0) : round(y1), round(x0) : round(x1)]
    if min(inside.shape) < 32 or not CLOSE_UP_GROUND[0] < float((inside < 128).mean()) < CLOSE_UP_GROUND[1]:
        return None
    return x0, y0, x1, y1


def crop_window(rng: Rng, alpha: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) to show: the whole, a shaken whole, the product's box with a margin (the second
    pass), or a part of the product. Windows may reach past the picture; what lies outside is padding.
    """
    h, w = alpha.shape
    ys, xs = np.nonzero(alpha.max(1) > 127)[0], np.nonzero(alpha.max(0) > 127)[0]
    if len(ys) and rng.random() < CLOSE_UPS:
        found = close_up(rng, alpha, (int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1))
        if found is not None:
            return found
    mode = rng.random()
    if mode < 0.35 and len(ys) and len(xs):
        bw, bh = xs[-1] + 1 - xs[0], ys[-1] + 1 - ys[0]
        m = rng.uniform(0.02, 0.3, 4)
        x0, x1 = max(0, xs[0] - m[0] * bw), min(w, xs[-1] + 1 + m[1] * bw)
        y0, y1 = max(0, ys[0] - m[2] * bh), min(h, ys[-1] + 1 + m[3] * bh)
        return x0, y0, x1, y1
    if mode < 0.6:
        return 0, 0, w, h
    s = rng.uniform(0.0, 0.14, 4) * rng.choice([1, 1, -0.5])
    return s[0] * w, s[1] * h, w - s[2] * w, h - s[3] * h


def jitter(rng: Rng, image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mild colour changes of a picture in 0-1 that keep a photo a photo."""
    gain = (rng.normal(1, 0.05, 3).clip(0.8, 1.2) * rng.uniform(0.75, 1.2)).astype(np.float32)
    saturation = 0.0 if rng.random() < 0.12 else rng.uniform(0.4, 1.5) if rng.random() < 0.4 else 1.0
    mix = np.full((3, 3), (1 - saturation) / 3, np.float32) + np.float32(saturation) * np.eye(
        3, dtype=np.float32
    )
    out = cv2.transform(image, mix * gain[None])
    if rng.random() < 0.25:
        y, x = (int(v) for v in rng.integers(0, 64, 2))
        grain = _GRAIN[y : y + image.shape[0], x : x + image.shape[1]]
        out = cv2.addWeighted(out, 1.0, grain, float(rng.uniform(0.004, 0.03)), 0.0)
    return np.clip(out, 0, 1)


def sample(
    rng: Rng, image: Image, alpha: NDArray[np.uint8], side: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One training view: RGB [side, side, 3] and alpha [side, side], both 0-1, letterboxed with grey."""
    x0, y0, x1, y1 = crop_window(rng, alpha)
    box = fit(max(8, round(y1 - y0)), max(8, round(x1 - x0)), side)
    scale = box.h / (y1 - y0), box.w / (x1 - x0)
    flip = rng.random() < 0.5
    turn = rng.normal(0, 4) if rng.random() < 0.3 else 0.0
    if rng.random() < 0.08:
        turn += rng.choice([90, 180, 270])
    # crop window -> letterboxed square, turned about its middle
    m = np.array([[scale[1], 0, box.left - x0 * scale[1]], [0, scale[0], box.top - y0 * scale[0]], [0, 0, 1]])
    if flip:
        m = np.array([[-1, 0, side - 1], [0, 1, 0], [0, 0, 1]]) @ m
    if turn:
        m = np.vstack([cv2.getRotationMatrix2D((side / 2, side / 2), turn, 1), [0, 0, 1]]) @ m
    if min(scale) < 0.6:  # keep what is shrunk free of aliasing
        image = cv2.GaussianBlur(image, (0, 0), 0.35 / min(scale))
    pad = round(255 * PAD)
    out = cv2.warpAffine(image, m[:2], (side, side), flags=cv2.INTER_LINEAR, borderValue=(pad, pad, pad))
    target = cv2.warpAffine(alpha, m[:2], (side, side), flags=cv2.INTER_LINEAR)
    shown = cv2.warpAffine(np.full(alpha.shape, 255, np.uint8), m[:2], (side, side), flags=cv2.INTER_NEAREST)
    rgb = jitter(rng, cv2.cvtColor(out, cv2.COLOR_BGR2RGB).astype(np.float32) * np.float32(1 / 255))
    rgb[shown == 0] = PAD  # the padding is never recoloured
    return rgb, target.astype(np.float32) * np.float32(1 / 255)


class Samples(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """An endless stream of (image [3, side, side], alpha [1, side, side])."""

    def __init__(self, sources: list[Source], side: int, seed: int) -> None:
        self.sources = [s for s in sources if s.pairs]
        self.side, self.seed = side, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        weights = np.array([s.weight for s in self.sources])
        weights /= weights.sum()
        while True:
            pairs = self.sources[int(rng.choice(len(self.sources), p=weights))].pairs
            pair = pairs[int(rng.integers(len(pairs)))]
            if not (pair.image.exists() and pair.alpha.exists()):
                continue  # a render that was made anew since the folders were looked at
            image, target = sample(rng, *read_pair(pair), self.side)
            yield torch.from_numpy(image).permute(2, 0, 1), torch.from_numpy(target)[None]
