"""One photo, now."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from packshot.api.models.base import Id, Name, View
from packshot.api.models.images import ImageDetail
from packshot.api.models.jobs import JobView
from packshot.api.models.settings import PictureSettings, Source


class EnhanceSettings(PictureSettings):
    """How one photo is to be finished, and whose it is."""

    product_group_id: Name = "single"
    sku_id: Name | None = None
    image_type: Annotated[str, Field(min_length=1, max_length=60)] = "primary"
    reference: Source | None = None


class EnhanceUrl(EnhanceSettings):
    """A photo on the web."""

    url: Annotated[
        str,
        Field(
            min_length=9, max_length=2048, pattern=r"^https://\S+$", examples=["https://example.org/mug.jpg"]
        ),
    ]


class EnhanceUpload(EnhanceSettings):
    """A photo that was uploaded."""

    upload_id: Id


class EnhanceFile(EnhanceSettings):
    """How a photo is to be finished that is a request's own body, and what it is called."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["mug.jpg"])] = "photo"


class EnhanceAnswer(View):
    """The job, and the image when it is finished; a photo that can't be used is a failed image."""

    job: JobView
    image: ImageDetail | None
