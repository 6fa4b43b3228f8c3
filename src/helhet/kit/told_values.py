"""Values as events keep them, in words: days, instants, clock times, numbers with their unit; nothing for nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.kit import spoken

SHORT: Final = 160
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d:\d\d", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
UNITS: Final[dict[str, Callable[[Decimal], str]]] = {
    "minutes": lambda n: ngettext("%(n)s minute", "%(n)s minutes", int(n)),
    "days": lambda n: ngettext("%(n)s day", "%(n)s days", int(n)),
    "weeks": lambda n: ngettext("%(n)s week", "%(n)s weeks", int(n)),
    "months": lambda n: ngettext("%(n)s month", "%(n)s months", int(n)),
    "years": lambda n: ngettext("%(n)s year", "%(n)s years", int(n)),
    "kronor": lambda _n: _("%(n)s kr"),
}  # fmt: skip


def value_told(value: Any, unit: str = "") -> str:
    """A value in the reader's language; empty where there is none. A number takes the `unit`, one of UNITS."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list):
        parts = [*value.values()] if isinstance(value, dict) else value
        separator = "; " if any(isinstance(one, dict) for one in parts) else ", "
        return separator.join(filter(None, map(value_told, parts)))
    text = str(value)
    if unit and _NUMBER.fullmatch(text):
        return UNITS[unit](Decimal(text)) % {"n": spoken.number(Decimal(text).normalize() + 0)}
    if isinstance(value, str) and (words := _of_time(value)):
        return words
    return f"{text[:SHORT]}…" if len(text) > SHORT else text


def _of_time(text: str) -> str:
    """A day, an instant or a clock time in words; empty for what is none."""
    try:
        if _DAY.fullmatch(text):
            return spoken.day(dt.date.fromisoformat(text))
        if _INSTANT.fullmatch(text):
            return spoken.moment(dt.datetime.fromisoformat(text))
        if _CLOCK.fullmatch(text):
            return spoken.clock(dt.datetime.combine(dt.date.min, dt.time.fromisoformat(text)))
    except (ValueError, OverflowError):
        # Also an instant at the end of time, by which other systems say never: here it would be beyond it.
        return ""
    return ""
