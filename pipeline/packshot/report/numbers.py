"""Numbers as people read them; used on the page and in the terminal."""

from __future__ import annotations

import datetime as dt

_MINUTE_S = 60
_HOUR_S = 3600


def size(count: float) -> str:
    """Bytes in units of 1000, as shops state their limits: `482 KB`, `7.1 MB`."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= step:
            value = count / step
            return f"{value:.1f} {unit}" if value < 100 else f"{value:,.0f} {unit}"
    return f"{count:.0f} bytes"


def milliseconds(value: float) -> str:
    """A time of work: `85 ms`, `1.24 s`."""
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.2f} s"


def seconds(value: float) -> str:
    """A time of waiting: `8.2 s`, `2 min 10 s`, `3 h 05 min`."""
    if value < 10:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S:02d} s"
    minutes = round(value / _MINUTE_S)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def score(value: float | None) -> str:
    """A score, rounded down as thresholds are strict: 74.96 must not read as 75."""
    return "–" if value is None else f"{int(value * 10) / 10:.1f}"


def percent(part: float, whole: float) -> str:
    """A share in whole percent; never 0 % of something nor 100 % of less than all."""
    if not whole:
        return "0 %"
    value = 100 * part / whole
    if 0 < value < 1:
        return "< 1 %"
    return "> 99 %" if 99 < value < 100 else f"{value:.0f} %"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 image`, `2,000 images`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def moment(value: dt.datetime) -> str:
    """A day and time in UTC: `21 November 2026, 05:42 UTC`."""
    utc = value.astimezone(dt.UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"
