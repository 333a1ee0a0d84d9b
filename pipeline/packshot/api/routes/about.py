"""What this server is, and the presets."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

import packshot
from packshot.api.caller import Viewer
from packshot.api.models.about import About, PresetList, PresetView, ReasonWord
from packshot.api.models.settings import PresetName
from packshot.api.models.uploads import MANIFEST_TYPES, PICTURE_TYPES
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf
from packshot.contracts.base import Mode
from packshot.contracts.preset import Preset
from packshot.errors import RequestError, SettingsError
from packshot.presets import DEFAULT_PRESET, list_presets, load_preset
from packshot.report.words import REASONS

router: Final = APIRouter(tags=["about"])

#: As the decoder holds it; its module is heavy.
_MAX_MEGAPIXELS: Final = 64


@router.get("/about", responses=documented())
def about(backend: BackendOf, caller: Viewer) -> About:
    """What this server is and takes, and who is asking."""
    limits = backend.limits
    return About(
        version=packshot.__version__,
        caller=caller.view(),
        picture_types=PICTURE_TYPES,
        manifest_types=MANIFEST_TYPES,
        max_picture_bytes=limits.picture_bytes,
        max_manifest_bytes=limits.manifest_bytes,
        max_megapixels=_MAX_MEGAPIXELS,
        modes=tuple(Mode),
        default_preset=DEFAULT_PRESET,
        models=backend.models(),
        reasons=tuple(
            ReasonWord(reason=reason, title=words.title, sentence=words.sentence)
            for reason, words in REASONS.items()
        ),
        enhance_wait_s=limits.enhance_wait_s,
    )


@router.get("/presets", responses=documented())
def presets(_: Viewer) -> PresetList:
    """The presets."""
    return PresetList(items=tuple(_view(load_preset(name)) for name in list_presets()))


@router.get("/presets/{name}", responses=documented(404))
def preset(name: PresetName, _: Viewer) -> PresetView:
    """One preset."""
    try:
        return _view(load_preset(name))
    except SettingsError as error:
        if error.code == "preset_unknown":
            raise RequestError("route_unknown", path=f"/presets/{name}") from error
        raise


def _view(preset: Preset) -> PresetView:
    facts = {name: getattr(preset, name) for name in PresetView.model_fields}
    return PresetView.model_validate(facts)
