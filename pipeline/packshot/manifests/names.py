"""Names of delivered files: the preset's template, filled with values that any file system takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final, Protocol

from packshot.contracts.preset import Format, Preset
from packshot.errors import SettingsError
from packshot.presets.name_template import Parts, Template, allowed, taken_apart

#: Bytes of one path component: 255 are allowed by most file systems, 143 by encrypted folders.
#: The rest is left for the endings of temporary files.
MAX_COMPONENT_BYTES: Final = 120

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-]*")
#: Device names of Windows, also with an ending behind them.
_RESERVED: Final = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?=\.|$)", re.IGNORECASE)


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


@lru_cache(maxsize=32)
def compiled(template: str, preset_name: str = "") -> Template:
    """A preset's name template, taken apart.

    Raises:
        SettingsError: `preset_invalid`, in words.
    """
    try:
        return taken_apart(template)
    except ValueError as error:
        raise SettingsError("preset_invalid", name=preset_name, reason=f"name_template: {error}") from error


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
    return " ".join(allowed(unicodedata.normalize("NFC", value)).split()) or "_"


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
