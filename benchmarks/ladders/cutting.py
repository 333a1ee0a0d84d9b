"""A photo of a folder on a canvas, with its alpha, by the product's own stages."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.arms import Bytes
from packshot.contracts.base import Mode
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.matting.model import MattingModel
from packshot.matting.registry import load_model
from packshot.stages.context import StageContext
from packshot.stages.registry import run_stage
from packshot.stages.workspace import MemoryWorkspace

Pixels = NDArray[np.uint8]


def cut_out(path: Path, side: int) -> tuple[Pixels, Pixels]:
    """The photo on a canvas of `side` pixels, (H, W, 3) uint8 RGB, and its alpha (H, W) uint8.

    Raises:
        PackshotError: the photo can't be read, or shows no product.
    """
    workspace = MemoryWorkspace()
    context = StageContext(Bytes(path.read_bytes()), lambda _: _model(), lambda _: MemoryWorkspace())
    state: dict[str, Any] = {"task": _task(path), "settings": _settings(side)}
    for name in ("detect", "align", "background"):
        state[name] = run_stage(name, state, workspace, context)
    return workspace.get_pixels("foreground"), workspace.get_pixels("alpha")


@cache
def _model() -> MattingModel:
    return load_model()


def _settings(side: int) -> BatchSettings:
    preset = Preset(
        name="ladders",
        title="Ladders",
        version="1",
        canvas=Canvas(width=side, height=side),
        renditions=(RenditionSpec(name="main", format=Format.JPEG),),
    )
    return BatchSettings(preset=preset, mode=Mode.NONE, as_of=dt.date(2026, 1, 1))


def _task(path: Path) -> ImageTask:
    row = ManifestRow(line=1, product_group_id="group", sku_id="sku", image_url=path.name)
    return ImageTask(batch_id="batch", image_id="image", source=str(path), row=row)
