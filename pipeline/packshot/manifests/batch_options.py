"""What a JSON manifest says for all of its images."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field, ValidationError

from packshot.contracts.base import Contract, Mode
from packshot.contracts.preset import Background
from packshot.errors import ManifestError, SettingsError

#: Keys beside `images`; `$schema` is for editors.
_KEYS: Final = ("preset", "reference", "options", "$schema")


class ManifestOptions(Contract):
    """The `options` of a JSON manifest; what the command line says stands above them."""

    mode: Mode | None = None
    background: Background | None = None
    target_size_kb: int | None = Field(default=None, ge=1)
    model: str | None = Field(default=None, min_length=1, max_length=100)


def batch_options_of(beside: dict[str, Any]) -> dict[str, Any]:
    """`preset`, `reference` (texts) and `options` (a dict of checked values), as far as given.

    Raises:
        ManifestError: `manifest_unreadable` for a key that is not known.
        SettingsError: `option_invalid` for a value that can't be used.
    """
    unknown = [key for key in beside if key not in _KEYS]
    if unknown:
        raise ManifestError(
            "manifest_unreadable",
            reason=f"it has a key {unknown[0][:60]!r} beside images; there are preset, reference, options",
        )
    result: dict[str, Any] = {}
    for key in ("preset", "reference"):
        value = beside.get(key)
        if value is None:
            continue
        if not isinstance(value, str) or not value.strip():
            raise SettingsError(
                "option_invalid", option=key, value=repr(value)[:100], reason="it is not a text"
            )
        result[key] = value.strip()
    if beside.get("options") is not None:
        result["options"] = _options(beside["options"])
    return result


def _options(value: Any) -> dict[str, Any]:
    try:
        return ManifestOptions.model_validate(value).model_dump(exclude_none=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("options", *first["loc"]))
        raise SettingsError(
            "option_invalid", option=where, value=repr(first["input"])[:100], reason=first["msg"]
        ) from error
