"""What the stages are handed besides their input: the outside world, as ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from packshot.matting.model import MattingModel
from packshot.ports import Fetcher
from packshot.stages.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StageContext:
    """Ports of one worker, shared by its images.

    Attributes:
        fetcher: reads sources; only detect uses it.
        matting: a background network by name, loaded once per worker.
        reference: the workspace of a reference of the current batch by its id.
    """

    fetcher: Fetcher
    matting: Callable[[str], MattingModel]
    reference: Callable[[str], Workspace]
