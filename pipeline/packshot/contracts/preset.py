"""What a finished picture must look like."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from packshot.contracts.base import Contract, ModelName, Share
from packshot.contracts.limits import MAX_PIXELS

#: white, transparent, keep, or #RRGGBB.
Background = Annotated[str, StringConstraints(pattern=r"^(white|transparent|keep|#[0-9A-Fa-f]{6})$")]


class Format(StrEnum):
    """File formats of renditions."""

    JPEG = "jpeg"
    WEBP = "webp"
    AVIF = "avif"
    PNG = "png"

    @property
    def extension(self) -> str:
        """The file name's ending, without the dot."""
        return "jpg" if self is Format.JPEG else self.value

    @property
    def lossless(self) -> bool:
        """True for a format whose bytes no quality changes."""
        return self is Format.PNG


class Canvas(Contract):
    """Size of the finished picture in pixels; the product's pose on it.

    Attributes:
        width, height: pixels; together no more than a photo may have.
        fill: longer side of the product's box over the canvas side in the same direction.
        baseline: y of the product's lowest point over the height, or None to centre it.
    """

    width: int = Field(ge=16, le=10_000)
    height: int = Field(ge=16, le=10_000)
    fill: float = Field(default=0.85, gt=0.05, le=1.0)
    baseline: float | None = Field(default=None, gt=0.0, le=1.0)

    @model_validator(mode="after")
    def _can_be_read_again(self) -> Canvas:
        if self.width * self.height > MAX_PIXELS:
            raise ValueError(f"it has more than {MAX_PIXELS // 1_000_000} megapixels")
        return self


class RenditionSpec(Contract):
    """One output file.

    Attributes:
        name: its word in file names: `main`, `web`, `thumb`.
        longest_side: pixels of the longer side; None for the canvas size.
        target_kb: byte budget in units of 1000 bytes; None for no budget. `main` follows `--target-size-kb`.
        max_quality, min_quality: encoder quality is searched between them; below the lower one the
            rendition shrinks instead, down to `min_side`, and then fails by name.
        transparent: keeps the alpha instead of the background.
        pixels: for pixelated previews: blocks along the longer side, blown up by nearest neighbour.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,30}$")]
    format: Format
    longest_side: int | None = Field(default=None, ge=8, le=10_000)
    target_kb: int | None = Field(default=None, ge=1)
    max_quality: int = Field(default=95, ge=1, le=100)
    min_quality: int = Field(default=60, ge=1, le=100)
    min_side: int = Field(default=100, ge=8)
    transparent: bool = False
    pixels: int | None = Field(default=None, ge=2, le=256)

    @model_validator(mode="after")
    def _sane(self) -> RenditionSpec:
        if self.min_quality > self.max_quality:
            raise ValueError("min_quality is above max_quality")
        if self.transparent and self.format is Format.JPEG:
            raise ValueError("a JPEG can't be transparent")
        return self


class Measure(StrEnum):
    """What a rule can measure, on the decoded final `main` file unless said otherwise."""

    LONGEST_SIDE = "longest_side_px"
    SHORTEST_SIDE = "shortest_side_px"
    MEGAPIXELS = "megapixels"
    FILE_MB = "file_mb"
    ASPECT_RATIO = "aspect_ratio"
    WHITE_GROUND = "white_ground"
    """Share of ground pixels that hold the design's white rule."""
    FILL_LONG = "fill_long"
    """Longer side of the product's box over the frame's longer side."""
    FILL_AREA = "fill_area"
    BORDER = "border"
    """1 when a drawn frame or border line is seen, else 0."""
    ENLARGED = "enlarged"
    """1 when the product was enlarged, else 0."""


class Rule(Contract):
    """One demand of a marketplace.

    Attributes:
        id: stable name, for example `amazon.longest_side`.
        measure: what is measured; `minimum` and `maximum` bound it, both inclusive.
        level: required fails the picture, advised only tells.
        required_from: an advised rule that becomes required on this day.
        image_types: the image types it holds for; empty for all.
        fix: a sentence for the seller.
        source, dated: where the rule stands, and the day as of which it is given.
    """

    id: str
    measure: Measure
    level: Literal["required", "advised"]
    minimum: float | None = None
    maximum: float | None = None
    required_from: dt.date | None = None
    image_types: tuple[str, ...] = ()
    fix: str
    source: str
    dated: dt.date


class Thresholds(Contract):
    """Where doubt begins.

    Attributes:
        approve_score: auto-approval needs a score above it (0-100).
        min_confidence: below it the product's mask is `low_confidence`.
        no_product_confidence: below it the photo is `no_product_found`.
        min_coverage: share of the photo below which a product is too small to work on.
        max_residual_px: median residual on the canvas above which an alignment is uncertain.
    """

    approve_score: float = Field(default=75.0, ge=0, le=100)
    min_confidence: Share = 0.6
    no_product_confidence: Share = 0.25
    min_coverage: Share = 0.002
    max_residual_px: float = Field(default=3.0, gt=0)


class Preset(Contract):
    """What a finished picture must look like; `presets/*.json` in the package, or a user's file.

    Attributes:
        version: of the preset's data, free text; recorded with every image.
        extends: name of a preset whose values stand unless given here (resolved when loaded).
        background: ground of the opaque renditions.
        model: the background network, where a batch names none; None leaves it to whoever runs the batch.
        shadow: keep a soft contact shadow under the product.
        never_enlarge: the canvas shrinks instead of the product growing.
        max_products: more of them are a review reason.
        name_template: path under `catalogue/`, from {product_group} {sku} {type} {rendition} {ext}.
        type_names: words for image types in file names, for example primary -> MAIN.
        rules: the marketplace's demands.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
    title: str
    version: str
    extends: str | None = None
    canvas: Canvas
    background: Background = "white"
    model: ModelName | None = None
    shadow: bool = False
    never_enlarge: bool = False
    max_products: int = Field(default=1, ge=1)
    renditions: tuple[RenditionSpec, ...] = Field(min_length=1)
    name_template: str = "{product_group}/{sku}/{sku}.{type}.{rendition}.{ext}"
    type_names: dict[str, str] = Field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Preset:
        names = [rendition.name for rendition in self.renditions]
        if len(set(names)) != len(names):
            raise ValueError("two renditions have one name")
        if "main" not in names:
            raise ValueError("a rendition called main is needed")
        return self
