"""What every edge is around its judgement: answers that a browser may trust, and refusals as problems."""

from __future__ import annotations

from abc import ABC, abstractmethod

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packshot.api.headers import guard
from packshot.api.problems import problem_response
from packshot.errors import RequestError


class Gate(ABC):
    """Lets a request through to the application, or answers it with the reason why not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    @abstractmethod
    async def judge(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """True when the request has been answered here; False lets it through.

        Raises:
            RequestError: it is refused.
        """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            guard(message, scope["path"])
            await send(message)

        try:
            answered = await self.judge(scope, receive, guarded)
        except RequestError as error:
            await problem_response(error, scope["path"])(scope, receive, guarded)
            return
        if not answered:
            await self._app(scope, receive, guarded)
