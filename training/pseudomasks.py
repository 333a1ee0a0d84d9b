"""Masks for garment photos without a teacher: where colour models and GrabCut agree.

At 176 px a photo gets four masks: distance to the border's colours, cut by Otsu; and GrabCut started from
that mask, from a rectangle 4 % inside the frame, and from the tight box. A photo is kept when they agree and
the shape is that of one product in the frame; its mask is the majority, with edges from the guided filter at
320 px.
"""

from __future__ import annotations

import argparse
import json
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.guided import guided_filter
from training.paths import DATA, WORK, require_data
from training.split import garment_name

Mask = NDArray[np.bool_]
Image = NDArray[np.uint8]
WORK_SIDE = 176
STORE_SIDE = 320
MIN_COLOUR_IOU = 0.85
MIN_CUT_IOU = 0.92
# A mask from elsewhere has two cuts for witnesses: the one from the mask itself, and the one from the frame.
MIN_OWN_CUT, MIN_FRAME_CUT = 0.93, 0.88


def resize_longest(image: Image, side: int) -> Image:
    """`image` with its longest side at `side` pixels."""
    scale = side / max(image.shape[:2])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def iou(a: Mask, b: Mask) -> float:
    """Intersection over union; 1.0 for two empty masks."""
    union = np.logical_or(a, b).sum()
    return 1.0 if union == 0 else float(np.logical_and(a, b).sum() / union)


def largest_parts(mask: Mask, keep: float = 0.15) -> Mask:
    """The largest component, those at least `keep` of its area (pairs of shoes), with small holes closed."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count <= 1:
        return mask
    areas = stats[1:, cv2.CC_STAT_AREA]
    good = 1 + np.flatnonzero(areas >= keep * areas.max())
    out = np.isin(labels, good)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~out).astype(np.uint8), connectivity=4)
    small = [i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] < 0.002 * out.size]
    return out | np.isin(labels, small)


def border_colour_mask(image: Image) -> Mask:
    """Otsu on the distance to the border's colours (k-means in Lab)."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.float32)
    b = max(3, round(0.035 * max(image.shape[:2])))
    ring = np.concatenate(
        [
            lab[:b].reshape(-1, 3),
            lab[-b:].reshape(-1, 3),
            lab[:, :b].reshape(-1, 3),
            lab[:, -b:].reshape(-1, 3),
        ]
    )
    cv2.setRNGSeed(7)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 15, 0.5)
    _, labels, centres = cv2.kmeans(ring, 4, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    share = np.bincount(labels.ravel(), minlength=4) / len(ring)
    distance = np.full(lab.shape[:2], np.inf, np.float32)
    for k in np.flatnonzero(share >= 0.06):  # a sleeve that touches the frame is no ground colour
        spread = ring[labels.ravel() == k].std(0) + 4.0
        distance = np.minimum(distance, np.sqrt((((lab - centres[k]) / spread) ** 2).sum(-1)))
    scaled = cv2.GaussianBlur(np.clip(distance * 20, 0, 255).astype(np.uint8), (0, 0), 1.0)
    _, mask = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    return largest_parts(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel) > 0)


