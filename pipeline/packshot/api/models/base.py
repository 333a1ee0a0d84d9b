"""What all bodies and views share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

#: Ids of batches, images, jobs and the like; nothing else comes near a file or a key.
Id = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", examples=["batch-0a1b2c3d4e5f60718293"])
]
#: Free text from people.
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
#: A path of this API or an address elsewhere; follow it, don't take it apart.
Link = Annotated[str, Field(description="Path on this server or full address; follow it as it is.")]
Score = Annotated[float, Field(ge=0, le=100)]


class View(BaseModel):
    """Something that goes out. All fields are always there."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Body(BaseModel):
    """Something that comes in. Unknown fields are refused, so that a misspelt one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldProblem(View):
    """What is wrong with one field of a request; `at` is its place, as `body.rows.0.sku_id`."""

    at: str
    message: str


class Problem(View):
    """An error, as RFC 9457 shapes it.

    Attributes:
        type: `urn:packshot:problem:` and the code.
        title: what kind of error it is, equal for every occurrence.
        status: the HTTP status.
        detail: a sentence for people.
        instance: path of the request.
        code: the stable code, the same as on the command line and in records.
        retryable: the same request may succeed later.
        fields: what is wrong with each field, for `request_invalid`.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    retryable: bool = False
    fields: tuple[FieldProblem, ...] = ()
