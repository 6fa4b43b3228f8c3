"""When a document is to be looked at again: intervals and days as people write them, and the day that follows.

The one place where review dates are worked out. What cannot be read for certain is not guessed: `02/06/2017` is a day
in June or in February, so it is refused, and `why_no_day` says why.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from helhet.rules.days import add_months
from helhet.rules.interval_reading import LONGEST, Interval, Refused, find_interval, plain
from helhet.rules.review_words import MONTHS, NO_DAY, WEEKDAYS

__all__ = [
    "SOON", "Interval", "Refused", "State", "day_of_seconds", "due_on", "read_day", "read_interval", "says_none",
    "state_on", "why_no_day", "why_no_interval",
]  # fmt: skip

FIRST_YEAR: Final = 1900
SOON: Final = 30
"""How many days before its due day a document is due soon."""

_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_SWEDISH_FRACTION = re.compile(r"(\d{1,2})/(\d{1,2})[ -]+(\d{4})")
"""Day over month before the year, as only Swedes write it."""
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_COMPACT = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)")
_MONTH_ALONE = re.compile(r"\d{4}(-\d{1,2})?")
_WEEK_DAY = re.compile(r"(\d{4})-w(\d\d)-([1-7])")
_CLOCK = re.compile(
    r"(?:t|\s+(?:at|kl\.?)\s+|\s+|,\s*)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*[ap]m)?\s*"
    r"(?:(?:z|utc|gmt)?\s*(?:[+-]\d{2}:?(?:\d{2})?)?|ces?t|ees?t|bst|[ecmp][sd]t|[a-z]+/[a-z_/]+)\s*\Z"
)
_CLOCK_WITHIN = re.compile(r"\s\d{1,2}:\d{2}(?::\d{2})?(?=\s)")
_LINKED = re.compile(r"\[\[(?:[^\[\]|#]*/(?=\d{4}-\d\d-\d\d[]|#]))?([^\[\]|#]+)(?:[|#][^\[\]]*)?\]\]")
"""A day as a link to its page: `[[2024-03-07]]`, `[[Daily/2024-03-07|that day]]`."""
_ASIDE = re.compile(r"\s*\([a-zåäö .]+\)\Z")
_REMARK = re.compile(
    r"(?<=\d)(?:\s*[,;(]|\s+(?:by|av|-(?=\s[a-zåäö]))\s|\s+[a-zåäö]*\s?§\s*\d+)(?!.*\d{4}|\s*\d)(?!.*\d{1,2}[-/.]\d).*\Z"
)
"""What stands behind a day in figures and has no other: `2024-01-31, KS § 12`, `2024-01-31 - Anna`."""
_SECONDS = re.compile(r"([1-9]\d{8,9})(?:\d{3})?|/Date\(([1-9]\d{8,9})\d{3}(?:[+-]\d{4})?\)/", re.ASCII)
_SECONDS_FROM, _SECONDS_TO = 631_152_000, 4_102_444_800
"""The years 1990 to 2099; what lies outside of them is a number of some other sort."""
_ZONE = re.compile(r"\s+[+-]\d{4}\Z|(?<=-\d\d-\d\d)(?:z|[+-]\d{2}:\d{2})\Z|(?<=\d{8})t\d{4}(?:\d\d)?z?\Z")
_ZONE_NAMED = re.compile(r"(?<=:\d\d)((?:z|[+-]\d{2}:\d{2})?)\[[a-z_/]+\]\Z")


class State(StrEnum):
    """How a document's review stands on a day."""

    FRESH = "fresh"
    SOON = "soon"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


def read_interval(text: object) -> Interval | None:
    """An interval as people write it: `6 months`, `191 days`, `every 3 months`, `ett år`, `var 6:e månad`, `P1Y6M`.

    Units that are whole parts of another are added up (`1 year 6 months` is 18 months). None when it is none:
    `why_no_interval` says why.
    """
    found = find_interval(text)
    return found if isinstance(found, Interval) else None


def why_no_interval(text: object) -> str:
    """The reason why this is no interval, as in `Refused`; empty when it is one."""
    found = find_interval(text)
    return found.reason if isinstance(found, Refused) else ""


def read_day(text: object) -> date | None:
    """A day as people write it: ISO with or without zeros and time, `2 June 2017`, `den 2 juni 2017`, `25/12/2017`.

    An instant gives the day that is written in it. None when it is none, or could be two: `why_no_day` says why.
    """
    found = _day(text)
    return found if isinstance(found, date) else None


def why_no_day(text: object) -> str:
    """The reason why this is no day, as in `Refused`; empty when it is one."""
    found = _day(text)
    return found.reason if isinstance(found, Refused) else ""


