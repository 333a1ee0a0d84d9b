"""What this server is, what it takes, and who is asking."""

from __future__ import annotations

from enum import StrEnum

from packshot.api.models.base import View
from packshot.contracts.base import Mode, ReviewReason
from packshot.contracts.preset import Canvas, RenditionSpec, Rule, Thresholds


class Role(StrEnum):
    """What a caller may do; each includes the one before."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    OPERATOR = "operator"


class CallerView(View):
    """Who is asking."""

    name: str
    roles: tuple[Role, ...]


class ReasonWord(View):
    """A review reason in words."""

    reason: ReviewReason
    title: str
    sentence: str


class About(View):
    """What this server is and takes."""

    version: str
    caller: CallerView
    picture_types: tuple[str, ...]
    manifest_types: tuple[str, ...]
    max_picture_bytes: int
    max_manifest_bytes: int
    max_megapixels: int
    modes: tuple[Mode, ...]
    default_preset: str
    models: tuple[str, ...]
    reasons: tuple[ReasonWord, ...]
    enhance_wait_s: float


class PresetView(View):
    """What finished pictures of a preset look like."""

    name: str
    title: str
    version: str
    canvas: Canvas
    background: str
    shadow: bool
    never_enlarge: bool
    max_products: int
    name_template: str
    renditions: tuple[RenditionSpec, ...]
    thresholds: Thresholds
    rules: tuple[Rule, ...]


class PresetList(View):
    """The presets, by name."""

    items: tuple[PresetView, ...]


class Health(View):
    """The server answers."""

    status: str = "ok"
