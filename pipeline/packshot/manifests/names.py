"""Names of delivered files: the preset's template, filled with values that any file system takes."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from packshot.contracts.preset import Format, Preset
from packshot.errors import SettingsError

#: Bytes of one path component: 255 are allowed by most file systems, 143 by encrypted folders.
#: The rest is left for the endings of temporary files.
MAX_COMPONENT_BYTES: Final = 120
FIELDS: Final = frozenset({"product_group", "sku", "type", "rendition", "ext"})

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-]*")
_FORBIDDEN: Final = re.compile(r'[/\\:*?"<>|]')
#: Device names of Windows, also with an ending behind them.
_RESERVED: Final = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_LITERAL_ENDING: Final = re.compile(r"\.(jpe?g|png|webp|avif)$", re.IGNORECASE)


class Identity(Protocol):
    """What names a picture; a manifest row and an image record both have it."""

    @property
    def product_group_id(self) -> str: ...  # named by the contract
    @property
    def sku_id(self) -> str: ...  # named by the contract
    @property
    def image_type(self) -> str: ...  # named by the contract


class RenditionName(Protocol):
    """What names a rendition; the preset's specification and the finished file both have it."""

    @property
    def name(self) -> str: ...  # named by the contract
    @property
    def format(self) -> Format: ...  # named by the contract


def delivery_path(row: Identity, rendition: RenditionName, preset: Preset) -> str:
    """Path of an output file under `catalogue/` or `review/`, `/`-separated, safe on any file system.

    A template without `{rendition}` names the main file; the others get its name in a folder
    called after the rendition. A template without `{ext}` gets the format's ending.

    Raises:
        SettingsError: `preset_invalid` when the template can't be filled.
    """
    template = compiled(preset.name_template, preset.name)
    values = {
        "product_group": _value(row.product_group_id),
        "sku": _value(row.sku_id),
        "type": _value(preset.type_names.get(row.image_type, row.image_type)),
        "rendition": rendition.name,
        "ext": rendition.format.extension,
    }
    folders, name = template.folders, template.name
    if not template.names_rendition and rendition.name != "main":
        folders = (*folders, ((rendition.name, None),))
    return "/".join(_component(parts, values) for parts in (*folders, name))


def collision_key(path: str) -> str:
    """Equal for paths that are one file somewhere: case, and composed or decomposed letters."""
    return path if path.isascii() and path.islower() else _folded(path)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


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


@lru_cache(maxsize=32)
def compiled(template: str, preset_name: str = "") -> Template:
    """Takes a name template apart.

    Raises:
        SettingsError: `preset_invalid`: unknown fields, empty components, no field at all.
    """
    text = template if "{ext}" in template else _LITERAL_ENDING.sub("", template) + ".{ext}"
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise _invalid(preset_name, f"its name_template: {error}") from error
    components: list[list[tuple[str, str | None]]] = [[]]
    for literal, field, spec, conversion in parsed:
        if field is not None and (field not in FIELDS or spec or conversion):
            known = ", ".join(sorted(FIELDS))
            raise _invalid(preset_name, f"its name_template has a field {{{field}}}; there are {known}")
        *whole, last = literal.split("/")
        for piece in whole:
            components[-1].append((piece, None))
            components.append([])
        components[-1].append((last, field))
    cleaned = [tuple(pair for pair in parts if pair != ("", None)) for parts in components]
    if not all(cleaned) or template.endswith("/"):
        raise _invalid(preset_name, "its name_template begins or ends with / or has // in it")
    if any(_allowed(literal) != literal for parts in cleaned for literal, _ in parts):
        raise _invalid(preset_name, "its name_template holds characters that can't stand in file names")
    fields = [field for parts in cleaned for _, field in parts]
    if "sku" not in fields and "product_group" not in fields:
        raise _invalid(preset_name, "its name_template has neither {sku} nor {product_group}")
    return Template(
        folders=tuple(cleaned[:-1]),
        name=cleaned[-1],
        names_rendition="rendition" in fields,
        one_name_each="rendition" not in fields or any(_tells_rendition(parts) for parts in cleaned),
    )


def _invalid(preset_name: str, reason: str) -> SettingsError:
    return SettingsError("preset_invalid", name=preset_name, reason=reason)


def _tells_rendition(parts: Parts) -> bool:
    """True when the rendition can be read back from the component: alone, or before the ending.

    Rendition names hold no dot, so `….{rendition}.{ext}` is read from its end without doubt.
    """
    fields = [field for _, field in parts]
    if fields == ["rendition"]:
        return True
    return fields[-2:] == ["rendition", "ext"] and parts[-2][0].endswith(".") and parts[-1][0] == "."


def _component(parts: Parts, values: dict[str, str]) -> str:
    text = ""
    for literal, field in parts:
        text += literal + values[field] if field else literal
    if _PLAIN.match(text) and text.isascii() and len(text) <= MAX_COMPONENT_BYTES and text[-1] not in ". ":
        return "_" + text if _RESERVED.match(text) else text
    return _safe_component(text)


def _value(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else _safe_value(value)


def _safe_value(value: str) -> str:
    """A value without separators, control and invisible characters, in composed form."""
    return " ".join(_allowed(unicodedata.normalize("NFC", value)).split()) or "_"


def _allowed(text: str) -> str:
    text = _FORBIDDEN.sub("-", text)
    # Categories C*: control, format (also the marks that turn the direction of text), surrogates, unassigned.
    return "".join("-" if unicodedata.category(char)[0] == "C" else char for char in text)


def _safe_component(text: str) -> str:
    """Not hidden, not `..`, no ending that Windows drops, no device name, not too long."""
    stripped = text.lstrip(".")
    text = "_" * (len(text) - len(stripped)) + stripped
    stripped = text.rstrip(". ")
    text = stripped + "_" * (len(text) - len(stripped))
    if _RESERVED.match(text):
        text = "_" + text
    return text if len(text.encode()) <= MAX_COMPONENT_BYTES else _shortened(text)


def _shortened(text: str) -> str:
    """Cut to the limit, with a hash of the whole in place of what is gone; the endings stay."""
    digest = "~" + hashlib.sha256(text.encode()).hexdigest()[:12]
    ending = re.search(r"(\.[A-Za-z0-9_-]{1,31}){0,2}$", text)
    kept = ending.group() if ending else ""
    room = MAX_COMPONENT_BYTES - len(digest) - len(kept.encode())
    head = text.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return head + digest + kept
