"""Finds a preset by name or path, resolves what it `extends`, and validates it.

Merging is by object: keys of the child stand, objects (`canvas`, `thresholds`, `type_names`) are
merged key by key, lists (`renditions`, `rules`) are replaced whole. `name`, `title` and `version`
are a preset's own and never inherited.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from packshot.contracts.preset import Preset
from packshot.errors import SettingsError
from packshot.presets.checks import problems

DEFAULT_PRESET: Final = "studio"

#: A preset is a page of text; a bigger file is something else.
MAX_BYTES: Final = 1_000_000
_MAX_CHAIN: Final = 8
_OWN_KEYS: Final = ("name", "title", "version")
#: `$schema` is for editors; `extends` has been followed.
_NOT_DATA: Final = ("$schema", "extends")

#: The text of a preset's file by its path; raises OSError as `open` does.
Read = Callable[[str], str]


def _read_file(path: str) -> str:
    with Path(path).open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"the file has more than {MAX_BYTES} bytes")
    return data.decode("utf-8-sig")


def list_presets() -> tuple[str, ...]:
    """Names of the packaged presets, sorted."""
    folder = resources.files("packshot.presets")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".json")))


def load_preset(name: str, *, read: Read = _read_file) -> Preset:
    """A preset with everything it extends resolved.

    Args:
        name: a packaged preset's name, or the path of a JSON file (it has a slash, or ends in `.json`).
        read: gives the text of a file by its path.

    Raises:
        SettingsError: `preset_unknown`, or `preset_invalid` with the field that is wrong.
    """
    return preset_of(_resolved(name, read, chain=()), name)


def preset_of(values: Mapping[str, Any], name: str) -> Preset:
    """The preset in a resolved JSON object, checked.

    Args:
        values: as `packshot presets show --json` prints them.
        name: for messages.

    Raises:
        SettingsError: `preset_invalid` with the field that is wrong.
    """
    try:
        preset = Preset.model_validate(values)
    except ValidationError as error:
        raise SettingsError("preset_invalid", name=name, reason=_fields_of(error)) from error
    found = problems(preset)
    if found:
        raise SettingsError("preset_invalid", name=name, reason="; ".join(found))
    return preset


def _resolved(name: str, read: Read, chain: tuple[str, ...]) -> dict[str, Any]:
    if name in chain or len(chain) >= _MAX_CHAIN:
        way = " -> ".join((*chain, name))
        raise SettingsError("preset_invalid", name=chain[0], reason=f"extends: it never ends ({way})")
    own = _parsed(name, _text(name, read))
    parent_name = own.get("extends")
    values = {key: value for key, value in own.items() if key not in _NOT_DATA}
    if parent_name is None:
        return values
    if not isinstance(parent_name, str):
        raise SettingsError("preset_invalid", name=name, reason="extends: it must be a text")
    parent = _resolved(_beside(name, parent_name), read, (*chain, name))
    inherited = {key: value for key, value in parent.items() if key not in _OWN_KEYS}
    return _merged(inherited, values)


def _is_path(name: str) -> bool:
    return name.endswith(".json") or "/" in name or "\\" in name


def _beside(child: str, parent: str) -> str:
    """A parent's path is meant from the child's folder; a packaged name is just a name."""
    if not _is_path(parent) or not _is_path(child):
        return parent
    return str(Path(child).parent / parent)


def _text(name: str, read: Read) -> str:
    if not _is_path(name):
        if name not in list_presets():
            raise SettingsError("preset_unknown", name=name, known=", ".join(list_presets()))
        return resources.files("packshot.presets").joinpath(f"{name}.json").read_text("utf-8")
    try:
        return read(name)
    except FileNotFoundError as error:
        raise SettingsError("preset_unknown", name=name, known=", ".join(list_presets())) from error
    except OSError as error:
        raise SettingsError("preset_invalid", name=name, reason=error.strerror or str(error)) from error
    except ValueError as error:  # not UTF-8, or too large
        raise SettingsError("preset_invalid", name=name, reason=str(error)) from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise SettingsError("preset_invalid", name=name, reason=f"it is no JSON ({error})") from error
    if not isinstance(values, dict):
        raise SettingsError("preset_invalid", name=name, reason="it is no JSON object")
    return values


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)} stands there twice")
    return values


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON number")


def _merged(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    result = dict(parent)
    for key, value in child.items():
        below = result.get(key)
        result[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def _fields_of(error: ValidationError) -> str:
    """Each fault as `renditions.0.format: what is wrong`, the first five of them."""
    faults = error.errors(include_url=False)
    texts = []
    for fault in faults[:5]:
        place = ".".join(str(part) for part in fault["loc"]) or "preset"
        texts.append(f"{place}: {fault['msg'].removeprefix('Value error, ')}")
    if len(faults) > len(texts):
        texts.append(f"and {len(faults) - len(texts)} more")
    return "; ".join(texts)
