"""Who is asking, from the authoriser's claims; which function answers what."""

from __future__ import annotations

import time
from typing import Any

import pytest

from packshot.api.aws.edge import caller_of, groups_of
from packshot.api.models.about import Role
from packshot.errors import RequestError
from tests.api.aws.deployment import AwsApi
from tests.api.aws.gateway import claims, event_of

NOW = 1_800_000_000.0
DECISION = {"action": "approve"}


def event(said: Any) -> dict[str, Any]:
    return {"requestContext": {"authorizer": {"jwt": {"claims": said}}}}


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("[operator viewer]", {"operator", "viewer"}),
        ("operator", {"operator"}),
        ("operator,viewer", {"operator", "viewer"}),
        (["reviewer"], {"reviewer"}),
        ('["reviewer", "viewer"]', {"reviewer", "viewer"}),
        ('["reviewer"', set()),
        ("[]", set()),
        ("", set()),
        (None, set()),
        (7, set()),
        ({"operator": True}, set()),
    ],
)
def test_groups_come_in_several_shapes(claim: object, found: set[str]) -> None:
    assert groups_of(claim) == found


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ("[viewer]", Role.VIEWER),
        ("[viewer reviewer]", Role.REVIEWER),
        ("[operator viewer]", Role.OPERATOR),
        ("[admins operator]", Role.OPERATOR),
    ],
)
def test_the_greatest_group_counts(groups: str, role: Role) -> None:
    caller = caller_of(event(claims("anna", groups)), time.time())
    assert (caller.name, caller.role, caller.fixed_name) == ("anna", role, True)
    assert caller.reviewer("somebody else") == "anna"


def test_a_token_without_a_username_is_named_by_its_subject() -> None:
    said = claims()
    del said["username"]
    assert caller_of(event(said), time.time()).name == said["sub"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "token_missing"),
        ({"requestContext": {}}, "token_missing"),
        ({"requestContext": {"authorizer": {"iam": {}}}}, "token_missing"),
        (event({}), "token_missing"),
        (event({"username": "anna", "cognito:groups": "[operator]"}), "token_invalid"),
        (event({"exp": "soon", "sub": "x", "cognito:groups": "[operator]"}), "token_invalid"),
        (event({"exp": str(NOW + 60), "cognito:groups": "[operator]"}), "token_invalid"),
        (event({"exp": str(NOW - 1), "sub": "x", "cognito:groups": "[operator]"}), "token_expired"),
        (event({"exp": str(NOW + 60), "sub": "x"}), "role_missing"),
        (event({"exp": str(NOW + 60), "sub": "x", "cognito:groups": "[operators admin]"}), "role_missing"),
    ],
)
def test_who_may_not_ask_at_all(given: dict[str, Any], code: str) -> None:
    with pytest.raises(RequestError) as caught:
        caller_of(given, NOW)
    assert caught.value.code == code


@pytest.fixture
def somebody(site: AwsApi) -> Any:
    """Asks as somebody else."""
    before = site.client.said

    def sign_in(said: Any) -> AwsApi:
        site.client.said = said
        return site

    yield sign_in
    site.client.said = before


def said(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (None, (401, "token_missing")),
        (claims(exp=str(int(time.time()) - 60)), (401, "token_expired")),
        (claims(groups=None), (403, "role_missing")),
        (claims(groups="[photographers]"), (403, "role_missing")),
    ],
    ids=["no token", "an old one", "no group", "another group"],
)
def test_requests_without_a_right(somebody: Any, who: Any, answer: tuple[int, str]) -> None:
    stranger = somebody(who)
    for path in ("/batches", "/about", "/openapi.json", "/none-such"):
        found = stranger.get(path)
        assert said(found) == answer
    assert said(stranger.post("/batches", {})) == answer
    assert said(stranger.client.delete("/api/v1/configs/sku/x")) == answer


WRITES = (
    ("POST", "/uploads", {"files": [{"path": "a.gif", "content_type": "image/gif", "bytes": 9}]}),
    ("POST", "/import", {"folder_id": "fld-none"}),
    ("POST", "/batches", {"import_id": "imp-none"}),
    ("POST", "/batches/dry-run", {"import_id": "imp-none"}),
    ("POST", "/batches/b/retry", {}),
    ("POST", "/batches/b/cancel", {}),
    ("POST", "/batches/b/images/i/rework", {"mode": "none"}),
    ("POST", "/enhance/url", {"url": "https://example.org/a.jpg"}),
    ("POST", "/enhance/upload", {"upload_id": "fld-none.x"}),
    ("PUT", "/configs/sku/x", {"mode": "none"}),
    ("DELETE", "/configs/sku/x", None),
)
DECIDES = (
    ("POST", "/batches/b/images/i/review", DECISION),
    ("POST", "/qc/review", DECISION | {"above": 50}),
)


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_only_operators_start_and_change(somebody: Any, method: str, path: str, body: Any) -> None:
    for groups in ("[viewer]", "[viewer reviewer]"):
        api = somebody(claims(groups=groups))
        assert said(api.client.request(method, f"/api/v1{path}", json=body)) == (403, "role_missing")
    api = somebody(claims(groups="[operator]"))
    assert api.client.request(method, f"/api/v1{path}", json=body).status_code not in (401, 403)


@pytest.mark.parametrize(("method", "path", "body"), DECIDES)
def test_reviewers_decide_and_viewers_do_not(somebody: Any, method: str, path: str, body: Any) -> None:
    api = somebody(claims(groups="[viewer]"))
    assert said(api.client.request(method, f"/api/v1{path}", json=body)) == (403, "role_missing")
    api = somebody(claims(groups="[reviewer]"))
    star = {"If-Match": "*"}
    found = api.client.request(method, f"/api/v1{path}", json=body, headers=star)
    assert found.status_code not in (401, 403)


def test_viewers_look_at_everything(somebody: Any) -> None:
    viewer = somebody(claims("vera", "[viewer]"))
    for path in ("about", "batches", "qc/pending", "jobs", "imports", "configs", "overview", "presets"):
        assert viewer.get(f"/{path}").status_code == 200
    assert viewer.found("/about")["caller"] == {"name": "vera", "roles": ["viewer"]}


def test_health_and_the_reference_need_no_token(somebody: Any) -> None:
    stranger = somebody(None)
    assert stranger.client.get("/health").json() == {"status": "ok"}
    page = stranger.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_each_function_answers_its_own_side_alone(site: AwsApi) -> None:
    read, write = site.client._read, site.client._write
    for method, handle in (("POST", read), ("PUT", read), ("DELETE", read), ("GET", write)):
        answer = handle(event_of(method, "/api/v1/batches", {}, b"{}", claims()), None)
        assert answer["statusCode"] == 405
        assert '"code":"method_refused"' in answer["body"]


def test_a_body_has_its_limit(site: AwsApi) -> None:
    answer = site.post("/import/check", {"rows": [{"image_url": "x" * 2000}] * 2500})
    assert said(answer) == (413, "body_too_large")


def test_every_answer_is_strict_and_kept_by_nobody(site: AwsApi) -> None:
    for path in ("/batches", "/none-such"):
        headers = site.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
