"""Who is asking, and what they may do. The server's edge finds it out; routes only say what they need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from packshot.api.models.about import CallerView, Role
from packshot.errors import InternalError, RequestError

#: Where the edge leaves the caller in the request's scope.
SCOPE_KEY: Final = "packshot.caller"

#: For the document alone: the edge has judged the token before a route is reached.
bearer = HTTPBearer(auto_error=False, description="The token that `packshot serve` has printed.")

_ORDER: Final = tuple(Role)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking.

    Attributes:
        name: for histories.
        role: the greatest that they have.
        fixed_name: they have signed in under it, so a request can't give another.
    """

    name: str
    role: Role
    fixed_name: bool = False

    def may(self, role: Role) -> bool:
        """True when their role includes it."""
        return _ORDER.index(self.role) >= _ORDER.index(role)

    def reviewer(self, given: str | None) -> str:
        """Under which name a decision goes into the history."""
        return self.name if self.fixed_name or not given else given

    def view(self) -> CallerView:
        """As it goes out."""
        return CallerView(name=self.name, roles=tuple(role for role in Role if self.may(role)))


def _needs(role: Role) -> Callable[..., Awaitable[Caller]]:
    async def caller(
        request: Request,
        _token: Annotated[object, Security(bearer)] = None,
    ) -> Caller:
        found = request.scope.get(SCOPE_KEY)
        if not isinstance(found, Caller):
            raise InternalError("internal_error", reason="the server's edge has named no caller")
        if not found.may(role):
            raise RequestError("role_missing", role=role.value)
        return found

    return caller


Viewer = Annotated[Caller, Depends(_needs(Role.VIEWER))]
Reviewer = Annotated[Caller, Depends(_needs(Role.REVIEWER))]
Operator = Annotated[Caller, Depends(_needs(Role.OPERATOR))]
