"""The contact sheet of what still fails: the worst of a seeded set made of our own renders and procedural
pictures only.

No photo is in it, so that it may lie in the repository. Each row of three: the picture, its true alpha, the
network's.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training import metrics, protocol, textures
from training.bank import Bank, foreground_colour
from training.compose import product_scene
from training.pairs import Pair, read_pair
from training.paths import REPO, VALIDATION, WEIGHTS

Image = NDArray[np.uint8]
CELL = 150
GROUNDS = ("plain", "white", "surface")


def rendered(validation: Path) -> list[tuple[str, Image, NDArray[np.uint8], bool]]:
    """(name, BGR, alpha, clear) of the small rendered validation pictures that show a product."""
    found = []
    for alpha_path in sorted(validation.glob("v*_alpha.png")):
        name = alpha_path.name.removesuffix("_alpha.png")
        facts = json.loads((validation / f"{name}.json").read_text())
        image, alpha = read_pair(Pair(validation / f"{name}.jpg", alpha_path))
        if not facts["empty"]:
            found.append((name, image, alpha, bool(facts["clear"])))
    return found


def own_bank(validation: Path) -> Bank:
    """Cut-outs of the opaque rendered products, and procedural surfaces in the place of photos."""
    surfaces = [textures.any_surface(np.random.default_rng([91, i]), 300, 400) for i in range(24)]
    cut_outs = []
    for _, image, alpha, clear in rendered(validation):
        if not clear:
            soft = alpha.astype(np.float32) / 255
            cut_outs.append((foreground_colour(image, soft), soft))
    return Bank({"render": cut_outs}, surfaces, surfaces)


def pictures(validation: Path, count: int) -> list[tuple[str, Image, NDArray[np.float32]]]:
    """(name, BGR, alpha): the rendered validation scenes, then `count` composites."""
    found = [(f"render {name}", image, alpha) for name, image, alpha, _ in rendered(validation)]
    bank = own_bank(validation)
    for i in range(count):
        made = product_scene(np.random.default_rng([92, i]), bank, GROUNDS[i % len(GROUNDS)])
        found.append((f"{made.ground} {i}", made.bgr, made.alpha))
    return [(n, image, alpha.astype(np.float32) / 255) for n, image, alpha in found if alpha.max() > 127]


def cell(image: Image) -> Image:
    """The picture on a grey square."""
    scale = CELL / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:CELL, :CELL]
    out = np.full((CELL, CELL, 3), 60, np.uint8)
    out[: small.shape[0], : small.shape[1]] = small if small.ndim == 3 else small[..., None]
    return out


def triple(name: str, image: Image, want: NDArray[np.float32], got: NDArray[np.float32]) -> Image:
    """Picture, true alpha, network's alpha, with the IoU."""
    row = np.hstack([cell(image), cell((want * 255).astype(np.uint8)), cell((got * 255).astype(np.uint8))])
    text = f"{name}: {metrics.iou(got, want):.2f}"
    cv2.putText(row, text, (4, CELL - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(row, text, (4, CELL - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (80, 255, 255), 1, cv2.LINE_AA)
    return row


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--validation", type=Path, default=VALIDATION)
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "packshot-matte.onnx")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--show", type=int, default=15)
    parser.add_argument("--out", type=Path, default=REPO / "docs" / "model-card-failures.png")
    args = parser.parse_args()
    network = protocol.open_network(args.weights)
    judged = []
    for name, image, want in pictures(args.validation, args.count):
        got = protocol.two_passes(network, np.ascontiguousarray(image[..., ::-1]))
        judged.append((metrics.iou(got, want), name, image, want, got))
    judged.sort(key=lambda item: item[0])
    print(f"mean IoU {np.mean([j[0] for j in judged]):.3f} over {len(judged)} pictures of our own")
    worst = [triple(name, image, want, got) for _, name, image, want, got in judged[: args.show]]
    rows = [np.hstack(worst[i : i + 3]) for i in range(0, len(worst) - len(worst) % 3, 3)]
    cv2.imwrite(str(args.out), np.vstack(rows), [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
