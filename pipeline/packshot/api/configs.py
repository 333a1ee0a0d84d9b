"""Kept settings: stored as documents, and gathered for a batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from packshot.api.models.settings import ConfigBody, ConfigPage, ConfigScope, ConfigView, PictureSettings
from packshot.batches.row_rules import RowRules, RowSettings
from packshot.contracts.manifest import ManifestRow, RowError
from packshot.errors import RequestError
from packshot.ports import Documents

_KIND: Final = "config"
#: What holds for a batch as a whole.
_OF_BATCH: Final = ("preset", "target_size_kb", "model")
_OF_ROW: Final = ("reference", "mode", "background", "scale")


def put_config(documents: Documents, scope: ConfigScope, name: str, body: ConfigBody, by: str) -> ConfigView:
    """Keeps settings, in place of those there."""
    view = ConfigView(
        scope=scope, name=name, settings=body, updated_at=dt.datetime.now(dt.UTC), updated_by=by
    )
    documents.put(_KIND, _key(scope, name), view.model_dump(mode="json"))
    return view


def get_config(documents: Documents, scope: ConfigScope, name: str) -> ConfigView:
    """Kept settings.

    Raises:
        RequestError: config_unknown.
    """
    found = documents.get(_KIND, _key(scope, name))
    if found is None:
        raise RequestError("config_unknown", scope=scope.value, name=name)
    return ConfigView.model_validate(found)


def delete_config(documents: Documents, scope: ConfigScope, name: str) -> None:
    """Forgets settings; errors as `get_config`."""
    get_config(documents, scope, name)
    documents.delete(_KIND, _key(scope, name))


def all_configs(documents: Documents, limit: int, cursor: str | None) -> ConfigPage:
    """A page of them, by scope and name, with the port's cursor."""
    page = documents.page(_KIND, limit, cursor)
    return ConfigPage(items=tuple(ConfigView.model_validate(one) for one in page.items), cursor=page.cursor)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the configs say for a batch: for its rows, and for it as a whole (by setting)."""

    rules: RowRules
    of_batch: dict[str, Any]


def gather(
    documents: Documents,
    rows: Iterable[ManifestRow | RowError],
    selection: RowRules,
    asked: PictureSettings,
) -> Gathered:
    """Finds the configs of a list's product groups and SKUs.

    Args:
        documents: the port.
        rows: the list; read to its end only when there are configs at all.
        selection: which of the rows are taken.
        asked: the request's own settings, which stand above configs.

    Raises:
        RequestError: configs_disagree when rows ask for several values of what is one for a batch.
    """
    known = {(one.scope, one.name): one.settings for one in _everything(documents)}
    if not known:
        return Gathered(selection, {})
    by_group: dict[str, RowSettings] = {}
    by_sku: dict[str, RowSettings] = {}
    said: dict[str, set[Any]] = {name: set() for name in _OF_BATCH}
    for row in selection.applied(rows):
        if isinstance(row, RowError):
            continue
        group = known.get((ConfigScope.PRODUCT_GROUP, row.product_group_id))
        sku = known.get((ConfigScope.SKU, row.sku_id))
        if group is not None:
            by_group[row.product_group_id] = _of_row(group)
        if sku is not None:
            by_sku[row.sku_id] = _of_row(sku)
        for name in _OF_BATCH:
            own = getattr(sku, name, None) if sku is not None else None
            said[name].add(own if own is not None else getattr(group, name, None) if group else None)
    rules = selection.model_copy(update={"by_group": by_group, "by_sku": by_sku})
    return Gathered(rules, _agreed(said, asked))


def _agreed(said: dict[str, set[Any]], asked: PictureSettings) -> dict[str, Any]:
    agreed: dict[str, Any] = {}
    for name, values in said.items():
        if getattr(asked, name) is not None or values <= {None}:
            continue
        if len(values) > 1:
            listed = ", ".join(sorted("none" if value is None else str(value) for value in values))
            raise RequestError("configs_disagree", setting=name, values=listed)
        agreed[name] = next(iter(values))
    return agreed


def _of_row(config: ConfigBody) -> RowSettings:
    return RowSettings(**{name: getattr(config, name) for name in _OF_ROW})


def _everything(documents: Documents) -> Iterator[ConfigView]:
    cursor: str | None = None
    while True:
        page = all_configs(documents, 500, cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def _key(scope: ConfigScope, name: str) -> str:
    return f"{scope.value}/{name}"
