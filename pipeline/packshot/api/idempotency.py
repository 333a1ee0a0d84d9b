"""The same request twice is done once: answers are kept under the client's key for a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Header
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from packshot.errors import RequestError
from packshot.ports import Documents

_KIND: Final = "idempotency"
#: Answers are kept for so long.
_KEPT: Final = dt.timedelta(hours=24)
#: A first request that has not answered by then has died.
_PATIENCE: Final = dt.timedelta(minutes=2)
REPLAYED: Final = "Idempotency-Replayed"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same request gives the same answer, for a day.",
    ),
]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body, as they were first given."""

    status: int
    body: BaseModel
    location: str | None = None

    def response(self) -> Response:
        """As it goes out."""
        return _response(self.status, self.body.model_dump(mode="json"), self.location)


def once(
    documents: Documents,
    key: str | None,
    request: tuple[str, ...],
    make: Callable[[], Answer],
) -> Response:
    """Gives the answer that was kept under `key`, or makes and keeps it.

    Args:
        documents: the port.
        key: the client's; None makes the answer each time.
        request: what tells requests apart: caller, route, body. An error is not kept: the
            corrected request may use the same key.
        make: does the work.

    Raises:
        RequestError: idempotency_reused for another request under the key; idempotency_busy.
    """
    if key is None:
        return make().response()
    caller, *rest = request
    place = _hash(caller, key)
    mark = {"request": _hash(*rest), "at": _now().isoformat()}
    if not documents.create(_KIND, place, mark, _now() + _KEPT):
        kept = documents.get(_KIND, place)
        if kept is not None:
            if kept["request"] != mark["request"]:
                raise RequestError("idempotency_reused", key=key)
            if "status" in kept:
                answer = _response(kept["status"], kept["body"], kept["location"])
                answer.headers[REPLAYED] = "true"
                return answer
            if dt.datetime.fromisoformat(kept["at"]) + _PATIENCE > _now():
                raise RequestError("idempotency_busy", key=key)
        documents.put(_KIND, place, mark, _now() + _KEPT)
    try:
        made = make()
    except BaseException:
        documents.delete(_KIND, place)
        raise
    whole = {"status": made.status, "body": made.body.model_dump(mode="json"), "location": made.location}
    documents.put(_KIND, place, mark | whole, _now() + _KEPT)
    return made.response()


def _response(status: int, body: object, location: str | None) -> Response:
    headers = {"Cache-Control": "no-store"}
    if location is not None:
        headers["Location"] = location
    return JSONResponse(body, status_code=status, headers=headers)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
