"""API Gateway before the functions, as a client sees it: events in payload format 2.0, claims and all."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import httpx2

from packshot.api.aws.edge import is_read
from tests.api.aws.store import Browser

Json = dict[str, Any]
Handle = Callable[[Json, Any], Json]
HOST = "d111111abcdef8.cloudfront.net"


def claims(name: str = "ann", groups: str | None = "[operator]", **more: Any) -> Json:
    """What API Gateway's authoriser has found in an access token."""
    found: Json = {
        "sub": "7c1c8a52-0000-4000-8000-000000000001",
        "username": name,
        "client_id": "client",
        "scope": "packshot/api",
        "exp": str(int(time.time()) + 3600),
        **more,
    }
    if groups is not None:
        found["cognito:groups"] = groups
    return found


def event_of(
    method: str, url: str, headers: Mapping[str, str], body: bytes, said: Json | None, query: str = ""
) -> Json:
    """A request as API Gateway hands it to a function."""
    parts = urlsplit(url)
    # It hands paths on decoded.
    path = unquote(parts.path)
    text: str | None
    try:
        text, is_encoded = body.decode(), False
    except UnicodeDecodeError:
        text, is_encoded = base64.b64encode(body).decode(), True
    context: Json = {
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": "test",
        },
        "requestId": "id",
        "routeKey": f"{method} /api/v1/{{proxy+}}",
        "stage": "$default",
    }
    if said is not None:
        context["authorizer"] = {"jwt": {"claims": said, "scopes": ["packshot/api"]}}
    return {
        "version": "2.0",
        "routeKey": context["routeKey"],
        "rawPath": path,
        "rawQueryString": "&".join(one for one in (parts.query, query) if one),
        "headers": {"host": HOST, "content-length": str(len(body)), **headers},
        "requestContext": context,
        "body": text or None,
        "isBase64Encoded": is_encoded,
    }


class Gateway:
    """Speaks HTTP to the two functions, and to S3 where an answer leads there.

    Args:
        read: the function of what changes nothing.
        write: that of all else.
        browser: S3.
        each: called before each request: time goes on.
    """

    def __init__(self, read: Handle, write: Handle, browser: Browser, each: Callable[[], None]) -> None:
        self._read, self._write = read, write
        self._browser = browser
        self._each = each
        self.said: Json | None = claims()

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes = b"",
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        if url.startswith("https://"):
            assert method == "GET"
            return self._browser.get(url, headers)
        self._each()
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if json is not None:
            content = _json(json)
            sent.setdefault("content-type", "application/json")
        asked = {name: str(value) for name, value in (params or {}).items() if value is not None}
        event = event_of(method, url, sent, content, self.said, urlencode(asked))
        answer = (self._read if is_read(method, urlsplit(url).path) else self._write)(event, None)
        return response_of(answer)

    def get(self, url: str, **options: Any) -> httpx2.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, *, data: Any = None, files: Any = None, **options: Any) -> httpx2.Response:
        if url.startswith("https://"):
            return self._browser.send(url, data, files["file"])
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> httpx2.Response:
        return self.request("PUT", url, **options)

    def delete(self, url: str, **options: Any) -> httpx2.Response:
        return self.request("DELETE", url, **options)


def response_of(answer: Json) -> httpx2.Response:
    """What a client gets of a function's answer."""
    assert set(answer) <= {"statusCode", "headers", "body", "isBase64Encoded", "cookies"}
    assert len(json.dumps(answer)) < 6_000_000, "Lambda takes no more"
    body = answer["body"]
    content = base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()
    return httpx2.Response(answer["statusCode"], headers=answer["headers"], content=content)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
