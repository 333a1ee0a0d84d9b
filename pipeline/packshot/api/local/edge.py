"""The server's edge on one machine: who may talk to it, and what its answers allow a browser.

A page on the web can make a browser send requests to 127.0.0.1, and can point a name of its own
there (DNS rebinding). So requests must name this server as their host, come from its own pages or from
no page at all, and carry the token: a cookie that no other site's page sends along, or a bearer.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from packshot.api.caller import SCOPE_KEY, Caller
from packshot.api.gate import Gate
from packshot.api.local.tokens import SESSION_S, Tokens
from packshot.api.models.about import Role
from packshot.api.views import PREFIX
from packshot.contracts.limits import MAX_SOURCE_BYTES
from packshot.errors import RequestError

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """How the server may be reached.

    Attributes:
        port: that it listens on.
        remote: also from other machines: addresses in numbers are then good hosts, since rebinding
            needs a name.
        hosts: names that it answers to besides.
        body_bytes, picture_bytes: largest bodies of requests, and of those that are a photo themselves.
        user: under which name decisions go into histories.
    """

    port: int
    remote: bool = False
    hosts: tuple[str, ...] = ()
    body_bytes: int = 8_000_000
    picture_bytes: int = MAX_SOURCE_BYTES
    user: str = "local"


class Edge(Gate):
    """Judges each request before the application sees it."""

    def __init__(self, app: ASGIApp, settings: EdgeSettings, tokens: Tokens) -> None:
        super().__init__(app)
        self._settings = settings
        self._tokens = tokens
        # Browsers write names in small letters, whatever was typed.
        self._hosts: Final = tuple(name.lower() for name in settings.hosts)
        # A cookie is sent to all ports of a host; so each server's has its own name.
        self.cookie: Final = f"packshot_{settings.port}"

    async def judge(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """By host, origin, the body's size and the token; answers itself where a session is opened."""
        headers = Headers(scope=scope)
        self._judge_host(headers)
        self._judge_origin(headers, scope)
        self._judge_size(headers, scope)
        if self._opens_session(scope):
            await self._open_session(scope, receive, send)
            return True
        if scope["path"].startswith("/api/") and not _has_own_seal(scope):
            self._judge_token(headers, scope)
            scope[SCOPE_KEY] = Caller(self._settings.user, Role.OPERATOR)
        return False

    def _judge_host(self, headers: Headers) -> None:
        given = headers.getlist("host")
        name, port = _host_and_port(given[0]) if len(given) == 1 else ("", "")
        allowed = (*_LOOPBACK, *self._hosts)
        if name in allowed and (port == str(self._settings.port) or name in self._hosts):
            return
        if self._settings.remote and _is_address(name):
            return
        raise RequestError("host_refused", host=_shown(given[0] if given else "none"))

    def _judge_origin(self, headers: Headers, scope: Scope) -> None:
        origin = headers.get("origin")
        if origin is not None:
            if origin.partition("://")[2] != headers["host"] or not origin.startswith(
                ("http://", "https://")
            ):
                raise RequestError("origin_refused", origin=_shown(origin))
            return
        site = headers.get("sec-fetch-site")
        if site in ("cross-site", "same-site") and not _is_navigation(headers, scope):
            raise RequestError("origin_refused", origin="another site")
        if scope["method"] not in _SAFE and site is None and "cookie" in headers and not _bearer(headers):
            # Browsers say where such requests come from; one that does not is none that has a cookie.
            raise RequestError("origin_refused", origin="a page that does not say where it lies")

    def _judge_size(self, headers: Headers, scope: Scope) -> None:
        declared = headers.get("content-length", "")
        if _has_own_seal(scope):
            # Its own announcement says how large it is.
            return
        limit = self._settings.body_bytes
        if scope["path"] == f"{PREFIX}/enhance/upload" and headers.get("content-type", "").startswith(
            "image/"
        ):
            limit = self._settings.picture_bytes
        if declared.isdecimal() and int(declared) > limit:
            raise RequestError("body_too_large", limit=limit)
        if "transfer-encoding" in headers and not declared:
            # Without its size a body could go on for ever.
            raise RequestError("request_invalid", reason="a body needs a Content-Length")

    def _judge_token(self, headers: Headers, scope: Scope) -> None:
        bearer = _bearer(headers)
        if bearer is not None:
            if not self._tokens.is_token(bearer):
                raise RequestError("token_invalid")
            return
        session = _cookie(headers, self.cookie)
        if session is None:
            raise RequestError("token_missing")
        self._tokens.check_session(session)

    def _opens_session(self, scope: Scope) -> bool:
        return (
            scope["method"] == "GET"
            and not scope["path"].startswith("/api/")
            and b"token=" in bytes(scope["query_string"])
        )

    async def _open_session(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes the token out of the address and leaves a cookie for it."""
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = query.pop("token", [""])
        if not self._tokens.is_token(given[0]):
            raise RequestError("token_invalid")
        rest = urlencode(query, doseq=True)
        path = "/" + Request(scope).url.path.lstrip("/")
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, status_code=303)
        answer.set_cookie(
            self.cookie,
            self._tokens.session(),
            max_age=SESSION_S,
            httponly=True,
            samesite="strict",
            secure=scope.get("scheme") == "https",
        )
        answer.headers["Cache-Control"] = "no-store"
        await answer(scope, receive, send)


def _has_own_seal(scope: Scope) -> bool:
    """An upload's address is its own permission, as a presigned one is."""
    return scope["method"] == "PUT" and str(scope["path"]).startswith(f"{PREFIX}/uploads/")


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _cookie(headers: Headers, name: str) -> str | None:
    # Those of all servers of this machine come along, and `http.cookies` gives up at the first odd one.
    return cookie_parser(headers.get("cookie", "")).get(name)


def _is_navigation(headers: Headers, scope: Scope) -> bool:
    """A link to one of our pages on another site is followed; what it can see is another matter."""
    return bool(scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate")


def _host_and_port(given: str) -> tuple[str, str]:
    name, colon, port = given.rpartition(":")
    if not colon or "]" in port:
        return given.lower(), "80"
    return name.lower(), port


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:100])
