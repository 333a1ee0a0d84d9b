"""Image types of photos whose only description is their file name.

The type depends on the file's own name as far as possible, so that a photo that is added later
does not rename its neighbours (their ids, and with them all finished work, hang on the type).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

#: Words in file names, and the types they tell.
_WORDS: Final = {
    "main": "primary",
    "primary": "primary",
    "hero": "primary",
    "front": "front",
    "side": "side",
    "left": "left",
    "right": "right",
    "back": "back",
    "rear": "back",
    "top": "top",
    "bottom": "bottom",
    "detail": "detail",
    "closeup": "detail",
    "inside": "inside",
    "angle": "angle",
    "label": "label",
    "lifestyle": "lifestyle",
}
_MAX_LENGTH: Final = 60


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts numbers in texts by value (photo2 before photo10), letters without regard to case."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", text)
    return tuple((0, int(p), p) if p[0] in "0123456789" else (1, 0, p.casefold()) for p in pieces)


def type_of_stem(stem: str) -> str | None:
    """The type that a word of the file's stem tells (`mug-back` -> back), or None."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)
    for word in reversed(re.findall(r"[a-z]+", spaced.lower())):
        if word in _WORDS:
            return _WORDS[word]
    return None


def types_of_sku(names: Sequence[str], *, words: bool = True) -> list[str]:
    """Types of the files of one SKU, in the given order, all different.

    Words in the names count first. Without one for `primary`, the front or else the first wordless
    file is it. The others are `alt-<number at the end of the stem>` or `alt-<stem>`.

    Args:
        names: file names with their endings, sorted by `natural_key`.
        words: look for words; False where the stem is the SKU's own name.
    """
    told = [type_of_stem(_stem(name)) if words else None for name in names]
    result: list[str] = [""] * len(names)
    for at, word in enumerate(told):
        if word is not None and word not in result:
            result[at] = word
    if "primary" not in result:
        if "front" in result:
            result[result.index("front")] = "primary"
        elif None in told:
            result[told.index(None)] = "primary"
    taken = set(result)
    for at, name in enumerate(names):
        if not result[at]:
            result[at] = next(one for one in _candidates(name, told[at]) if one not in taken)
            taken.add(result[at])
    return result


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _candidates(name: str, word: str | None) -> list[str]:
    """Types for a file that is not the first of its kind, from short to surely unique."""
    stem, _, ending = name.rpartition(".")
    kind = word if word not in (None, "primary") else "alt"
    number = re.search(r"([0-9]{1,9})\D*$", stem)
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40] or "photo"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    listed = [f"{kind}-{int(number.group(1))}"] if number else []
    listed += [f"{kind}-{slug}", f"{kind}-{slug}-{ending.lower()}"]
    return [*(one[:_MAX_LENGTH] for one in listed), f"{kind}-{slug[:30]}-{digest}"]
