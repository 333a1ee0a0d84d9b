"""The page's files: found by their names alone, and never in the API's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.backends import Api, local_api


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Api]:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>The page</title>")
    (built / "assets" / "index-4f3c.js").write_text("console.log(1)")
    (built / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret.txt").write_text("secret")
    with local_api(tmp_path / "out", page=built) as made:
        yield made


def test_the_pages_own_addresses_all_give_the_page(page: Api) -> None:
    for path in ("/", "/review", "/batches/batch-1/images/img-1", "/batches/b.1"):
        answer = page.client.get(path)
        wanted = 404 if path.endswith("b.1") else 200
        assert answer.status_code == wanted, path
    answer = page.client.get("/review")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    again = page.client.get("/", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_have_their_types_and_may_be_kept(page: Api) -> None:
    script = page.client.get("/assets/index-4f3c.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert page.client.get("/icon.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/none.js",
        "/..%2fsecret.txt",
    ],
)
def test_no_path_leads_out(page: Api, path: str) -> None:
    answer = page.client.get(path)
    assert b"secret" not in answer.content.replace(b"secret.txt", b"")
    assert answer.status_code == 404


def test_the_api_keeps_its_own_answers(page: Api) -> None:
    assert page.get("/none").json()["code"] == "route_unknown"
    assert page.client.post("/review").status_code == 404
    answer = page.client.patch("/api/v1/batches")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
