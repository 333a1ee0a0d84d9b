"""One drawn photo through every stage, in memory: does the whole of it work on this machine?"""

from __future__ import annotations

import datetime as dt

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from packshot.contracts.manifest import ManifestRow
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.errors import InternalError
from packshot.matting.registry import load_model
from packshot.presets import DEFAULT_PRESET, load_preset
from packshot.report import numbers
from packshot.stages.context import StageContext
from packshot.stages.registry import run_all
from packshot.stages.workspace import MemoryWorkspace, Workspace


class _OnePhoto:
    """A fetcher that knows one photo."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def fetch(self, source: str) -> bytes:
        del source
        return self._data


def drawn_photo(width: int = 1200, height: int = 900) -> NDArray[np.uint8]:
    """A box with a label on a lit table, (height, width, 3) uint8 RGB."""
    light = np.linspace(196, 232, width)[None, :, None] + np.linspace(-14, 10, height)[:, None, None]
    picture = np.repeat(light, 3, axis=2).clip(0, 255).astype(np.uint8)
    left, top, right, bottom = width * 36 // 100, height * 18 // 100, width * 64 // 100, height * 84 // 100
    cv2.rectangle(picture, (left, top), (right, bottom), (38, 84, 124), -1)
    cv2.rectangle(picture, (left + 30, top + 90), (right - 30, bottom - 160), (242, 236, 220), -1)
    cv2.putText(picture, "PACK", (left + 50, top + 250), cv2.FONT_HERSHEY_DUPLEX, 2.4, (30, 30, 34), 5)
    return picture


def run_self_test() -> str:
    """Runs the test and says what came out.

    Raises:
        PackshotError: what the stages say, or `internal_error` when the picture is not as it must be.
    """
    data = simplejpeg.encode_jpeg(drawn_photo(), quality=90)
    row = ManifestRow(line=0, product_group_id="self-test", sku_id="self-test", image_url="drawn.jpg")
    task = ImageTask(batch_id="self-test", image_id="self-test", row=row, source="drawn.jpg")
    settings = BatchSettings(preset=load_preset(DEFAULT_PRESET), as_of=dt.datetime.now(dt.UTC).date())
    model = load_model(settings.model)
    workspace = MemoryWorkspace()
    context = StageContext(_OnePhoto(data), lambda _: model, _no_reference)
    outcome = run_all({"task": task, "settings": settings}, workspace, context)
    if outcome.error is not None:
        raise outcome.error
    main = workspace.get_bytes("renditions/main.jpg")
    corner = simplejpeg.decode_jpeg(main)[0, 0].tolist()
    if corner != [255, 255, 255]:
        raise InternalError("internal_error", reason=f"the self-test's ground is {corner}, not white")
    score = outcome.state["score"].score_after
    return f"a drawn photo went through all stages: {numbers.size(len(main))}, score {numbers.score(score)},"


def _no_reference(reference_id: str) -> Workspace:
    raise InternalError("internal_error", reason=f"the self-test has no reference {reference_id}")
