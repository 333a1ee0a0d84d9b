"""The list of stages, run in memory: what may pass is tried again, as often as the workflow says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from packshot.contracts.stages import DetectInput
from packshot.errors import ImageError, PackshotError, SourceUnavailableError
from packshot.stages import registry
from packshot.stages.workspace import MemoryWorkspace
from packshot.workflow import STAGES, Stage
from tests import samples
from tests.stages.worlds import task

DETECT = STAGES[0]
State = dict[str, Any]


def away() -> PackshotError:
    return SourceUnavailableError("source_unreachable", source="a.jpg")


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[registry.Outcome, list[str]]]:
    """Runs the list with a detect that ends with these errors, one at each attempt, the last for good."""

    def run(*errors: PackshotError, again: Callable[[Stage], bool]) -> tuple[registry.Outcome, list[str]]:
        entered: list[str] = []
        left = list(errors)

        def detect(*_: object) -> None:
            raise left.pop(0) if len(left) > 1 else left[0]

        code = dataclasses.replace(registry.STAGES["detect"], run=detect)
        assert code.input_type is DetectInput
        monkeypatch.setitem(registry.STAGES, "detect", code)
        state: State = {"task": task(), "settings": samples.settings()}
        outcome = registry.run_all(state, MemoryWorkspace(), None, entered.append, again)  # type: ignore[arg-type]  # nobody asks it
        return outcome, entered

    return run


def test_what_may_pass_is_tried_as_often_as_the_workflow_says(ended: Any) -> None:
    waited: list[Stage] = []
    outcome, entered = ended(away(), again=lambda stage: waited.append(stage) is None)
    assert outcome.error.code == "source_unreachable"
    assert outcome.error.stage == "detect"
    assert entered == ["detect"] * DETECT.attempts
    assert waited == [DETECT] * (DETECT.attempts - 1)
    assert set(outcome.timings_ms) == {"detect"}


def test_what_stays_wrong_is_not_tried_again(ended: Any) -> None:
    outcome, entered = ended(away(), ImageError("image_truncated"), again=lambda _: True)
    assert outcome.error.code == "image_truncated"
    assert entered == ["detect"] * 2


def test_without_time_nothing_is_tried_again(ended: Any) -> None:
    outcome, entered = ended(away(), again=lambda _: False)
    assert outcome.error.code == "source_unreachable"
    assert entered == ["detect"]


def test_the_wait_is_the_workflows(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    assert registry.wait(DETECT) is True
    assert slept == [DETECT.backoff_s]


def opencv_runs_out() -> None:
    # More than any address space holds.
    cv2.resize(np.zeros((2, 2, 3), np.uint8), (2**24, 2**24))


def python_runs_out() -> None:
    raise MemoryError


@pytest.mark.parametrize("greedy", [opencv_runs_out, python_runs_out])
def test_a_lack_of_memory_is_told_as_one(greedy: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    code = dataclasses.replace(registry.STAGES["detect"], run=lambda *_: greedy())
    monkeypatch.setitem(registry.STAGES, "detect", code)
    state: State = {"task": task(), "settings": samples.settings()}
    outcome = registry.run_all(state, MemoryWorkspace(), None)  # type: ignore[arg-type]  # nobody asks it
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.stage) == ("out_of_memory", "detect")


@pytest.mark.parametrize(
    ("failure", "code"),
    [(MemoryError(), "out_of_memory"), (KeyError("x"), "internal_error"), (away(), "source_unreachable")],
)
def test_a_reference_ends_as_a_stage_does(
    failure: Exception, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(registry.detect, "run_reference", fail)
    with pytest.raises(PackshotError) as caught:
        registry.run_reference(task(), samples.settings(), MemoryWorkspace(), None)  # type: ignore[arg-type]  # nobody asks it
    assert (caught.value.code, caught.value.stage) == (code, "detect")
