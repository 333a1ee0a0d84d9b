"""Refuses queries with names that a route does not know: a misspelt filter would find everything."""

from __future__ import annotations

from typing import TypeGuard

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel

from packshot.errors import RequestError


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


async def only_known_queries(request: Request) -> None:
    """A dependency of every route.

    Raises:
        RequestError: request_invalid, naming the first that is not known.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.query_params:
        return
    known: set[str] = set()
    for field in route.dependant.query_params:
        kind = field.field_info.annotation
        known |= set(kind.model_fields) if _is_model(kind) else {field.alias}
    for name in request.query_params:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            shown = "".join(char if char.isprintable() else "?" for char in name[:40])
            raise RequestError("request_invalid", reason=f"query.{shown}: there is no such one, but {listed}")
