"""The OpenAPI document: kept in docs/ as the server gives it, and complete."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from packshot.api.document import document
from packshot.api.models.base import Problem
from tests.api.backends import Api

KEPT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(document())


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_kept_document_is_the_servers(here: Api) -> None:
    assert KEPT.read_text() == document(), "python -m packshot.api.document > docs/openapi.json"
    assert here.found("/openapi.json") == json.loads(KEPT.read_text())


def test_it_is_valid() -> None:
    validate(DOCUMENT)


@pytest.mark.parametrize(
    ("name", "operation"), list(operations()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_every_operation_says_what_it_does_and_how_it_fails(name: str, operation: dict[str, Any]) -> None:
    assert operation["tags"]
    assert operation["description"].endswith((".", "is."))
    if name == "GET /health":
        return
    for status, answer in operation["responses"].items():
        if int(status) >= 400 and status != "416":
            assert list(answer["content"]) == ["application/problem+json"], (name, status)
    assert {"401", "403", "421", "422", "500"} <= set(operation["responses"])


def test_names_of_operations_differ() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)


def test_all_fields_of_answers_are_always_there() -> None:
    for name in (
        "BatchView",
        "ImageSummary",
        "ImageDetail",
        "JobView",
        "Overview",
        "Problem",
        "UploadTicket",
    ):
        schema = DOCUMENT["components"]["schemas"][name]
        assert sorted(schema["required"]) == sorted(schema["properties"]), name


def test_fields_are_described_where_their_class_says_something_of_them() -> None:
    fields = DOCUMENT["components"]["schemas"]["Problem"]["properties"]
    assert all(fields[name].get("description") for name in Problem.model_fields)
    assert "Attributes:" not in json.dumps(DOCUMENT)


def test_the_reference_shows_every_route(here: Api) -> None:
    page = here.get("/docs").text
    for path in DOCUMENT["paths"]:
        assert f"<code>{path}</code>" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert here.get("/docs/reference.css").headers["content-type"].startswith("text/css")