def day_of_seconds(value: object) -> date | None:
    """The day, in UTC, of so many seconds or thousandths since 1970, as git, databases and SharePoint tell instants:
    `1706659200`, `/Date(1706659200000)/`. None for a number that is more likely another.
    """
    found = _SECONDS.fullmatch(str(value).strip()) if type(value) in {int, str} else None
    seconds = int(found[1] or found[2]) if found else 0
    return datetime.fromtimestamp(seconds, UTC).date() if _SECONDS_FROM <= seconds < _SECONDS_TO else None


def says_none(text: object) -> bool:
    """Whether a text says that there is no such day: `never`, `tills vidare`."""
    return isinstance(text, str) and plain(text).rstrip(".") in NO_DAY


def due_on(reviewed_on: date | None, interval: Interval | None) -> date | None:
    """The day on which it is to be looked at again; past a month's end it is that month's last.

    None without one of the two, or when it lies after the year 9999.
    """
    if reviewed_on is None or interval is None:
        return None
    try:
        if interval.unit in {"day", "week"}:
            return reviewed_on + timedelta(days=interval.count * (7 if interval.unit == "week" else 1))
        return add_months(reviewed_on, interval.count * (12 if interval.unit == "year" else 1))
    except OverflowError:
        return None


def state_on(due: date | None, day: date, soon: int = SOON) -> State:
    """How it stands on a day: overdue when its due day lies before it, due soon within `soon` days of it."""
    if due is None:
        return State.UNKNOWN
    if due < day:
        return State.OVERDUE
    return State.SOON if (due - day).days <= soon else State.FRESH


def _day(value: object) -> date | Refused:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, bool) or not isinstance(value, str | int):
        return Refused("empty" if value is None else "unknown")
    text = plain(value)
    if not text or len(text) > LONGEST:
        return Refused("unknown" if text else "empty")
    text = linked[1] if (linked := _LINKED.fullmatch(text)) else text
    text = _ZONE_NAMED.sub(r"\1", _ASIDE.sub("", text).rstrip(".,;"))
    text = _ZONE.sub("", _CLOCK_WITHIN.sub("", _CLOCK.sub("", text)))
    return _in_figures(text) or _in_figures(_REMARK.sub("", text)) or _worded(text)


def _in_figures(text: str) -> date | Refused | None:
    """A day in figures alone; None when it is written in another way."""
    found: date | Refused | None = None
    if compact := _COMPACT.fullmatch(text):
        found = _of(compact[1], compact[2], compact[3])
    elif first := _YEAR_FIRST.fullmatch(text):
        found = _of(first[1], first[3], first[4])
    elif last := _YEAR_LAST.fullmatch(text):
        found = _either_way(int(last[1]), int(last[3]), last[4])
    elif swedish := _SWEDISH_FRACTION.fullmatch(text):
        found = _of(swedish[3], swedish[2], swedish[1])
    elif week := _WEEK_DAY.fullmatch(text):
        found = _of_week(int(week[1]), int(week[2]), int(week[3]))
    elif _MONTH_ALONE.fullmatch(text):
        found = Refused("partial")
    return found


def _of(year: str, month: str, day: str) -> date | Refused:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return Refused("impossible")
    return found if found.year >= FIRST_YEAR else Refused("impossible")


def _either_way(first: int, second: int, year: str) -> date | Refused:
    """A day with its year last, when only one order gives a day or both give the same."""
    ways = {_of(year, str(month), str(day)) for day, month in ((first, second), (second, first))}
    days = [way for way in ways if isinstance(way, date)]
    if len(days) == 1:
        return days[0]
    return Refused("ambiguous" if days else "impossible")


def _of_week(year: int, week: int, weekday: int) -> date | Refused:
    try:
        return date.fromisocalendar(year, week, weekday)
    except ValueError:
        return Refused("impossible")


def _worded(text: str) -> date | Refused:
    """A day with its month in letters, in any order that leaves no doubt."""
    words = [word.rstrip(".") for word in re.split(r"[ ,/-]+", text) if word.rstrip(".")]
    words = [word for word in words if word not in WEEKDAYS and word not in {"den", "the", "of"}]
    months = [MONTHS[word] for word in words if word in MONTHS]
    if len(months) != 1:
        return Refused("unknown")
    rest = [re.sub(r"(?<=\d)(st|nd|rd|th|:e|:a)\Z", "", word) for word in words if word not in MONTHS]
    if not all(word.isascii() and word.isdigit() for word in rest):
        return Refused("unknown")
    years = [word for word in rest if len(word) == len("2017")]
    days = [word for word in rest if len(word) <= len("31")]
    if len(rest) == 1 and years:
        return Refused("partial")
    if len(years) != 1 or len(days) != 1 or len(rest) != len(years) + len(days):
        return Refused("unknown")
    return _of(years[0], str(months[0]), days[0])
