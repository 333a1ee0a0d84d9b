"""Stages of milliseconds with the shapes of the real ones: what the runner's tests run in real processes.

The photo's bytes are a text of words that say what happens to it:
    ok, review      the verdict
    corrupt         a permanent error; away: a retryable one; flaky: a retryable one at the first try only
    hang, die       the worker sleeps for long, or kills itself (`die-once`: only the first time)
    boom            an unforeseen exception; slow: takes a third of a second
    number, pad     any other word makes the bytes different
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import time
from pathlib import Path
from typing import Any, NamedTuple

from packshot.contracts.preset import Format
from packshot.contracts.stages import (
    AlignOutput,
    BackgroundOutput,
    CompressOutput,
    DetectOutput,
    EnhanceOutput,
    ProductFacts,
    RenditionFile,
    ScoreOutput,
    SourceFacts,
)
from packshot.contracts.task import BatchSettings, ImageTask, effective_background
from packshot.errors import ImageError, PackshotError, ProductError, SourceUnavailableError
from packshot.local.stage_code import StageCode
from packshot.stages.context import StageContext
from packshot.stages.workspace import Workspace


class FakeOutcome(NamedTuple):
    state: dict[str, Any]
    error: PackshotError | None
    timings_ms: dict[str, float]


def rendition_bytes(
    name: str, task: ImageTask, source: bytes, reference: bytes, settings: BatchSettings
) -> bytes:
    """What a rendition of this image must hold, byte for byte: a hash of all that it is made from."""
    facts = [name, effective_background(task, settings), str(task.overrides.angle_deg)]
    facts += [source.hex(), reference.hex(), str(task.reference_unusable), settings.preset.name]
    return (hashlib.sha256("|".join(facts).encode()).hexdigest() * 8).encode()


def run_image(
    state: dict[str, Any], workspace: Workspace, context: StageContext, entered: Any
) -> FakeOutcome:
    state = dict(state)
    started = time.perf_counter()
    entered("detect")
    error: PackshotError | None = None
    try:
        _work(state, workspace, context, entered)
    except PackshotError as failure:
        error = failure
        error.stage = error.stage or "detect"
    return FakeOutcome(state, error, {"detect": (time.perf_counter() - started) * 1000})


def _work(state: dict[str, Any], workspace: Workspace, context: StageContext, entered: Any) -> None:
    task, settings = state["task"], state["settings"]
    source = context.fetcher.fetch(task.source)
    words = source.decode().split()
    _misbehave(words, task)
    state["detect"] = detect = _detect(source)
    if "corrupt" in words:
        raise ImageError("image_truncated")
    reference = b""
    if task.reference_id is not None and not task.reference_unusable:
        reference = context.reference(task.reference_id).get_bytes("facts.json")
    entered("align")
    state["align"] = AlignOutput(
        method="preset",
        transform=(1, 0, 0, 0, 1, 0),
        scale=1.0,
        rotation_deg=0.0,
        canvas=(16, 16),
        box=detect.product.box,
    )
    state["background"] = BackgroundOutput(box=detect.product.box, coverage=0.5, soft_share=0, confidence=1)
    state["enhance"] = EnhanceOutput()
    entered("compress")
    files = []
    for spec in settings.preset.renditions:
        data = rendition_bytes(spec.name, task, source, reference, settings)
        workspace.put_bytes(f"renditions/{spec.name}.{spec.format.extension}", data)
        files.append(
            RenditionFile(
                name=spec.name,
                format=spec.format,
                width=16,
                height=16,
                bytes=len(data),
                quality=90 if spec.format is Format.JPEG else None,
                sha256=hashlib.sha256(data).hexdigest(),
            )
        )
    state["compress"] = CompressOutput(renditions=tuple(files))
    review = "review" in words or task.reference_unusable
    state["score"] = ScoreOutput(
        score_before=50,
        score_after=60 if review else 90,
        score_parts={"sharpness": 90},
        score_parts_before={"sharpness": 50},
        compliance=(),
        qc_status="needs_review" if review else "auto_approved",
        review_reasons=("low_score",) if review else (),
    )


def _misbehave(words: list[str], task: ImageTask) -> None:
    if "slow" in words:
        time.sleep(0.3)
    if "burn" in words:
        until = time.process_time() + 0.05
        while time.process_time() < until:
            pass
    if "hang" in words:
        time.sleep(600)
    if "away" in words:
        with Path(f"{task.source}.tries").open("a") as tries:
            tries.write("x")
    if "away" in words or ("flaky" in words and _first_time(task, "flaky")):
        raise SourceUnavailableError("source_timeout", source=task.row.image_url, limit_s=1)
    if "die" in words or ("die-once" in words and _first_time(task, "died")):
        os.kill(os.getpid(), signal.SIGKILL)
    if "boom" in words:
        raise ProductError("no_product_found")


def _first_time(task: ImageTask, what: str) -> bool:
    with contextlib.suppress(FileExistsError):
        Path(f"{task.source}.{what}").touch(exist_ok=False)
        return True
    return False


def _detect(source: bytes) -> DetectOutput:
    facts = SourceFacts(
        width=16, height=16, format="jpeg", bytes=len(source), sha256=hashlib.sha256(source).hexdigest()
    )
    product = ProductFacts(
        box=(1, 1, 14, 14), centroid=(8, 8), angle_deg=0, count=1, confidence=0.9, coverage=0.5
    )
    return DetectOutput(source=facts, product=product)


def run_reference(
    task: ImageTask, settings: BatchSettings, workspace: Workspace, context: StageContext
) -> None:
    del settings
    source = context.fetcher.fetch(task.source)
    words = source.decode().split()
    _misbehave(words, task)
    if "corrupt" in words:
        raise ImageError("image_truncated")
    workspace.put_bytes("facts.json", hashlib.sha256(source).hexdigest().encode())


def load_model(name: str) -> Any:
    raise AssertionError(f"the fake stages need no network, and yet {name} was asked for")


def model_sha256(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def prepare() -> None:
    return None


def die_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


FAKE = StageCode(run_image, run_reference, load_model, model_sha256, prepare)
