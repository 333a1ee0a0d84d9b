"""Who may talk to the server: tokens, hosts, origins, and what its answers allow a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from packshot.api.local.edge import EdgeSettings
from packshot.api.local.tokens import SESSION_S, Tokens
from packshot.errors import RequestError
from tests.api.backends import ORIGIN, TOKEN, Api, local_api

COOKIE = "packshot_8000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with local_api(tmp_path_factory.mktemp("edge")) as made:
        yield made


@pytest.fixture
def stranger(server: Api) -> Iterator[TestClient]:
    """A client without anything; a browser, as soon as it has opened the link."""
    client = TestClient(server.client.app, base_url=ORIGIN, follow_redirects=False)
    yield client
    client.close()


def code(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_without_a_token_nothing_is_answered(stranger: TestClient) -> None:
    for path in ("/api/v1/batches", "/api/v1/openapi.json", "/api/v1/none", "/api/"):
        answer = stranger.get(path)
        assert code(answer) == (401, "token_missing")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert code(stranger.post("/api/v1/batches", json={})) == (401, "token_missing")


def test_health_and_the_reference_need_none(stranger: TestClient) -> None:
    assert stranger.get("/health").json() == {"status": "ok"}
    assert stranger.get("/docs").status_code == 200


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer", "Bearer ", f"bearer {TOKEN}x", "Bearer é"])
def test_a_wrong_token_is_refused(stranger: TestClient, given: str) -> None:
    answer = stranger.get("/api/v1/batches", headers={b"Authorization": given.encode()})
    assert code(answer)[0] == 401
    assert TOKEN not in answer.text


def test_the_link_leaves_a_cookie_and_takes_the_token_out(stranger: TestClient) -> None:
    answer = stranger.get(f"/?token={TOKEN}&view=review")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?view=review")
    cookie = answer.headers["set-cookie"]
    for word in ("HttpOnly", "SameSite=strict", "Path=/", f"Max-Age={SESSION_S}", COOKIE):
        assert word in cookie
    assert TOKEN not in cookie
    assert stranger.get("/api/v1/batches").status_code == 200


def test_a_link_with_a_wrong_token_leaves_none(stranger: TestClient) -> None:
    answer = stranger.get("/?token=wrong")
    assert code(answer) == (401, "token_invalid")
    assert "set-cookie" not in answer.headers


def test_the_link_leads_nowhere_else(stranger: TestClient) -> None:
    answer = stranger.get(f"//evil.example/x?token={TOKEN}")
    assert answer.headers["location"].startswith("/evil.example") or answer.headers["location"] == "/x"


def test_a_session_ends() -> None:
    now = [1_000_000.0]
    tokens = Tokens(TOKEN, clock=lambda: now[0])
    value = tokens.session()
    tokens.check_session(value)
    now[0] += SESSION_S + 1
    with pytest.raises(RequestError) as caught:
        tokens.check_session(value)
    assert caught.value.code == "token_expired"


def test_an_ended_session_is_answered_so(stranger: TestClient) -> None:
    old = Tokens(TOKEN, clock=lambda: 1_000_000.0).session()
    stranger.cookies.set(COOKIE, old)
    assert code(stranger.get("/api/v1/batches")) == (401, "token_expired")


@pytest.mark.parametrize(
    "change",
    [lambda v: v[:-1] + ("1" if v[-1] == "0" else "0"), lambda v: "9" + v, lambda v: "", lambda v: "a.b.c"],
)
def test_a_forged_session_is_refused(stranger: TestClient, change: Any) -> None:
    stranger.cookies.set(COOKIE, change(Tokens(TOKEN).session()))
    assert code(stranger.get("/api/v1/batches"))[0] == 401


@pytest.mark.parametrize("other", ['layout={"a": 1}', "a[b]=1", "x=a b", "debug", "a@b=c", "path=/"])
def test_an_odd_cookie_of_another_server_of_this_machine_shuts_nobody_out(
    stranger: TestClient, other: str
) -> None:
    cookies = f"{other}; {COOKIE}={Tokens(TOKEN).session()}; last=1"
    assert stranger.get("/api/v1/batches", headers={"Cookie": cookies}).status_code == 200


def test_another_servers_session_is_refused(stranger: TestClient) -> None:
    other = Tokens("another-servers-token").session()
    stranger.cookies.set(COOKIE, other)
    assert code(stranger.get("/api/v1/batches")) == (401, "token_invalid")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example:8000",
        "127.0.0.1:9999",
        "127.0.0.1",
        "192.168.0.9:8000",
        "",
    ],
)
def test_a_foreign_host_is_refused(server: Api, host: str) -> None:
    for path in ("/api/v1/batches", "/", f"/?token={TOKEN}", "/docs"):
        assert code(server.client.get(path, headers={"Host": host})) == (421, "host_refused")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])
def test_its_own_names_are_answered(server: Api, host: str) -> None:
    assert server.client.get("/api/v1/batches", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1:9999",
        "http://localhost:8000",
        "file://",
        "http://127.0.0.1:8000.evil.example",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(server: Api, origin: str, method: str) -> None:
    answer = server.client.request(method, "/api/v1/batches", headers={"Origin": origin})
    assert code(answer) == (403, "origin_refused")
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_origin_is_answered(server: Api) -> None:
    answer = server.client.post("/api/v1/import/check", json={}, headers={"Origin": ORIGIN})
    assert code(answer) == (422, "request_invalid")


def test_a_preflight_allows_nothing(server: Api) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = server.client.options("/api/v1/batches", headers=asked)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_cookie_alone_does_not_let_others_write(stranger: TestClient) -> None:
    stranger.get(f"/?token={TOKEN}")
    body = {"rows": [{"image_url": "https://example.org/a.jpg"}]}
    assert code(stranger.post("/api/v1/import/check", json=body)) == (403, "origin_refused")
    for site in ("cross-site", "same-site"):
        answer = stranger.post("/api/v1/import/check", json=body, headers={"Sec-Fetch-Site": site})
        assert code(answer) == (403, "origin_refused")
    answer = stranger.post("/api/v1/import/check", json=body, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    answer = stranger.post("/api/v1/import/check", json=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200


def test_a_body_has_its_limit(server: Api) -> None:
    answer = server.client.post("/api/v1/batches", content=b"{}", headers={"Content-Length": "2000000000"})
    assert code(answer) == (413, "body_too_large")
    # Only a file that was announced has a size of its own, not all that is called alike.
    place = "/api/v1/configs/sku/a/uploads/b"
    answer = server.client.put(place, content=b"{}", headers={"Content-Length": "2000000000"})
    assert code(answer) == (413, "body_too_large")
    answer = server.client.post("/api/v1/batches", content=(b"[" for _ in range(3)))
    assert code(answer) == (422, "request_invalid")


def test_every_answer_is_strict(server: Api) -> None:
    for path in ("/", "/docs", "/api/v1/batches", "/api/v1/none", "/health"):
        headers = server.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert server.client.get("/api/v1/batches").headers["cache-control"] == "no-store"


def test_other_machines_by_address_but_not_by_any_name(tmp_path: Path) -> None:
    edge = EdgeSettings(port=8000, remote=True, hosts=("Studio.example",))
    with local_api(tmp_path / "out", edge=edge) as made:
        for host in ("192.168.0.9:8000", "[fe80::1]:8000", "studio.example", "studio.example:443"):
            assert made.client.get("/api/v1/batches", headers={"Host": host}).status_code == 200
        assert code(made.client.get("/api/v1/batches", headers={"Host": "evil.example:8000"}))[0] == 421
        bare = TestClient(made.client.app, base_url="http://192.168.0.9:8000")
        assert code(bare.get("/api/v1/batches")) == (401, "token_missing")
