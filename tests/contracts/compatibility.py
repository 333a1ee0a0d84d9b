"""What a newer schema of an event would break for a consumer who relies on an older one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def breaks(old: Json, new: Json) -> list[str]:
    """What an event of `new` may lack or hold that one of `old` could not; empty when nothing breaks.

    More fields, values of open enumerations and narrower types break nothing.
    """
    return list(_breaks(old, new, old, new, ""))


def fields(schema: Json) -> list[tuple[str, ...]]:
    """The paths of all fields, objects in lists (`[]`) included."""
    return list(_fields(schema, schema, ()))


def _fields(schema: Json, root: Json, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for one in _alternatives(schema, root):
        for name, inner in one.get("properties", {}).items():
            yield (*path, name)
            yield from _fields(inner, root, (*path, name))
        if "items" in one:
            yield from _fields(one["items"], root, (*path, "[]"))


def _breaks(old: Json, new: Json, old_root: Json, new_root: Json, where: str) -> Iterator[str]:
    before, after = _alternatives(old, old_root), _alternatives(new, new_root)
    for one in after:
        found = [list(_narrower(known, one, old_root, new_root, where)) for known in before]
        if all(found):
            # The nearest of what it could be tells best what is wrong.
            yield from min(found, key=len)


def _narrower(old: Json, new: Json, old_root: Json, new_root: Json, where: str) -> Iterator[str]:
    if old.get("type", new.get("type")) != new.get("type") and not _whole_number(old, new):
        yield f"{where}: was {old.get('type')}, may be {new.get('type')}"
        return
    known, possible = _values(old), _values(new)
    if known is not None and (possible is None or not possible <= known):
        yield f"{where}: was one of {sorted(known)}, may be {sorted(possible or {'anything'})}"
    for name, inner in old.get("properties", {}).items():
        place = f"{where}.{name}".lstrip(".")
        if name not in new.get("properties", {}):
            yield f"{place}: is gone"
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{place}: may be missing"
        yield from _breaks(inner, new["properties"][name], old_root, new_root, place)
    for part in ("items", "additionalProperties"):
        if part in old:
            yield from _breaks(old[part], new.get(part, {}), old_root, new_root, f"{where}[]")
    if new.get("minItems", 0) < old.get("minItems", 0):
        yield f"{where}: may have fewer than {old['minItems']}"
    if new.get("maxItems", 1 << 60) > old.get("maxItems", 1 << 60):
        yield f"{where}: may have more than {old['maxItems']}"


def _whole_number(old: Json, new: Json) -> bool:
    return (old.get("type"), new.get("type")) == ("number", "integer")


def _values(schema: Json) -> frozenset[Any] | None:
    if "const" in schema:
        return frozenset({schema["const"]})
    return frozenset(schema["enum"]) if "enum" in schema else None


def _alternatives(schema: Json, root: Json) -> list[Json]:
    if "$ref" in schema:
        return _alternatives(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return [found for one in schema["anyOf"] for found in _alternatives(one, root)]
    return [schema]
