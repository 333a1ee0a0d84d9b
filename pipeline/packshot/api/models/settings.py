"""Settings that requests carry, and those that are kept per product group and SKU."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from packshot.api.models.base import Body, Name, View
from packshot.contracts.base import Box, Mode, ModelName
from packshot.contracts.manifest import Scale
from packshot.contracts.preset import Background

PresetName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$", examples=["amazon"])]
Source = Annotated[str, Field(min_length=1, max_length=2048, description="A photo, as rows write it.")]


class PictureSettings(Body):
    """What pictures shall look like; what is left out stays the manifest's, or the preset's.

    Attributes:
        target_size_kb: largest main picture, in units of 1000 bytes.
        model: name of the background network.
    """

    preset: PresetName | None = None
    mode: Mode | None = None
    background: Background | None = None
    target_size_kb: Annotated[int, Field(ge=1, le=100_000)] | None = None
    model: ModelName | None = None


class ReworkRequest(Body):
    """New settings of one image; at least one. What is left out keeps its value.

    Attributes:
        box: the product's box, in pixels of the upright photo.
        angle_deg: the product's turn in the photo, clockwise degrees.
        reference: another photo to align to, as the manifest writes it; an empty text for none.
    """

    mode: Mode | None = None
    background: Background | None = None
    target_size_kb: Annotated[int, Field(ge=1, le=100_000)] | None = None
    model: ModelName | None = None
    box: Box | None = None
    angle_deg: Annotated[float, Field(ge=-180, le=180)] | None = None
    reference: Annotated[str, Field(max_length=2048)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("nothing is to be changed")
        if self.box is not None and not (self.box[2] > 0 and self.box[3] > 0):
            raise ValueError("the box has no area")
        return self


class ConfigScope(StrEnum):
    """What settings are kept for. A SKU's stand above its product group's."""

    PRODUCT_GROUP = "product_group"
    SKU = "sku"


class ConfigBody(PictureSettings):
    """Settings that every later batch takes for these photos, where neither it nor their row says otherwise.

    `preset`, `target_size_kb` and `model` hold for a batch as a whole: they are taken when all its
    photos agree on them, and the batch is refused when they don't.
    """

    reference: Source | None = None
    scale: Scale | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("nothing is set")
        return self


class ConfigView(View):
    """Kept settings; `name` is the product group or the SKU."""

    scope: ConfigScope
    name: Name
    settings: ConfigBody
    updated_at: dt.datetime
    updated_by: str


class ConfigPage(View):
    """Kept settings, by scope and name."""

    items: tuple[ConfigView, ...]
    cursor: str | None
