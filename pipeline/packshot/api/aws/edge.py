"""The edge behind API Gateway: who is asking, by the authoriser's claims, and which function answers what.

The gateway has checked the token: its signature, its end, whose it is. What can be checked once more is, so
that a route without an authoriser opens nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from packshot.api.caller import SCOPE_KEY, Caller
from packshot.api.gate import Gate
from packshot.api.models.about import Role
from packshot.api.views import PREFIX
from packshot.errors import RequestError

#: Methods that change nothing.
_READS: Final = ("GET", "HEAD")
#: A look at a folder signs addresses for what it lacks; they are worth what the role may that signs them.
_SIGNS: Final = f"{PREFIX}/uploads/"
_GROUPS: Final = "cognito:groups"


def is_read(method: str, path: str) -> bool:
    """True for what the function answers that may change nothing."""
    return method in _READS and not path.startswith(_SIGNS)


class AwsEdge(Gate):
    """Judges each request before the application sees it.

    Args:
        app: the application.
        reads: this function answers what changes nothing; the other one all else.
        body_bytes: largest body.
        clock: seconds since 1970.
    """

    def __init__(
        self, app: ASGIApp, *, reads: bool, body_bytes: int, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(app)
        self._reads = reads
        self._body_bytes = body_bytes
        self._clock = clock

    async def judge(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """By the function's side, the body's size and the caller's claims."""
        self._judge_side(scope)
        self._judge_size(scope)
        if scope["path"].startswith("/api/"):
            scope[SCOPE_KEY] = caller_of(scope.get("aws.event") or {}, self._clock())
        return False

    def _judge_side(self, scope: Scope) -> None:
        if is_read(scope["method"], scope["path"]) is not self._reads:
            raise RequestError("method_refused", method=scope["method"], path=scope["path"])

    def _judge_size(self, scope: Scope) -> None:
        declared = Headers(scope=scope).get("content-length", "")
        body = (scope.get("aws.event") or {}).get("body") or ""
        if len(body) > self._body_bytes or (declared.isdecimal() and int(declared) > self._body_bytes):
            raise RequestError("body_too_large", limit=self._body_bytes)


def caller_of(event: Mapping[str, Any], now: float) -> Caller:
    """Who is asking, from the claims that API Gateway's authoriser has found.

    Raises:
        RequestError: token_missing, token_invalid, token_expired; role_missing for one of no group of ours.
    """
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    if not claims:
        raise RequestError("token_missing")
    try:
        ends = float(claims["exp"])
        name = str(claims.get("username") or claims["sub"])
    except (KeyError, TypeError, ValueError) as error:
        raise RequestError("token_invalid") from error
    if ends <= now:
        raise RequestError("token_expired")
    groups = groups_of(claims.get(_GROUPS))
    roles = [role for role in Role if role.value in groups]
    if not roles:
        raise RequestError("role_missing", role=Role.VIEWER.value)
    # The greatest comes last.
    return Caller(name, roles[-1], fixed_name=True)


def groups_of(claim: object) -> frozenset[str]:
    """Names of groups: a list, as the token has them; `[a b]`, as API Gateway flattens it; or one word."""
    if isinstance(claim, list):
        return frozenset(str(one) for one in claim)
    if not isinstance(claim, str):
        return frozenset()
    text = claim.strip()
    if text.startswith('["'):
        try:
            return groups_of(json.loads(text))
        except ValueError:
            return frozenset()
    return frozenset(text.strip("[]").replace(",", " ").split())
