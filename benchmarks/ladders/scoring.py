"""The score of a picture and its alpha, through the very stages that score a photo."""

from __future__ import annotations

import datetime as dt

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.ladders.faults import GOOD_QUALITY, Ladder
from packshot.contracts.base import Mode
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.stages import (
    AlignOutput,
    BackgroundOutput,
    CompressOutput,
    DetectOutput,
    EnhanceOutput,
    ProductFacts,
    ScoreInput,
    ScoreOutput,
    SourceFacts,
)
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.imaging.compose import WHITE, composite
from packshot.imaging.geometry import box_of
from packshot.stages import score
from packshot.stages.workspace import MemoryWorkspace

Pixels = NDArray[np.uint8]


def score_of(picture: Pixels, alpha: Pixels, quality: int = GOOD_QUALITY) -> ScoreOutput:
    """Scores a picture as if it were the finished one, its main file a JPEG of that quality.

    Args:
        picture: (H, W, 3) uint8 RGB, the canvas and the source at once.
        alpha: (H, W) uint8.
        quality: of the JPEG, 1-100.
    """
    workspace = MemoryWorkspace()
    bmp = cv2.imencode(".bmp", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()
    on_white = cv2.cvtColor(composite(picture, alpha, WHITE), cv2.COLOR_RGB2BGR)
    jpeg = cv2.imencode(".jpg", on_white, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    workspace.put_bytes("source", bmp)
    workspace.put_bytes("renditions/main.jpg", jpeg)
    workspace.put_pixels("aligned", picture)
    workspace.put_pixels("finished", picture.copy())
    workspace.put_pixels("alpha", alpha.copy())
    return score.run(given_for(alpha), workspace, None)  # type: ignore[arg-type]


def climb(ladder: Ladder, picture: Pixels, alpha: Pixels) -> list[ScoreOutput]:
    """Scores of a picture without the fault and at each of its steps."""
    scores = [score_of(picture, alpha)]
    for strength in ladder.steps:
        scores.append(score_of(ladder.apply(picture, strength), alpha, ladder.quality(strength)))
    return scores


def given_for(alpha: Pixels) -> ScoreInput:
    """What score reads of an image whose canvas is its source and whose main file is a JPEG."""
    height, width = alpha.shape
    box = box_of(alpha >= 128)
    x, y, w, h = box
    coverage = float(np.mean(alpha >= 128))
    source = SourceFacts(width=width, height=height, format="bmp", bytes=1, sha256="0")
    product = ProductFacts(
        box=box, centroid=(x + w / 2, y + h / 2), angle_deg=0, count=1, confidence=1.0, coverage=coverage
    )
    fill = max(w / width, h / height)
    return ScoreInput(
        task=ImageTask(
            batch_id="batch",
            image_id="image",
            source="memory",
            row=ManifestRow(line=1, product_group_id="group", sku_id="sku", image_url="memory"),
        ),
        settings=BatchSettings(
            mode=Mode.NONE,
            as_of=dt.date(2026, 1, 1),
            preset=Preset(
                name="ladders",
                title="Ladders",
                version="1",
                canvas=Canvas(width=width, height=height, fill=min(1.0, fill)),
                renditions=(RenditionSpec(name="main", format=Format.JPEG),),
            ),
        ),
        detect=DetectOutput(source=source, product=product),
        align=AlignOutput(
            method="preset",
            transform=(1, 0, 0, 0, 1, 0),
            scale=1.0,
            rotation_deg=0.0,
            canvas=(width, height),
            box=box,
        ),
        background=BackgroundOutput(box=box, coverage=coverage, soft_share=0.0, confidence=1.0),
        enhance=EnhanceOutput(),
        compress=CompressOutput(renditions=(_main(width, height),)),
    )


def _main(width: int, height: int) -> dict[str, object]:
    return {
        "name": "main", "format": "jpeg", "width": width, "height": height,
        "bytes": 1, "quality": None, "sha256": "0",
    }  # fmt: skip
