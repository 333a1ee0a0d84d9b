"""Which pictures a training run draws from, and how often."""

from __future__ import annotations

from pathlib import Path

from training.dataset import Pair, Source, folder_source, garment_source
from training.split import is_held_out

COMPOSITES, GARMENTS, SELF_LABELLED, RENDERS, RENDERED_COMPOSITES = 0.55, 0.22, 0.12, 0.14, 0.08


def renders_source(folder: Path, weight: float) -> Source:
    """Whole rendered scenes: `<name>.jpg|png` with `<name>.alpha.png`. Names on the held-out side are left to evaluation."""
    pairs = []
    for alpha in sorted(folder.glob("**/*.alpha.png")):
        stem = alpha.name.removesuffix(".alpha.png")
        image = next((p for s in (".jpg", ".png") if (p := alpha.with_name(stem + s)).exists()), None)
        if image is not None and not is_held_out(stem):
            pairs.append(Pair(image, alpha))
    return Source("renders", weight, tuple(pairs))


def load(data: Path, work: Path) -> list[Source]:
    """All sources that exist now; those without pictures are left out and the others share their weight."""
    found = [
        folder_source("composites", work / "pool", COMPOSITES),
        garment_source(data, work / "masks", GARMENTS),
        garment_source(data, work / "self-masks", SELF_LABELLED, "self-labelled"),
        renders_source(work / "renders", RENDERS),
        folder_source("rendered composites", work / "pool-renders", RENDERED_COMPOSITES),
    ]
    return [s for s in found if s.pairs]
