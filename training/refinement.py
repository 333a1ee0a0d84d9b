"""What each step of the refinement gains, on the network's real output at 2000 px.

The rendered pictures of the validation set (`training.scenes.validation`, `large*`) go through the product's
own code. Mean absolute alpha error in the 20 px band around the true edge: of the network's alpha scaled up,
with the guided filter, and as finished. Then the same products, with their true alpha, are put on other
grounds, so that their own colours are known: mean colour error in the band when the cut-out is laid on white,
with the picture's colours and with the decontaminated ones.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.guided import apply, guided_coefficients
from packshot.imaging.matte import refine, working_size
from packshot.imaging.resize import resized
from packshot.matting.model import MattingModel
from packshot.stages.cutout import look
from training import evalsets, metrics, product, textures
from training.bank import foreground_colour
from training.paths import VALIDATION, WEIGHTS

Image = NDArray[np.uint8]
Field = NDArray[np.float32]


def steps(picture: Image, model: MattingModel) -> dict[str, Field]:
    """{step: alpha [H, W] in 0-1} of an RGB picture; empty when the network sees no product."""
    seen = look(picture, model).alpha
    if seen is None:
        return {}
    size = (picture.shape[1], picture.shape[0])
    work = resized(picture, working_size(*size)).astype(np.float32) / 255
    guided = apply(guided_coefficients(work, seen, 3, 4e-4), work)
    return {
        "network, scaled up": _enlarged(seen, size),
        "guided filter": _enlarged(np.clip(guided, 0, 1), size),
        "finished": refine(picture, seen).alpha.astype(np.float32) / 255,
    }


def _enlarged(alpha: Field, size: tuple[int, int]) -> Field:
    return np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR), np.float32)


def on_other_grounds(case: evalsets.Case, seed: int) -> Iterator[tuple[str, Image, Image]]:
    """(kind of ground, composite, the product's own colours): RGB, exact by construction."""
    own = foreground_colour(case.image, case.alpha)
    height, width = case.alpha.shape
    for kind, draw in (("plain", textures.plain), ("patterned", textures.any_surface)):
        small = draw(np.random.default_rng([seed, len(kind)]), height // 4, width // 4)
        ground = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
        mixed = ground + (own - ground) * case.alpha[..., None]
        yield kind, np.rint(np.clip(mixed, 0, 255)).astype(np.uint8), own


def fringe(colours: Image, alpha: Field, own: Image, want: Field) -> float:
    """Mean absolute difference (0-255) in the 20 px band between two cut-outs laid on white."""
    band = metrics.edge_band(want, 20)
    got = 255 + (colours[band].astype(np.float32) - 255) * alpha[band][:, None]
    true = 255 + (own[band].astype(np.float32) - 255) * want[band][:, None]
    return float(np.abs(got - true).mean())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--validation", type=Path, default=VALIDATION)
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "packshot-matte.onnx")
    parser.add_argument("--card", type=Path, default=WEIGHTS / "packshot-matte.json")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    model = product.open_model(args.weights, args.card)
    bands, fringes = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for number, case in enumerate(evalsets.render_cases(args.validation, "large*")):
        found = steps(case.image, model)
        errors = {step: metrics.edge_band_error(alpha, case.alpha) for step, alpha in found.items()}
        print(case.name, *(f"{step}: {error:.3f}" for step, error in errors.items()), sep="  ", flush=True)
        for step in ("network, scaled up", "guided filter", "finished"):
            bands[step].append(errors.get(step, 1.0))  # a product that is not seen at all is all error
        for kind, picture, own in on_other_grounds(case, number):
            seen = look(picture, model).alpha
            if seen is None or metrics.iou(_enlarged(seen, picture.shape[1::-1]), case.alpha) < 0.8:
                continue  # the colour of a wrong cut-out says nothing about fringes
            matte = refine(picture, seen)
            alpha = matte.alpha.astype(np.float32) / 255
            fringes[f"{kind}: as photographed"].append(fringe(picture, alpha, own, case.alpha))
            fringes[f"{kind}: decontaminated"].append(fringe(matte.foreground, alpha, own, case.alpha))
    print("\nmean absolute alpha error in the 20 px band at 2000 px")
    for step, values in bands.items():
        print(f"  {step:24}{np.mean(values):8.4f}   median {np.median(values):.4f}   n {len(values)}")
    print("colour error (0-255) in the band on white")
    for kind, values in sorted(fringes.items()):
        print(f"  {kind:32}{np.mean(values):8.2f}   n {len(values)}")


if __name__ == "__main__":
    main()
