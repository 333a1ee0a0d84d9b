"""A span of days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from packshot.errors import RequestError


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last day, both included; UTC."""

    since: dt.date
    until: dt.date

    @classmethod
    def of(cls, since: dt.date | None, until: dt.date | None, today: dt.date) -> Window:
        """The days asked for; by default the last thirty.

        Raises:
            RequestError: request_invalid when it ends before it begins.
        """
        last = until or today
        try:
            first = since or last - dt.timedelta(days=29)
        except OverflowError as error:
            raise RequestError("request_invalid", reason="until: it is too long ago") from error
        if first > last:
            raise RequestError("request_invalid", reason="since: it is after until")
        return cls(first, last)

    def holds(self, moment: dt.datetime) -> bool:
        """True for a moment on one of the days."""
        return self.since <= moment.astimezone(dt.UTC).date() <= self.until
