"""The JSON Schema of preset files, generated from the contract."""

from __future__ import annotations

from typing import Any

from packshot.contracts.preset import Preset


def preset_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a preset's file.

    It differs from the contract in what `extends` allows: a file that extends another may leave out
    everything but its own name, title and version, and give its canvas in part.
    """
    schema = Preset.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Packshot preset"
    schema["properties"]["$schema"] = {"type": "string", "description": "Path of this schema, for editors."}
    schema["required"] = ["name", "title", "version"]
    canvas_needs = schema["$defs"]["Canvas"].pop("required")
    complete = {
        "required": ["canvas", "renditions"],
        "properties": {"canvas": {"required": canvas_needs}},
    }
    schema["anyOf"] = [
        {"required": ["extends"], "properties": {"extends": {"type": "string"}}},
        complete,
    ]
    return schema