def grabcut(image: Image, start: NDArray[np.uint8] | tuple[int, int, int, int], rounds: int = 4) -> Mask:
    """GrabCut from a trimap of GC_* labels or a rectangle (x, y, w, h)."""
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(7)
    if isinstance(start, tuple):
        labels = np.zeros(image.shape[:2], np.uint8)
        cv2.grabCut(image, labels, start, background, foreground, rounds, cv2.GC_INIT_WITH_RECT)
    else:
        labels = start.copy()
        cv2.grabCut(image, labels, None, background, foreground, rounds, cv2.GC_INIT_WITH_MASK)
    return largest_parts((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def trimap(mask: Mask) -> NDArray[np.uint8]:
    """GC_* labels: sure inside and outside, open within 4 px of the mask's edge."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    inner = cv2.erode(mask.astype(np.uint8), kernel) > 0
    outer = cv2.dilate(mask.astype(np.uint8), kernel) > 0
    out = np.full(mask.shape, cv2.GC_BGD, np.uint8)
    out[outer] = cv2.GC_PR_BGD
    out[mask] = cv2.GC_PR_FGD
    out[inner] = cv2.GC_FGD
    return out


def frame_rectangle(w: int, h: int) -> tuple[int, int, int, int]:
    """(x, y, w, h): all but the outer 4 %."""
    x, y = round(0.04 * w), round(0.04 * h)
    return x, y, w - 2 * x, h - 2 * y


def four_masks(image: Image) -> list[Mask]:
    """Border colour, and GrabCut from it, from the frame's rectangle and from the tight box."""
    h, w = image.shape[:2]
    colour = border_colour_mask(image)
    if not 0.01 < colour.mean() < 0.97:
        return []
    cuts = [grabcut(image, trimap(colour)), grabcut(image, frame_rectangle(w, h))]
    x, y, bw, bh = cv2.boundingRect(colour.astype(np.uint8))
    tight = (max(1, x - 3), max(1, y - 3), min(w - 2, bw + 6), min(h - 2, bh + 6))
    tight = (tight[0], tight[1], min(tight[2], w - 1 - tight[0]), min(tight[3], h - 1 - tight[1]))
    return [colour, *cuts, grabcut(image, tight)]


def witnessed(bgr: NDArray[np.uint8], mask: Mask) -> NDArray[np.float32] | None:
    """GrabCut's alpha [h, w] where its two cuts come to the same mask, else None."""
    small = resize_longest(bgr, WORK_SIDE)
    h, w = small.shape[:2]
    seen = cv2.resize(mask.astype(np.uint8), (w, h), interpolation=cv2.INTER_AREA) > 0
    own = grabcut(small, trimap(seen))
    if iou(own, seen) < MIN_OWN_CUT or iou(grabcut(small, frame_rectangle(w, h)), own) < MIN_FRAME_CUT:
        return None
    size = (bgr.shape[1], bgr.shape[0])
    return np.asarray(cv2.resize(own.astype(np.float32), size, interpolation=cv2.INTER_LINEAR), np.float32)


def is_product_shape(mask: Mask) -> bool:
    """One centred product: sane area, centre, border contact and solidity."""
    h, w = mask.shape
    area = float(mask.mean())
    if not 0.04 < area < 0.80:
        return False
    ys, xs = np.nonzero(mask)
    if abs(xs.mean() / w - 0.5) > 0.17 or abs(ys.mean() / h - 0.5) > 0.17:
        return False
    contact = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).mean()
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(contours)))
    return contact < 0.12 and float(mask.sum()) / max(hull, 1.0) > 0.45


def pseudo_mask(path: Path) -> tuple[NDArray[np.uint8] | None, dict[str, float | bool]]:
    """The mask of one photo at 320 px (uint8 alpha), or None where the witnesses disagree, and the
    measurements.
    """
    image = cv2.imread(str(path))
    if image is None:
        raise ValueError(f"{path} is not a readable picture")
    small = resize_longest(image, WORK_SIDE)
    masks = four_masks(small)
    if not masks:
        return None, {"kept": False, "colour": 0.0, "cuts": 0.0}
    majority = np.sum(masks[1:], axis=0) >= 2
    colour = min(iou(masks[0], m) for m in masks[1:])
    cuts = min(iou(masks[i], masks[j]) for i, j in ((1, 2), (1, 3), (2, 3)))
    kept = colour >= MIN_COLOUR_IOU and cuts >= MIN_CUT_IOU and is_product_shape(majority)
    facts: dict[str, float | bool] = {"kept": kept, "colour": colour, "cuts": cuts}
    if not kept:
        return None, facts
    guide = resize_longest(image, STORE_SIDE)
    coarse = cv2.resize(
        majority.astype(np.float32), (guide.shape[1], guide.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    fine = guided_filter(guide, coarse, radius=5, eps=2e-4)
    return (np.clip((fine - 0.12) / 0.76, 0, 1) * 255).astype(np.uint8), facts


def _job(args: tuple[Path, Path]) -> tuple[str, dict[str, float | bool]]:
    path, out = args
    cv2.setNumThreads(1)
    mask, facts = pseudo_mask(path)
    name = garment_name(path)
    if mask is not None:
        cv2.imwrite(str(out / f"{name}.png"), mask)
    return name, facts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=WORK / "masks")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    if (args.out / "facts.json").exists():
        print(f"{args.out} is complete; remove its facts.json to make it anew")
        return
    photos = sorted((require_data(args.data) / "clothing").glob("*/*.jpg"))
    args.out.mkdir(parents=True, exist_ok=True)
    with Pool(args.processes) as pool:
        facts = dict(pool.imap_unordered(_job, [(p, args.out) for p in photos], chunksize=16))
    (args.out / "facts.json").write_text(json.dumps(facts, indent=0, sort_keys=True))
    print(f"kept {sum(bool(f['kept']) for f in facts.values())} of {len(photos)}")


if __name__ == "__main__":
    main()
