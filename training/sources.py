"""Which pictures a training run draws from, and how often."""

from __future__ import annotations

from pathlib import Path

from training.dataset import Source, folder_source, garment_source
from training.labels import judgements
from training.pairs import Pair
from training.paths import JUDGED
from training.split import is_held_out

COMPOSITES, GARMENTS, SELF_LABELLED = 0.50, 0.22, 0.12
SEEN_BY_EYE, LABELLED = 0.32, 0.08  # these two in place of the two before, once there are labels
RENDERS, RENDERS_ENOUGH = 0.28, 700  # fewer renders than enough weigh less, so that none is learnt by heart


def render_pairs(folder: Path, *, held_out: bool) -> list[tuple[str, Pair]]:
    """(name, pair) of the rendered scenes on one side of the split: `<name>.jpg` with `<name>_alpha.png`,
    where `<name>.json`, which is written last, says that both are whole.
    """
    found = [(p.stem, p.with_name(f"{p.stem}_alpha.png")) for p in sorted(folder.glob("*.json"))]
    return [
        (name, Pair(image, alpha))
        for name, alpha in found
        if is_held_out(f"render-{name}") == held_out and (image := folder / f"{name}.jpg").exists()
    ]


def renders_source(folder: Path) -> Source:
    """Whole rendered scenes; those on the held-out side are left to evaluation."""
    pairs = tuple(pair for _, pair in render_pairs(folder, held_out=False))
    return Source("renders", RENDERS * min(1.0, len(pairs) / RENDERS_ENOUGH), pairs)


def garment_sources(data: Path, work: Path) -> list[Source]:
    """The garments with their best masks (`labels.py`), those that somebody looked at more often than others;
    before there are such, with those that colours agreed on and the network's confident ones.
    """
    if not (work / "labels").is_dir():
        return [
            garment_source(data, work / "masks", GARMENTS),
            garment_source(data, work / "self-masks", SELF_LABELLED, "self-labelled"),
        ]
    judged = judgements(JUDGED)
    pairs = garment_source(data, work / "labels", 1.0).pairs
    seen = tuple(pair for pair in pairs if pair.alpha.stem in judged)
    others = tuple(pair for pair in pairs if pair.alpha.stem not in judged)
    return [Source("garments seen by eye", SEEN_BY_EYE, seen), Source("garments", LABELLED, others)]


def load(data: Path, work: Path) -> list[Source]:
    """All sources that exist now; those without pictures are left out and the others share their weight."""
    found = [
        folder_source("composites", work / "pool", COMPOSITES),
        *garment_sources(data, work),
        renders_source(work / "renders"),
    ]
    return [s for s in found if s.pairs]
