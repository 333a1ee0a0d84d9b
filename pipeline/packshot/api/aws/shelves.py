"""Names of files where several presets share one catalogue; see `packshot.api.local.shelves`.

Which preset has which names is a document: of two batches at once one is told that it came second.
"""

from __future__ import annotations

import hashlib
from typing import Final

from packshot.contracts.preset import Preset
from packshot.ports import Documents

_KIND: Final = "names"


def on_shelf(preset: Preset, documents: Documents, *, take: bool) -> Preset:
    """The preset with its files in a folder of their own, where another has its names.

    Args:
        preset: the batch's.
        documents: of the stack.
        take: the batch will be run, so names that are free are its preset's from now on.
    """
    key = hashlib.sha256(preset.name_template.encode()).hexdigest()
    owner = documents.get(_KIND, key)
    if owner is None and take and not documents.create(_KIND, key, {"preset": preset.name}):
        owner = documents.get(_KIND, key)
    if owner is None or owner["preset"] == preset.name:
        return preset
    return preset.model_copy(update={"name_template": f"{preset.name}/{preset.name_template}"})
