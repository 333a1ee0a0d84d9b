"""The product as an arm of the benchmark, with the real network or with one that only remembers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.stages import AlignOutput, ScoreOutput
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.matting.model import MattingModel
from packshot.stages.context import StageContext
from packshot.stages.registry import Outcome, run_all
from packshot.stages.workspace import MemoryWorkspace

BUDGET_KB = 500
Alpha = NDArray[np.float32]

SETTINGS = BatchSettings(
    preset=Preset(
        name="bench",
        title="One main JPEG",
        version="1",
        canvas=Canvas(width=2000, height=2000),
        renditions=(RenditionSpec(name="main", format=Format.JPEG, target_kb=BUDGET_KB),),
    ),
    as_of=dt.date(2026, 11, 1),
)


@dataclass
class Remembering:
    """Gives back what the real network saw on the same photo, so that only the rest is timed."""

    model: MattingModel
    twice: tuple[Alpha, Alpha] | None = None
    once: list[Alpha] = field(default_factory=list)
    name: str = "remembering"
    sha256: str = "0" * 64

    def look_twice(self, picture: NDArray[np.uint8]) -> tuple[Alpha, Alpha]:
        """The photo's two looks."""
        if self.twice is None:
            self.twice = self.model.look_twice(picture)
        return self.twice

    def predict(self, picture: NDArray[np.uint8]) -> Alpha:
        """The crop's look."""
        if not self.once:
            self.once.append(self.model.predict(picture))
        return self.once[0]

    def confidence(self, alpha: Alpha, other: Alpha) -> float:
        """The real one's: it costs next to nothing."""
        return self.model.confidence(alpha, other)


class Bytes:
    """A fetcher that has the one photo in memory: the disk is not what is measured."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def fetch(self, source: str) -> bytes:
        """The photo."""
        return self._data


@dataclass(frozen=True)
class Finished:
    """What came out of one photo."""

    data: bytes
    matrix: NDArray[np.float64]
    quality: int
    stages_ms: dict[str, float]
    score: float


def packshot(data: bytes, model: MattingModel) -> Finished:
    """All stages in memory, as a worker of the local runner does them."""
    workspace = MemoryWorkspace()
    context = StageContext(Bytes(data), lambda _: model, lambda _: MemoryWorkspace())
    outcome = run_all({"task": TASK, "settings": SETTINGS}, workspace, context)
    if outcome.error is not None:
        raise outcome.error
    return _finished(outcome, workspace)


def _finished(outcome: Outcome, workspace: MemoryWorkspace) -> Finished:
    state: dict[str, Any] = outcome.state
    aligned: AlignOutput = state["align"]
    scored: ScoreOutput = state["score"]
    return Finished(
        data=workspace.get_bytes("renditions/main.jpg"),
        matrix=np.array(aligned.transform).reshape(2, 3),
        quality=state["compress"].renditions[0].quality or 0,
        stages_ms=outcome.timings_ms,
        score=scored.score_after,
    )


TASK = ImageTask(
    batch_id="batch-bench",
    image_id="img-bench",
    row=ManifestRow(line=1, product_group_id="bench", sku_id="bench", image_url="photo.jpg"),
    source="photo.jpg",
)
