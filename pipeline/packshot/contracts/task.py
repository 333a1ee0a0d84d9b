"""What is asked for: the batch's settings and one image's task."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from packshot.contracts.base import DEFAULT_MODEL, Box, Contract, Mode
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Background, Preset


class BatchSettings(Contract):
    """The options of a batch, with the preset resolved (no `extends` left to look up).

    Attributes:
        background: None for the preset's.
        target_size_kb: byte budget of the `main` rendition, or None for the preset's.
        model: name of the background network; by default the preset's, or else the package's own.
        reference: source as written of the batch's reference photo, or None.
        as_of: the day on which the rules are judged; the batch's, so that a resumed run agrees.
    """

    preset: Preset
    mode: Mode = Mode.AUTO
    background: Background | None = None
    target_size_kb: int | None = Field(default=None, ge=1)
    model: str = Field(default_factory=lambda said: said["preset"].model or DEFAULT_MODEL)
    reference: str | None = None
    as_of: dt.date


class Overrides(Contract):
    """What a person sets by hand for one image (rework); None leaves the batch's value.

    Attributes:
        box: the product's box in pixels of the upright source; detect keeps only what lies in it.
        angle_deg: clockwise angle of the product in the source; align turns it back by that much.
        reference: another reference, as written; an empty text for none.
    """

    mode: Mode | None = None
    background: Background | None = None
    target_size_kb: int | None = Field(default=None, ge=1)
    model: str | None = None
    box: Box | None = None
    angle_deg: float | None = Field(default=None, ge=-180, le=180)
    reference: str | None = None


class ImageTask(Contract):
    """One image to work on.

    Attributes:
        source: the resolved source: an absolute path, https or s3 address.
        reference_id: of the reference it is aligned to, or None.
        reference_unusable: the batch's reference failed; the preset's pose stands and a person is told.
        is_reference: this photo is its own reference.
    """

    batch_id: str
    image_id: str
    revision: int = Field(default=0, ge=0)
    row: ManifestRow
    source: str
    reference_id: str | None = None
    reference_unusable: bool = False
    is_reference: bool = False
    overrides: Overrides = Overrides()


def effective_mode(task: ImageTask, settings: BatchSettings) -> Mode:
    """The mode of one image: by hand, else the row's, else the batch's."""
    return task.overrides.mode or task.row.mode or settings.mode


def effective_background(task: ImageTask, settings: BatchSettings) -> str:
    """The background of one image: by hand, else the row's, the batch's, the preset's."""
    return (
        task.overrides.background or task.row.background or settings.background or settings.preset.background
    )


def effective_model(task: ImageTask, settings: BatchSettings) -> str:
    """The background network of one image: by hand, else the batch's."""
    return task.overrides.model or settings.model


def effective_target_kb(task: ImageTask, settings: BatchSettings) -> int | None:
    """The main rendition's budget: by hand, else the batch's; None leaves the preset's."""
    return task.overrides.target_size_kb or settings.target_size_kb
