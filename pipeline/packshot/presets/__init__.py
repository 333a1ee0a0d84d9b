"""Presets: data files that say what a finished picture must look like, and their loader."""

from __future__ import annotations

from packshot.presets.loader import DEFAULT_PRESET, list_presets, load_preset
from packshot.presets.schema import preset_schema

__all__ = ["DEFAULT_PRESET", "list_presets", "load_preset", "preset_schema"]
