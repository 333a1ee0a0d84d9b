"""The code that workers run, as one value that crosses process borders.

The runner knows the stages only through it, so that its own tests bring stages of milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from packshot.contracts.task import BatchSettings, ImageTask
from packshot.stages.workspace import Workspace

if TYPE_CHECKING:
    from packshot.matting.model import MattingModel
    from packshot.stages.context import StageContext
    from packshot.stages.registry import Outcome

Entered = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StageCode:
    """Functions of modules (they are pickled by name); called in worker processes unless said otherwise.

    Attributes:
        run_image: all stages on one image, each tried as often as the workflow says; an error is kept in the
            outcome, not raised.
        run_reference: prepares a reference in its workspace, at one try; raises nothing but `PackshotError`.
        load_model: a background network by name; called once per worker and name.
        model_sha256: of its file; called in the parent, raises `ModelError`.
        prepare: once per worker, before anything else.
    """

    run_image: Callable[[dict[str, Any], Workspace, StageContext, Entered], Outcome]
    run_reference: Callable[[ImageTask, BatchSettings, Workspace, StageContext], object]
    load_model: Callable[[str], MattingModel]
    model_sha256: Callable[[str], str]
    prepare: Callable[[], None]


def _run_image(
    state: dict[str, Any], workspace: Workspace, context: StageContext, entered: Entered
) -> Outcome:
    from packshot.stages.registry import run_all  # noqa: PLC0415 - heavy, and only workers need it

    return run_all(state, workspace, context, entered)


def _run_reference(
    task: ImageTask, settings: BatchSettings, workspace: Workspace, context: StageContext
) -> object:
    from packshot.stages.registry import run_reference  # noqa: PLC0415 - heavy, and only workers need it

    return run_reference(task, settings, workspace, context)


def _load_model(name: str) -> MattingModel:
    from packshot.matting.registry import load_model  # noqa: PLC0415 - heavy, and only workers need it

    return load_model(name)


def _model_sha256(name: str) -> str:
    from packshot.matting.index import verify_model  # noqa: PLC0415 - with the next
    from packshot.matting.registry import find_model  # noqa: PLC0415 - heavy

    entry = find_model(name)
    verify_model(entry)
    return entry.sha256


def _prepare() -> None:
    import packshot.stages.registry  # noqa: F401, PLC0415 - what the first photo would wait for
    from packshot.imaging import process  # noqa: PLC0415 - heavy, and only workers need it

    process.settle()


PRODUCTION: Final = StageCode(_run_image, _run_reference, _load_model, _model_sha256, _prepare)
