"""Instants as files write them."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Any, Final

from helhet.importers.days import FIRST

_WRITTEN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:(?:T|\s+)(\d{2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?\s*"
    r"(Z|UTC|[+-]\d{2}:?(?:\d{2})?)?\Z",
    re.ASCII | re.IGNORECASE,
)
_COUNTED = re.compile(r"([2-7]\d{4})(\.\d+)?\Z", re.ASCII)
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d+)?\Z", re.ASCII)
DAY: Final = 86_400


def instant_of(value: Any) -> str | None:
    """An instant in ISO to the second, with its offset where the value has one; None when it is none.

    Read are ISO, also with a blank for the T; a day alone, as its beginning; a spreadsheet's count of days; and a
    count of seconds or milliseconds since 1970, which is in UTC.
    """
    text = str(value).strip()
    with suppress(ValueError, OverflowError):
        if written := _WRITTEN.match(text):
            *numbers, zone = written.groups()
            at = dt.datetime(*(int(number or 0) for number in numbers), tzinfo=_zone(zone))  # type: ignore[arg-type, misc] # six numbers
            return at.isoformat()
        if counted := _COUNTED.match(text):
            day = dt.datetime.combine(FIRST, dt.time()) + dt.timedelta(int(counted[1]))  # the file says no zone
            return (day + dt.timedelta(seconds=round(float(counted[2] or 0) * DAY))).isoformat()
        if epoch := _EPOCH.match(text):
            return dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC).isoformat()
    return None


def _zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC"}:
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    away = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-away if text[0] == "-" else away)
