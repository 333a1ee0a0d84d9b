"""Image types of photos whose only description is their file name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

#: Words in file names, and the types they tell; the types are those that the presets have names for.
_WORDS: Final = {
    "main": "primary",
    "primary": "primary",
    "hero": "primary",
    "front": "front",
    "side": "side",
    "left": "side",
    "right": "side",
    "back": "back",
    "rear": "back",
    "top": "top",
    "bottom": "bottom",
    "detail": "detail",
    "closeup": "detail",
    "label": "detail",
    "inside": "inside",
    "lifestyle": "lifestyle",
    "swatch": "swatch",
}


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

    Words in the names count first, each for the first file that has it. Without one for `primary`,
    the front or else the first wordless file is it. The others are `alternate<n>`; n goes on after
    the words, since marketplaces number all further pictures in one row.

    Args:
        names: file names with their endings, sorted by `natural_key`.
        words: look for words; False where the stem is the SKU's own name.
    """
    told = [type_of_stem(name.rpartition(".")[0] or name) if words else None for name in names]
    result: list[str] = [""] * len(names)
    for at, word in enumerate(told):
        if word is not None and word not in result:
            result[at] = word
    if "primary" not in result:
        if "front" in result:
            result[result.index("front")] = "primary"
        elif None in told:
            result[told.index(None)] = "primary"
    number = sum(1 for word in result if word not in ("", "primary"))
    for at, image_type in enumerate(result):
        if not image_type:
            number += 1
            result[at] = f"alternate{number}"
    return result
