"""Puts the API together."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

import packshot
from packshot.api import problems, reference
from packshot.api.backend import Backend
from packshot.api.models.about import Health
from packshot.api.models.base import Problem
from packshot.api.models.enhance import EnhanceUpload
from packshot.api.queries import only_known_queries
from packshot.api.routes import ROUTERS
from packshot.api.views import PREFIX

_DESCRIPTION: Final = """\
Turns batches of raw product photos into uniform, marketplace-ready catalogues.

- Errors are problem details (RFC 9457): a stable `code`, and a sentence for people in `detail`.
- Lists come in pages: give `cursor` of an answer to get the next one. A filtered page may be short.
- An `Idempotency-Key` on a POST makes it safe to send again: the same request has the same answer.
- Links in answers are followed as they are; those that begin with `/` lie on this server.
"""
_TAGS: Final = (
    ("about", "This server, and the presets."),
    ("uploads", "Files on their way in: announced, sent one by one, sent again after a break."),
    ("imports", "Lists of photos, kept for later batches."),
    ("batches", "Runs over a list: started, watched, retried, cancelled, downloaded."),
    ("images", "One row's photo and what became of it."),
    ("review", "What waits for a person, and decisions."),
    ("enhance", "One photo, now."),
    ("jobs", "Work that goes on after an answer."),
    ("configs", "Settings kept per product group and SKU."),
    ("overview", "Sums over batches."),
    ("files", "Pictures and zips; on AWS links lead to the store instead."),
)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _nothing(app: FastAPI) -> AsyncIterator[None]:
    del app
    yield


def create_app(
    backend: Backend | None, more: Iterable[APIRouter] = (), lifespan: Lifespan = _nothing
) -> FastAPI:
    """The application.

    Args:
        backend: what it works on; None for an app whose document alone is wanted.
        more: routers that only this backend needs.
        lifespan: what begins and ends with the server.
    """
    app = FastAPI(
        title="Packshot",
        version=packshot.__version__,
        description=_DESCRIPTION,
        openapi_tags=[{"name": name, "description": words} for name, words in _TAGS],
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )
    app.state.backend = backend
    problems.install(app)
    for router in (*ROUTERS, *more):
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(only_known_queries)])

    @app.get("/health", tags=["about"])
    async def health() -> Health:
        """The server answers; needs no token."""
        return Health()

    reference.install(app)
    _document(app)
    return app


def _operation_id(route: APIRoute) -> str:
    """Short names for generated clients: `images_get`, `review_post`."""
    words = [
        part.strip("{}").replace("-", "_") for part in route.path.removeprefix(PREFIX).split("/") if part
    ]
    named = [word.split(":")[0] for word in words]
    return "_".join([*named, sorted(route.methods or ())[0].lower()])


_ATTRIBUTE: Final = re.compile(r"^    (\w+(?:, \w+)*): (.*(?:\n        .*)*)", re.MULTILINE)


def _describe_fields(schema: dict[str, Any]) -> None:
    """Moves what a class says under "Attributes:" to the fields that it speaks of."""
    words, mark, attributes = schema.get("description", "").partition("\n\nAttributes:\n")
    if not mark:
        return
    schema["description"] = words
    for names, text in _ATTRIBUTE.findall(attributes):
        for name in names.split(", "):
            if name in schema.get("properties", {}):
                schema["properties"][name].setdefault("description", re.sub(r"\s+", " ", text))


def _document(app: FastAPI) -> None:
    """Adds to the OpenAPI document what FastAPI can't know: problems, and a body of several types."""
    made = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = made()
            schemas = found["components"]["schemas"]
            template = "#/components/schemas/{model}"
            plain = Problem.model_json_schema(ref_template=template, mode="serialization")
            upload = EnhanceUpload.model_json_schema(ref_template=template)
            schemas |= plain.pop("$defs", {}) | upload.pop("$defs", {})
            schemas |= {"Problem": plain, "EnhanceUpload": upload}
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for schema in schemas.values():
                _describe_fields(schema)
            found["components"]["schemas"] = dict(sorted(schemas.items()))
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way of extending the document
