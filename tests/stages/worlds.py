"""A small outside world for the stages: a fetcher with one photo in it, tasks, settings, references."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.stages import AlignInput, AlignOutput, DetectInput, DetectOutput, ReferenceFacts
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.stages import align, detect
from packshot.stages.context import StageContext
from packshot.stages.workspace import MemoryWorkspace
from tests.stages.networks import SeeingNetwork


def png(picture: NDArray[np.uint8], orientation: int = 1) -> bytes:
    """A lossless file of RGB or RGBA pixels with an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", exif=exif, compress_level=1)
    return buffer.getvalue()


def preset(side: int = 800, height: int | None = None, fill: float = 0.85, **more: Any) -> Preset:
    canvas = Canvas(width=side, height=height or side, fill=fill, baseline=more.pop("baseline", None))
    main = RenditionSpec(name="main", format=Format.JPEG)
    return Preset(name="p", title="P", version="1", canvas=canvas, renditions=(main,), **more)


def task(sku: str = "s", row: dict[str, Any] | None = None, **more: Any) -> ImageTask:
    line = ManifestRow(line=1, product_group_id="g", sku_id=sku, image_url="a.png", **(row or {}))
    return ImageTask(batch_id="b", image_id="i", row=line, source="/a.png", **more)


class World:
    """Runs detect and align on photos given as bytes, with a network that sees what a test wants."""

    def __init__(self, network: SeeingNetwork, settings: Preset | None = None, **batch: Any) -> None:
        self.network = network
        self.settings = BatchSettings(preset=settings or preset(), as_of=dt.date(2026, 11, 1), **batch)
        self.workspace = MemoryWorkspace()
        self.references: dict[str, MemoryWorkspace] = {}
        self.fetched: list[str] = []
        self._photo = b""

    @property
    def context(self) -> StageContext:
        return StageContext(self, lambda name: self.network, self.references.__getitem__)

    def fetch(self, source: str) -> bytes:
        self.fetched.append(source)
        return self._photo

    def detect(self, photo: bytes, work: ImageTask | None = None) -> DetectOutput:
        self._photo, self.workspace = photo, MemoryWorkspace()
        inputs = DetectInput(task=work or task(), settings=self.settings)
        return detect.run(inputs, self.workspace, self.context)

    def align(self, photo: bytes, work: ImageTask | None = None) -> AlignOutput:
        found = self.detect(photo, work)
        inputs = AlignInput(task=work or task(), settings=self.settings, detect=found)
        return align.run(inputs, self.workspace, self.context)

    def reference(self, photo: bytes, work: ImageTask | None = None) -> ReferenceFacts:
        work = work or task(reference_id="ref-1", is_reference=True)
        self._photo = photo
        self.references["ref-1"] = MemoryWorkspace()
        return detect.run_reference(work, self.settings, self.references["ref-1"], self.context)
