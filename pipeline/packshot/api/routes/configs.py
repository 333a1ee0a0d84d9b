"""Settings that are kept per product group and per SKU."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path

from packshot.api.caller import Operator, Viewer
from packshot.api.configs import all_configs, delete_config, get_config, put_config
from packshot.api.models.settings import ConfigBody, ConfigPage, ConfigScope, ConfigView
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf, Cursor, Limit

router: Final = APIRouter(tags=["configs"])

ConfigName = Annotated[
    str, Path(min_length=1, max_length=300, description="The product group or the SKU; / as it is or as %2F.")
]


@router.get("/configs", responses=documented())
def configs(backend: BackendOf, _: Viewer, cursor: Cursor = None, limit: Limit = 100) -> ConfigPage:
    """All kept settings, by scope and name."""
    with backend.desk() as desk:
        page = all_configs(desk.documents, limit, backend.cursors.open(cursor, "configs"))
        return ConfigPage(items=page.items, cursor=backend.cursors.seal(page.cursor, "configs"))


@router.get("/configs/{scope}/{name:path}", responses=documented(404))
def config(scope: ConfigScope, name: ConfigName, backend: BackendOf, _: Viewer) -> ConfigView:
    """The settings of one product group or SKU."""
    with backend.desk() as desk:
        return get_config(desk.documents, scope, name)


@router.put("/configs/{scope}/{name:path}", responses=documented())
def keep(
    scope: ConfigScope, name: ConfigName, body: ConfigBody, backend: BackendOf, caller: Operator
) -> ConfigView:
    """Keeps settings, in place of those there."""
    with backend.desk() as desk:
        return put_config(desk.documents, scope, name, body, caller.name)


@router.delete("/configs/{scope}/{name:path}", status_code=204, responses=documented(404))
def forget(scope: ConfigScope, name: ConfigName, backend: BackendOf, _: Operator) -> None:
    """Forgets settings; batches that were started keep what they took."""
    with backend.desk() as desk:
        delete_config(desk.documents, scope, name)
