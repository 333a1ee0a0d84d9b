"""The page's files: found by their names alone, and never in the API's way."""

from __future__ import annotations

import glob
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.backends import Api, local_api

ROOT = Path(__file__).resolve().parents[2]


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


def test_an_installation_without_the_page_says_so_and_serves_the_api(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packshot.api.local.server.page_folder", lambda given: None)
    with local_api(tmp_path / "out") as made:
        for path in ("/", "/review"):
            answer = made.client.get(path)
            assert answer.status_code == 200
            assert "make serve" in answer.text
            assert 'href="/docs"' in answer.text
        assert made.client.get("/assets/index.js").status_code == 404
        assert made.get("/about").status_code == 200


def test_the_page_goes_into_the_wheel(tmp_path: Path) -> None:
    built = [tmp_path / "api/static" / name for name in ("index.html", "assets/a.js", "assets/modes/b.webp")]
    for file in built:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["packshot"]
    # As setuptools finds them: pathlib reads ** otherwise.
    taken = {found for one in patterns for found in glob.glob(str(tmp_path / one), recursive=True)}  # noqa: PTH207
    assert {str(file) for file in built} <= taken
