"""From a request and the manifest's own options to the batch's settings; which changes are refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import posixpath
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from packshot.adapters.local.database import Database
from packshot.contracts.base import Mode
from packshot.contracts.task import BatchSettings
from packshot.errors import SettingsError
from packshot.local.request import RunRequest
from packshot.manifests.source import Manifest
from packshot.presets import DEFAULT_PRESET, load_preset

_META: Final = "options"


def settings_of(request: RunRequest, manifest: Manifest, today: dt.date) -> BatchSettings:
    """The batch's settings: the command line's, else the manifest's, else the defaults.

    Raises:
        SettingsError: preset_unknown, preset_invalid, option_invalid.
    """
    said = manifest.batch_options
    options: dict[str, Any] = dict(said.get("options") or {})
    for name in ("mode", "background", "target_size_kb", "model"):
        value = getattr(request, name)
        if value is not None:
            options[name] = value
    reference = request.reference if request.reference is not None else said.get("reference")
    preset = load_preset(request.preset or said.get("preset") or DEFAULT_PRESET)
    if request.shelf is not None:
        preset = preset.model_copy(update={"name_template": f"{request.shelf}/{preset.name_template}"})
    try:
        return BatchSettings(
            preset=preset,
            mode=options.pop("mode", Mode.AUTO),
            reference=_as_in_manifest(reference, request, manifest),
            as_of=today,
            **options,
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(
            "option_invalid", option=name, value=repr(first["input"])[:100], reason=first["msg"]
        ) from error


def _as_in_manifest(reference: str | None, request: RunRequest, manifest: Manifest) -> str | None:
    """The reference as the manifest's rows write their sources, so that its own row is recognised.

    A person at a prompt names a file from where they stand; the manifest's rows start at its folder.
    """
    if not reference or request.reference is None or "://" in reference or not manifest.base.local:
        return reference or None
    base, typed = Path(manifest.base.place), Path(reference)
    # Not by pathlib, whose `exists` raises for a name that is longer than names may be.
    if posixpath.exists(base / reference) or not posixpath.exists(typed):
        return reference
    found = typed.resolve()
    resolved = base.resolve()
    return found.relative_to(resolved).as_posix() if found.is_relative_to(resolved) else str(found)


def check_options(settings: BatchSettings, database: Database, directory: Path) -> None:
    """Refuses other options than those that the folder's results were made with; keeps them at first.

    Raises:
        SettingsError: options_changed, naming them.
    """
    now = _facts(settings)
    known = database.get_meta(_META)
    if known is None:
        database.set_meta(_META, json.dumps(now, sort_keys=True))
        return
    before = json.loads(known)
    changed = sorted(name for name in now if now[name] != before.get(name))
    if changed:
        raise SettingsError("options_changed", directory=str(directory), changed=", ".join(changed))


def _facts(settings: BatchSettings) -> dict[str, Any]:
    facts = settings.model_dump(mode="json", exclude={"as_of", "preset"})
    data = settings.preset.model_dump_json()
    facts["preset"] = f"{settings.preset.name} {hashlib.sha256(data.encode()).hexdigest()[:12]}"
    return facts
