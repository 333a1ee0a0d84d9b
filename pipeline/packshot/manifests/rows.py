"""From cells to manifest rows: every value judged, every fault reported with line and column."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from packshot.contracts.base import Mode
from packshot.contracts.manifest import ManifestRow, RowError, Scale
from packshot.errors import SourceError
from packshot.manifests.image_types import type_of_stem
from packshot.manifests.lines import RawRow, row_error
from packshot.manifests.listing import group_and_sku
from packshot.manifests.locate import shown

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BACKGROUND: Final = re.compile(r"white|transparent|keep|#[0-9a-f]{6}")
_LENGTHS: Final = {
    "product_group_id": 300,
    "sku_id": 300,
    "image_type": 60,
    "image_url": 2048,
    "reference": 2048,
}
_REQUIRED: Final = ("product_group_id", "sku_id", "image_url")


class _InvalidError(Exception):
    """A value that can't be used; the text says why."""


def judge(
    raws: Iterable[RawRow | RowError], group: str, check: Callable[[str], object]
) -> Iterator[ManifestRow | RowError]:
    """Judges rows one by one; a bad row gives one `RowError` for each of its bad columns.

    Args:
        raws: from one of the readers.
        group: the product group of rows whose source names none (no column, no folder).
        check: called with each source and reference as written; raises `SourceError` for a bad one.
    """
    for number, raw in enumerate(raws, start=1):
        if isinstance(raw, RowError):
            yield raw
            continue
        for item in _judge_row(raw, group, check):
            yield item.model_copy(update={"row": number}) if isinstance(item, RowError) else item


def _judge_row(raw: RawRow, group: str, check: Callable[[str], object]) -> Iterator[ManifestRow | RowError]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column, cell in raw.cells.items():
        try:
            # A folder's photos are called what they are called; in a sheet, spaces around a path are slips.
            as_is = column == "image_url" and raw.line == 0
            values[column] = _value(column, cell, check, as_is=as_is)
        except _InvalidError as fault:
            value = shown(cell if isinstance(cell, str) else repr(cell)) or "An empty text"
            errors.append(
                row_error(
                    raw.line, column, "row_value_invalid", value=value, column=column, reason=str(fault)
                )
            )
        except SourceError as fault:
            errors.append(RowError(line=raw.line, column=column, code=fault.code, message=fault.message))
    errors.extend(
        row_error(raw.line, column, "row_value_missing", column=column)
        for column in _REQUIRED
        if column in values and values[column] is None
    )
    if errors:
        yield from errors
        return
    _derive(values, group)
    if len(values["sku_id"]) > _LENGTHS["sku_id"] or len(values["product_group_id"]) > 300:
        reason = "the name of its folder or file is longer than 300 characters"
        value = shown(values["image_url"])
        yield row_error(
            raw.line, "image_url", "row_value_invalid", value=value, column="image_url", reason=reason
        )
        return
    yield ManifestRow(line=raw.line, **{name: value for name, value in values.items() if value is not None})


def _value(column: str, cell: object, check: Callable[[str], object], *, as_is: bool) -> object:
    """A cell's value; None when it is empty."""
    text = cell if as_is and isinstance(cell, str) else _text(cell)
    if not text:
        return None
    limit = _LENGTHS.get(column)
    if limit is not None and len(text) > limit:
        raise _InvalidError(f"it has more than {limit} characters")
    if not text.isprintable():
        _readable(text)
    if column in ("image_url", "reference"):
        check(text)
        return text
    if column in ("product_group_id", "sku_id"):
        return text
    return _word(column, text.casefold())


def _word(column: str, text: str) -> object:
    match column:
        case "mode":
            return _one_of(Mode, text)
        case "scale":
            return _one_of(Scale, text)
        case "background":
            if not _BACKGROUND.fullmatch(text):
                raise _InvalidError("it is none of white, transparent, keep, #RRGGBB")
    return text


def _one_of(kind: type[Mode] | type[Scale], text: str) -> Mode | Scale:
    try:
        return kind(text)
    except ValueError:
        raise _InvalidError(f"it is none of {', '.join(kind)}") from None


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        # SKUs are often numbers; a decimal or a truth value is a slip.
        return str(cell)
    raise _InvalidError("it is not a text")


def _readable(text: str) -> None:
    """Refuses control characters and halves of characters; other invisible ones are left to the names."""
    if _CONTROL.search(text):
        raise _InvalidError("it holds a line break or a control character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _InvalidError("it holds half a character (a lone surrogate)") from None


def _derive(values: dict[str, Any], group: str) -> None:
    """Fills in what has no column: from the path as for a folder, from the file's name for an address."""
    if "sku_id" in values and "product_group_id" in values:
        return
    told_group, sku, _ = group_and_sku(_path(values["image_url"]))
    if "sku_id" not in values:
        values["sku_id"] = sku
        if values.get("image_type") is None:
            values["image_type"] = type_of_stem(values["image_url"].rpartition("/")[2].rpartition(".")[0])
    values.setdefault("product_group_id", told_group or group)


def _path(source: str) -> str:
    """A relative path as it is; of anything else the file's name, since its folders tell nothing."""
    if "://" in source:
        path = source if source.startswith("s3://") else unquote(urlsplit(source).path)
    else:
        path = posixpath.normpath(source)
        if not path.startswith(("/", "../")):
            return path
    return path.rstrip("/").rpartition("/")[2] or source
