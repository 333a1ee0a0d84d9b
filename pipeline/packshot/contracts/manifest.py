"""Rows of a manifest, and what can be wrong with one."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from pydantic import Field

from packshot.contracts.base import Contract, Mode

#: Something with a scheme, of more than the one letter of a Windows drive.
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")


class Scale(StrEnum):
    """How big other products of a group stand beside its reference."""

    OWN = "own"
    """The preset's fill (default)."""
    SHARED = "shared"
    """The reference's pixels per source pixel: they were shot at the same distance."""


class ManifestRow(Contract):
    """One source photo of one SKU.

    Attributes:
        line: line of the manifest, counted from 1 (of the first line of a quoted row); 0 for a folder.
        product_group_id, sku_id, image_type: identity of the picture; image_type as `primary`, `side`.
        image_url: the source as written: a path, file, https or s3 address.
        reference: another photo's source as written, or None for the batch's.
        mode, background: None for the batch's.
        scale: how big the product stands beside its reference.
    """

    line: int = Field(ge=0)
    product_group_id: str = Field(min_length=1, max_length=300)
    sku_id: str = Field(min_length=1, max_length=300)
    image_url: str = Field(min_length=1, max_length=2048)
    image_type: str = Field(default="primary", min_length=1, max_length=60)
    reference: str | None = None
    mode: Mode | None = None
    background: str | None = None
    scale: Scale = Scale.OWN


class RowError(Contract):
    """What is wrong with one row: `code` and `message` as in `packshot.errors`.

    Attributes:
        row: counts the rows from 1, and is equal for several errors of one row; 0 when it has but one.
            (JSON may have many rows on a line, a folder has no lines at all.)
    """

    line: int
    row: int = 0
    column: str | None
    code: str
    message: str


def shown(source: str) -> str:
    """A source for messages and logs: without a password or a signature, and not endless."""
    text = re.sub(r"(?<=//)[^/?#]*@", "…@", source)
    text = re.sub(r"[?#].*", "?…", text) if _ADDRESS.match(text) else text
    text = "".join(char if char.isprintable() else "?" for char in text[:400])
    return text if len(text) <= 200 else text[:199] + "…"
