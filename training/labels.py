"""The best mask that there is of every training garment, in one folder.

Where somebody looked at the photo, what they said: `garment-masks/judged.csv` says of each whether the
product's own cut-out is right (`product`), a mask was drawn for it (`drawn`, its PNG lies beside the file),
or the photo has no answer (`none`). Of the others the product's own cut-out, where the mask that colours
agreed on (`pseudomasks.py`) or the network's confident one (`selftrain.py`) bears it out: on held-out
garments it is nearer to what a person draws than either of these (boundary F .957 against .933, 51 photos).
"""

from __future__ import annotations

import argparse
import csv
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.metrics import iou
from training.paths import DATA, JUDGED, WEIGHTS, WORK, require_data
from training.product import finished_alpha, open_model
from training.pseudomasks import resize_longest
from training.split import garment_name, garments

Mask = NDArray[np.uint8]
SIDE = 400  # the longest side of the masks: that of most photos' width
BORNE_OUT = 0.93  # IoU


def judgements(folder: Path) -> dict[str, str]:
    """What was said of the photos that somebody looked at: garment name to `product`, `drawn` or `none`."""
    with (folder / "judged.csv").open(newline="") as file:
        return {row["garment"]: row["mask"] for row in csv.DictReader(file)}


def best(name: str, answer: Mask, judged: dict[str, str], drawn: Path, older: list[Path]) -> Mask | None:
    """The mask to learn from, uint8 alpha; None where there is none to trust.

    Args:
        name: the garment's.
        answer: the product's own cut-out, uint8 alpha.
        judged: what was said of the garments that somebody looked at.
        drawn: the folder of drawn masks.
        older: folders of masks that may bear the answer out.
    """
    said = judged.get(name)
    if said == "none":
        return None
    if said == "product":
        return answer
    if said == "drawn":
        return _sized(_grey(drawn / f"{name}.png"), answer)
    found = [_sized(_grey(p), answer) for folder in older if (p := folder / f"{name}.png").exists()]
    return answer if any(iou(answer / 255, mask / 255) >= BORNE_OUT for mask in found) else None


def _grey(path: Path) -> Mask:
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise ValueError(f"{path} is not readable")
    return np.asarray(mask, np.uint8)


def _sized(mask: Mask, like: Mask) -> Mask:
    if mask.shape == like.shape:
        return mask
    return np.asarray(cv2.resize(mask, like.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def write_answers(paths: list[Path], weights: Path, card: Path, out: Path) -> None:
    """The product's own cut-outs of these photos, those that are not there yet."""
    cv2.setNumThreads(1)
    model = open_model(weights, card)
    for path in paths:
        target = out / f"{garment_name(path)}.png"
        if target.exists():
            continue
        photo = resize_longest(cv2.imread(str(path)), SIDE)
        alpha = finished_alpha(np.ascontiguousarray(photo[..., ::-1]), model)
        part = target.with_suffix(".part.png")
        cv2.imwrite(str(part), np.rint(alpha * 255).astype(np.uint8))
        part.rename(target)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "packshot-matte.onnx")
    parser.add_argument("--card", type=Path, default=WEIGHTS / "packshot-matte.json")
    parser.add_argument("--judged", type=Path, default=JUDGED)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    answers, out = args.work / "answers", args.work / "labels"
    for folder in (answers, out):
        folder.mkdir(parents=True, exist_ok=True)
    paths = garments(require_data(args.data), held_out=False)
    with Pool(args.processes) as pool:
        shares = [paths[i :: args.processes] for i in range(args.processes)]
        pool.starmap(write_answers, [(share, args.weights, args.card, answers) for share in shares])
    judged, kept = judgements(args.judged), 0
    older = [args.work / "masks", args.work / "self-masks"]
    for name in map(garment_name, paths):
        mask = best(name, _grey(answers / f"{name}.png"), judged, args.judged, older)
        if mask is None:
            (out / f"{name}.png").unlink(missing_ok=True)
            continue
        part = out / f"{name}.part.png"
        cv2.imwrite(str(part), mask)
        part.rename(out / f"{name}.png")  # training reads this folder at the same time
        kept += 1
    print(f"{kept} of {len(paths)} garments have a mask, {len(judged)} were judged")


if __name__ == "__main__":
    main()
