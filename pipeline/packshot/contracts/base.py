"""What all contracts share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints


class Contract(BaseModel):
    """A frozen shape that refuses unknown fields, so that a misspelt one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


#: Box [x, y, w, h] in pixels; floats, since boxes come out of resampled masks. Python reads NaN and Infinity
#: out of JSON, but what is kept of them is null: a record could not be read again.
Box = Annotated[
    tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat],
    Field(description="x, y, width, height in pixels"),
]
#: 2x3 matrix, row by row: x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5; pixel centres are whole numbers.
Matrix = Annotated[
    tuple[float, float, float, float, float, float], Field(description="2x3 matrix, row by row")
]
#: A share between 0 and 1.
Share = Annotated[float, Field(ge=0.0, le=1.0)]
MODEL_NAME: Final = r"^[a-z0-9][a-z0-9._-]{0,60}$"
#: Name of a background network.
ModelName = Annotated[str, StringConstraints(pattern=MODEL_NAME)]
#: The background network that is in the package.
DEFAULT_MODEL: Final = "packshot-matte"


class Status(StrEnum):
    """Where the work on an image or a batch stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class QcStatus(StrEnum):
    """What quality control says of a finished image."""

    PENDING = "pending"
    AUTO_APPROVED = "auto_approved"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    REJECTED = "rejected"

    @property
    def delivered(self) -> bool:
        """True when the pictures belong into the catalogue."""
        return self in (QcStatus.AUTO_APPROVED, QcStatus.APPROVED)


class Mode(StrEnum):
    """Which enhancements run; it governs enhance (and the warp's enlargement) only."""

    AUTO = "auto"
    FULL = "full"
    SHARPEN = "sharpen"
    DENOISE = "denoise"
    UPSCALE = "upscale"
    OPTIMIZE = "optimize"
    NONE = "none"


#: What a person can do with a finished image.
ReviewAction = Literal["approve", "reject", "undo"]


class ReviewReason(StrEnum):
    """Why a person should look at an image. Each comes from a measured fact, never from a guess."""

    LOW_CONFIDENCE = "low_confidence"
    SEVERAL_PRODUCTS = "several_products"
    TOUCHES_EDGE = "touches_edge"
    LOW_RESOLUTION = "low_resolution"
    ENLARGED = "enlarged"
    ANIMATED_SOURCE = "animated_source"
    REFERENCE_UNUSABLE = "reference_unusable"
    ALIGNMENT_UNCERTAIN = "alignment_uncertain"
    DIFFERENT_PACKAGE = "different_package"
    BACKGROUND_UNCERTAIN = "background_uncertain"
    GROUND_EXTENDED = "ground_extended"
    UNDEREXPOSED = "underexposed"
    LOW_SCORE = "low_score"
    REQUIRED_RULE_FAILED = "required_rule_failed"
