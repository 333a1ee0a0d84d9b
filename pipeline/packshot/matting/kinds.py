"""Kinds of background networks: how a file of each kind wants its picture and gives its alpha.

Only signatures stand here: sizes, normalisations and outputs. No file, hash or address of anybody
else's weights; a user who has such a file adds it with `packshot models add FILE --like KIND`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class Kind:
    """The signature of a network.

    Attributes:
        name: its public name.
        size: pixels of the square input.
        fit: letterbox (aspect kept, padded) or squeeze (as these networks were trained).
        mean, std: normalisation outside the graph, on RGB in 0-1; None when it is in the graph.
        peak: divide the picture by its own maximum first, as U^2-Net's own code does.
        activation: what turns the first output into a probability: none, or sigmoid for logits.
        licence: of the publicly known weights, as a reminder to the user; not of any file shipped here.
    """

    name: str
    size: int
    fit: Literal["letterbox", "squeeze"] = "squeeze"
    mean: tuple[float, float, float] | None = IMAGENET_MEAN
    std: tuple[float, float, float] | None = IMAGENET_STD
    peak: bool = False
    activation: Literal["none", "sigmoid"] = "none"
    licence: str = "unknown: ask where the file came from"


KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("packshot-matte", 320, fit="letterbox", mean=None, std=None, licence="Apache-2.0"),
        Kind("u2netp", 320, peak=True),
        Kind("u2net", 320, peak=True),
        Kind("silueta", 320, peak=True),
        Kind("isnet-general-use", 1024, mean=(0.5, 0.5, 0.5), std=(1.0, 1.0, 1.0), peak=True),
        Kind("birefnet-lite", 1024, activation="sigmoid"),
    )
}
