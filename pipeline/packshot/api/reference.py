"""The API's reference at /docs: one page without scripts, made from the OpenAPI document."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

_METHODS: Final = ("get", "post", "put", "delete")


def install(app: FastAPI) -> None:
    """Adds /docs."""

    @lru_cache(maxsize=1)
    def page() -> str:
        document = app.openapi()
        environment = Environment(
            loader=PackageLoader("packshot.api", "pages"),
            autoescape=select_autoescape(default=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["marked"] = _marked
        return environment.get_template("reference.html.j2").render(
            document=document,
            sections=_sections(document),
            schemas=document["components"]["schemas"],
            words=_words,
            pretty=_pretty,
        )

    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        return HTMLResponse(page())

    @app.get("/docs/reference.css", include_in_schema=False)
    def css() -> Response:
        return Response(_asset("reference.css"), media_type="text/css; charset=utf-8")


@lru_cache(maxsize=4)
def _asset(name: str) -> bytes:
    from importlib import resources  # noqa: PLC0415 - only when it is asked for

    return resources.files("packshot.api").joinpath("pages", name).read_bytes()


def _marked(text: str) -> Markup:
    """Text with what stands in backticks as code; all else is escaped."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - it is escaped


def _sections(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The routes by tag, in the document's order."""
    sections = {tag["name"]: {**tag, "routes": []} for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                route = methods[method]
                sections[route["tags"][0]]["routes"].append({"path": path, "method": method.upper(), **route})
    return [section for section in sections.values() if section["routes"]]


def _words(schema: dict[str, Any]) -> str:
    """A schema in a few words: `text`, `number, 0 to 100`, `list of ImageSummary`, `A or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(_words(one) for one in schema[word])
    return _plain_words(schema)


def _plain_words(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_words(schema.get('items', {}))}"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"object of {_words(values)}" if isinstance(values, dict) else "object"
    bounds = [f"{sign} {schema[name]}" for name, sign in _BOUNDS if name in schema]
    return ", ".join([schema.get("format", kind), *bounds])


_BOUNDS: Final = (
    ("minimum", "from"),
    ("exclusiveMinimum", "above"),
    ("maximum", "to"),
    ("minLength", "at least"),
    ("maxLength", "at most"),
    ("pattern", "as"),
)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
