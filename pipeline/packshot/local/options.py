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
from packshot.batches.plan import Resolve
from packshot.contracts.base import Mode
from packshot.contracts.task import BatchSettings
from packshot.errors import SettingsError
from packshot.local.request import RunRequest
from packshot.manifests.locate import Base, shown
from packshot.manifests.source import Manifest
from packshot.presets import DEFAULT_PRESET, load_preset

_META: Final = "options"


def settings_of(request: RunRequest, manifest: Manifest, today: dt.date) -> BatchSettings:
    """The batch's settings: the command line's, else the manifest's, else the defaults.

    Raises:
        SettingsError: preset_unknown, preset_invalid, option_invalid.
        SourceError: the reference can't be one.
    """
    said = manifest.batch_options
    options: dict[str, Any] = dict(said.get("options") or {})
    for name in ("mode", "background", "target_size_kb", "model"):
        value = getattr(request, name)
        if value is not None:
            options[name] = value
    reference = said.get("reference")
    if request.reference is not None:
        # Of a server's orders nobody stands where the server was started.
        at_prompt = not request.mixed
        reference = reference_as_written(
            request.reference, manifest.base, manifest.resolve, at_prompt=at_prompt
        )
    preset = load_preset(request.preset or said.get("preset") or DEFAULT_PRESET)
    if request.shelf is not None:
        preset = preset.model_copy(update={"name_template": f"{request.shelf}/{preset.name_template}"})
    try:
        return BatchSettings(
            preset=preset,
            mode=options.pop("mode", Mode.AUTO),
            reference=reference or None,
            as_of=today,
            **options,
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(
            "option_invalid", option=name, value=repr(first["input"])[:100], reason=first["msg"]
        ) from error


def reference_as_written(typed: str, base: Base, resolve: Resolve, *, at_prompt: bool = True) -> str:
    """A reference named by hand, as the list's rows write their sources: so its own row is recognised.

    A person at a prompt names a file from where they stand; the list's rows start at its folder. Without it
    each image would be made, and then all of them again.

    Raises:
        SettingsError: option_invalid, there is no such file.
        SourceError: it can't be one; source_outside_root.
    """
    if not typed:
        return typed
    local = base.local and "://" not in typed
    written = _in_list(typed, base) if local and at_prompt else typed
    # Asked first: of what lies outside not even this is told, whether it is there.
    place = resolve(written)
    if local and not posixpath.isfile(place):
        option, where = ("--reference", ", neither here nor") if at_prompt else ("reference", "")
        reason = f"there is no such photo{where} in the folder of the list"
        raise SettingsError("option_invalid", option=option, value=shown(typed), reason=reason)
    return written


def _in_list(typed: str, base: Base) -> str:
    folder, here = Path(base.place), Path(typed)
    # Not by pathlib, whose `is_file` raises for a name that is longer than names may be.
    if posixpath.isfile(folder / typed) or not posixpath.isfile(here):
        return typed
    found, resolved = here.resolve(), folder.resolve()
    return found.relative_to(resolved).as_posix() if found.is_relative_to(resolved) else str(found)


def check_options(settings: BatchSettings, database: Database, directory: Path, *, dry: bool = False) -> None:
    """Refuses other options than those that the folder's results were made with; keeps them at first.

    Args:
        settings: of the batch.
        database: the folder's.
        directory: the folder, for the message.
        dry: keep nothing.

    Raises:
        SettingsError: options_changed, naming them.
    """
    now = _facts(settings)
    known = database.get_meta(_META)
    if known is None:
        if not dry:
            database.set_meta(_META, json.dumps(now, sort_keys=True))
        return
    before = json.loads(known)
    changed = sorted(name for name in now if now[name] != before.get(name))
    if changed:
        raise SettingsError("options_changed", directory=str(directory), changed=", ".join(changed))


def _facts(settings: BatchSettings) -> dict[str, Any]:
    facts = settings.model_dump(mode="json", exclude={"as_of", "preset"})
    # The network that was chosen is a fact of its own, whoever chose it.
    data = settings.preset.model_dump_json(exclude={"model"})
    facts["preset"] = f"{settings.preset.name} {hashlib.sha256(data.encode()).hexdigest()[:12]}"
    return facts
