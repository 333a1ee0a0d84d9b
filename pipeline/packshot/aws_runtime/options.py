"""What a batch on AWS is asked to do: from the manifest, the file beside it, and the object's metadata."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from packshot.contracts.base import DEFAULT_MODEL
from packshot.contracts.preset import Preset
from packshot.contracts.task import BatchSettings
from packshot.errors import ManifestError, SettingsError
from packshot.manifests.batch_options import batch_options_of
from packshot.presets import load_preset
from packshot.presets.loader import DEFAULT_PRESET, preset_of

_OF_BATCH: Final = ("preset", "reference")
_OPTIONS: Final = ("mode", "background", "target_size_kb", "model")


def beside_of(data: bytes, key: str) -> dict[str, Any]:
    """The options in `NAME.options.json`, of the form that a JSON manifest has beside its images.

    Raises:
        ManifestError: manifest_unreadable.
        SettingsError: option_invalid.
    """
    try:
        content = json.loads(data)
    except ValueError as error:
        raise ManifestError("manifest_unreadable", reason=f"{key}: {error}") from error
    if not isinstance(content, dict):
        raise ManifestError("manifest_unreadable", reason=f"{key}: it is no JSON object")
    return batch_options_of(content)


def metadata_of(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The options in an object's metadata: preset, reference, mode, background, target-size-kb, model.

    Other metadata is none of our business.

    Raises:
        SettingsError: option_invalid.
    """
    given = {name.lower().replace("-", "_"): value for name, value in metadata.items()}
    said: dict[str, Any] = {name: given[name] for name in _OF_BATCH if name in given}
    said["options"] = {name: given[name] for name in _OPTIONS if name in given}
    return batch_options_of(said)


def settings_of(today: dt.date, *said: Mapping[str, Any], model: str = DEFAULT_MODEL) -> BatchSettings:
    """The batch's settings; what is said later stands above what is said before.

    Args:
        today: by which the marketplaces' rules are judged.
        said: `preset`, `reference` and `options`, from each place that may say any.
        model: the stack's background network, where neither the options nor the preset name one.

    Raises:
        SettingsError: preset_unknown, preset_invalid, option_invalid.
    """
    of_batch: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for one in said:
        of_batch |= {name: one[name] for name in _OF_BATCH if name in one}
        options |= one.get("options") or {}
    preset = _preset(of_batch.get("preset") or DEFAULT_PRESET)
    values = {"reference": of_batch.get("reference"), "as_of": today, **options}
    values.setdefault("model", preset.model or model)
    try:
        return BatchSettings(preset=preset, **values)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0])
        raise SettingsError(
            "option_invalid", option=option, value=repr(first["input"])[:100], reason=first["msg"]
        ) from error


def _preset(said: object) -> Preset:
    """A packaged preset by its name, or a whole one as `packshot submit` sends a seller's own."""
    if isinstance(said, Mapping):
        return preset_of(said, str(said.get("name", "of the manifest"))[:100])
    name = str(said)
    if "/" in name or name.endswith(".json"):
        # A path would be one of the function's own file system.
        reason = "only packaged presets can be named here"
        raise SettingsError("option_invalid", option="preset", value=name[:100], reason=reason)
    return load_preset(name)
