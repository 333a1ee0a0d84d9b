"""Templates of file names: taken apart, and what can be wrong with one."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass
from typing import Final

FIELDS: Final = ("product_group", "sku", "type", "rendition", "ext")

_FORBIDDEN: Final = re.compile(r'[/\\:*?"<>|]')
_LITERAL_ENDING: Final = re.compile(r"\.(jpe?g|png|webp|avif)$", re.IGNORECASE)

Parts = tuple[tuple[str, str | None], ...]
"""One component of a template: literal text, each followed by a field or nothing."""


@dataclass(frozen=True, slots=True)
class Template:
    """A name template, taken apart.

    Attributes:
        folders, name: components as (literal, field) pairs.
        names_rendition: the template has {rendition}.
        one_name_each: no two renditions of different pictures can get one name, so that comparing
            the main files is enough to find all collisions.
    """

    folders: tuple[Parts, ...]
    name: Parts
    names_rendition: bool
    one_name_each: bool


def taken_apart(template: str) -> Template:
    """Takes a name template apart; one without {ext} gets the format's ending.

    Raises:
        ValueError: in words: unknown fields, empty components, signs that no name takes, no {sku}.
    """
    text = template if "{ext}" in template else _LITERAL_ENDING.sub("", template) + ".{ext}"
    cleaned = [tuple(pair for pair in parts if pair != ("", None)) for parts in _components(text)]
    if not all(cleaned) or template.endswith("/"):
        raise ValueError("it begins or ends with / or has // in it")
    if any(allowed(literal) != literal for parts in cleaned for literal, _ in parts):
        raise ValueError("it holds characters that can't stand in file names")
    fields = [field for parts in cleaned for _, field in parts]
    if "sku" not in fields:
        raise ValueError("{sku} is missing, so that all photos would take one name")
    return Template(
        folders=tuple(cleaned[:-1]),
        name=cleaned[-1],
        names_rendition="rendition" in fields,
        one_name_each="rendition" not in fields or any(_tells_rendition(parts) for parts in cleaned),
    )


def allowed(text: str) -> str:
    """A text with a hyphen for each sign that some file system does not take in a name."""
    text = _FORBIDDEN.sub("-", text)
    # Categories C*: control, format (also the marks that turn the direction of text), surrogates, unassigned.
    return "".join("-" if unicodedata.category(char)[0] == "C" else char for char in text)


def _components(text: str) -> list[list[tuple[str, str | None]]]:
    components: list[list[tuple[str, str | None]]] = [[]]
    for literal, field, spec, conversion in string.Formatter().parse(text):
        if field is not None and (field not in FIELDS or spec or conversion):
            words = ", ".join("{" + word + "}" for word in FIELDS)
            raise ValueError(f"only {words} can stand in braces, without format")
        *whole, last = literal.split("/")
        for piece in whole:
            components[-1].append((piece, None))
            components.append([])
        components[-1].append((last, field))
    return components


def _tells_rendition(parts: Parts) -> bool:
    """True when the rendition can be read back from the component: alone, or before the ending.

    Rendition names hold no dot, so `….{rendition}.{ext}` is read from its end without doubt.
    """
    fields = [field for _, field in parts]
    if fields == ["rendition"]:
        return True
    return fields[-2:] == ["rendition", "ext"] and parts[-2][0].endswith(".") and parts[-1][0] == "."
