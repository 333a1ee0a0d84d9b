"""Which of the formats a manifest has, by its content first and its name second."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TextIO

from packshot.errors import ManifestError
from packshot.manifests.lines import MAX_ROW_CHARS


class Kind(StrEnum):
    """What a source of photos is."""

    CSV = "csv"
    JSON = "json"
    JSON_LINES = "jsonl"
    FOLDER = "folder"
    GLOB = "glob"
    PHOTO = "photo"


def recognise(text: TextIO, name_hint: str) -> Kind:
    """The format of a manifest; leaves `text` at its beginning.

    Args:
        text: opened with universal line ends, seekable.
        name_hint: the manifest's file name or key, may be empty.

    Raises:
        ManifestError: `manifest_empty` for blank text, `manifest_unreadable` when the name says
            JSON and the content does not.
    """
    ending = PurePosixPath(name_hint).suffix.lower()
    line = ""
    while not line.strip():
        line = text.readline(MAX_ROW_CHARS)
        if not line:
            raise ManifestError("manifest_empty")
    following = text.read(4096)
    text.seek(0)
    begin = line.lstrip()[0]
    if begin == "[":
        return Kind.JSON
    if begin == "{":
        if ending in (".jsonl", ".ndjson"):
            return Kind.JSON_LINES
        return _object_or_lines(line, following, is_json=ending == ".json")
    if ending in (".json", ".jsonl", ".ndjson"):
        raise ManifestError("manifest_unreadable", reason=f"it is called {ending} and holds no JSON")
    return Kind.CSV


def _object_or_lines(line: str, following: str, *, is_json: bool) -> Kind:
    """Whether a text that begins with an object is one object or one a line."""
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return Kind.JSON
    if following.strip():
        return Kind.JSON_LINES
    return Kind.JSON if is_json or "images" in first else Kind.JSON_LINES
