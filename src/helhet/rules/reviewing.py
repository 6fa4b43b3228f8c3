"""When a document is to be looked at again: intervals and days as people write them, and the day that follows.

The one place where review dates are worked out. What cannot be read for certain is not guessed: `02/06/2017` is a day
in June or in February, so it is refused, and `why_no_day` says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from helhet.rules.days import add_months
from helhet.rules.review_words import (
    EVERY,
    MONTHS,
    NAMED,
    NEVER,
    NO_DAY,
    NUMBERS,
    ORDINALS,
    UNITS,
    WEEKDAYS,
)

MOST: Final = 32_767
"""The highest count that can be kept."""
FIRST_YEAR: Final = 1900
LONGEST: Final = 200
"""How many letters a day or an interval may take; what is longer is a text."""
SOON: Final = 30
"""How many days before its due day a document is due soon."""

_COUNTED = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?|[a-zåäö]+)[ -]?([a-zåäö]+)")
_ISO_LENGTH = re.compile(r"P(?=\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T0[HMS])?")
_ISO_UNITS = ("year", "month", "week", "day")
_TIMES = re.compile(
    r"(once|twice|\w+ ?(?:times?|x|g[åa]ng(?:er)?|ggr\.?)) ?(?:/|\b(?:a|an|per|each|every|om|i|varje)\b) ?(\w+)"
)
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
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""Signs without width, which come along when a day is copied from another program."""
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_ABOUT = re.compile(r"(?:~|ca\.?|cirka|about|approximately|approx\.?|roughly|ungefär)\s*(?=\S)")
_ASIDE = re.compile(r"\s*\([a-zåäö .]+\)\Z")
_REMARK = re.compile(
    r"(?<=\d)(?:\s*[,;(]|\s+(?:by|av|-(?=\s[a-zåäö]))\s|\s+[a-zåäö]*\s?§\s*\d+)(?!.*\d{4}|\s*\d)(?!.*\d{1,2}[-/.]\d).*\Z"
)
"""What stands behind a day in figures and has no other: `2024-01-31, KS § 12`, `2024-01-31 - Anna`."""
_AS_NEEDED = re.compile(
    r"(?:\s*[,;/]\s*|\s+(?=or\b|eller|och\b|and\b|samt))(?:(?:or|eller|och|and|samt)\s+)?"
    r"(?:vid|as|when|whenever|upon|on|if|after|om|efter)\s+\D+\Z"
)
"""What else brings a review on: `årligen eller vid behov`, `annually or after major changes`."""
_AT_LEAST = re.compile(r"(?:at least|minst)\s+(?=\S)")
_COUNTED_FROM = re.compile(
    r"\s+(?:from|after|since|efter|från)\s+(?:the\s+)?(?:last|previous|senaste|föregående)\s+"
    r"(?:review|granskning(?:en)?|översyn(?:en)?)\Z"
)
_NEEDED_AND = re.compile(
    r"(?:vid behov|as needed|when needed)\s*[,;]?\s*(?:(?:dock|men|och|but|and)\s+)?(?=(?:minst|at least)\s)"
)
"""What counts is the least that follows: `vid behov, dock minst vartannat år`."""
_OF_REVIEW = re.compile(r"(?<=\S)\s+(?:review|översyn|granskning|revidering)\Z")
_WITH_ASIDE = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
_FILLING = re.compile(
    r"(?<=[a-zåäö])\((?:s|er|ar)\)|(?<=[a-zåäö])\s*\(\d+\)(?=\s)|(?<=\d )calendar\s|(?<=[a-zåäö])'s?(?=\s|\Z)"
)
"""Words that alter nothing: `six (6) months`, `6 month(s)`, `12 calendar months`, `6 month's`."""
_AND_A_HALF = re.compile(
    r"\b(\w+) (?:och (?:ett halvt|en halv)|and a half) (?=\w)"
    r"|\b(an?|one|ett) (year|month|år) (?:and a half|och ett halvt)\Z"
)
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


@dataclass(frozen=True, slots=True)
class Interval:
    """So many days, weeks, months or years (`unit`: `day`, `week`, `month`, `year`).

    Raises:
        ValueError: when the count is not 1 to 32,767, or the unit is none of these.
    """

    count: int
    unit: str

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST or self.unit not in {"day", "week", "month", "year"}:
            raise ValueError(f"No interval: {self.count} {self.unit}")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a text is no interval or day: `empty`, `never` (it says that there is none), `unit` (a number alone), `mixed`
    (units that do not add up), `zero`, `long`, `ambiguous` (day or month first), `partial` (no day of the month),
    `impossible` (no such day), or `unknown`.
    """

    reason: str


def read_interval(text: object) -> Interval | None:
    """An interval as people write it: `6 months`, `191 days`, `every 3 months`, `ett år`, `var 6:e månad`, `P1Y6M`.

    Units that are whole parts of another are added up (`1 year 6 months` is 18 months). None when it is none:
    `why_no_interval` says why.
    """
    found = _interval(text)
    return found if isinstance(found, Interval) else None


def why_no_interval(text: object) -> str:
    """The reason why this is no interval, as in `Refused`; empty when it is one."""
    found = _interval(text)
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
    return isinstance(text, str) and _plain(text).rstrip(".") in NO_DAY


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


def _interval(value: object) -> Interval | Refused:
    if isinstance(value, timedelta):
        return _made(value.days, "day")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Refused("empty" if value is None else "never" if value is False else "unknown")
    text = re.sub(r"\bvart?ann(?=at\b|an\b)", "var ann", _plain(value).rstrip("."))
    if not text or text in NEVER:
        return Refused("never" if text else "empty")
    if len(text) > LONGEST:
        return Refused("unknown")
    text = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    text = _FILLING.sub("", _COUNTED_FROM.sub("", _AS_NEEDED.sub("", _NEEDED_AND.sub("", text))))
    text = _AND_A_HALF.sub(_halved, _OF_REVIEW.sub("", text))
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        return Refused("unit" if text.strip("0.,") else "zero")
    return _said_twice(text) or _in_words(text)


def _halved(found: re.Match[str]) -> str:
    """`ett och ett halvt år` and `a year and a half` in figures."""
    if found[2]:
        return f"1.5 {found[3]}"
    number = _number(found[1])
    return found[0] if number is None else f"{number + 0.5:g} "


def _said_twice(text: str) -> Interval | Refused | None:
    """An interval with the same one behind it in other words; None when nothing stands behind it."""
    aside = _WITH_ASIDE.fullmatch(text)
    if not aside:
        return None
    first, second = _in_words(aside[1]), _in_words(aside[2])
    return first if _smallest(first) == _smallest(second) else Refused("unknown")


def _smallest(found: Interval | Refused) -> tuple[int, str] | Refused:
    """An interval in months or days, so that `24 months (biennial)` says the same twice."""
    if isinstance(found, Refused):
        return found
    count, unit = {"year": (12, "month"), "week": (7, "day")}.get(found.unit, (1, found.unit))
    return found.count * count, unit


def _in_words(text: str) -> Interval | Refused:
    if text in NAMED:
        return _made(*NAMED[text])
    if iso := _ISO_LENGTH.fullmatch(text.upper()):
        return _total([(int(number or 0), unit) for number, unit in zip(iso.groups(), _ISO_UNITS, strict=True)])
    if times := _TIMES.fullmatch(text):
        return _times(times[1], times[2])
    lead = next((lead for lead in EVERY if text.startswith(lead + " ")), None)
    if lead is None and (least := _AT_LEAST.match(text)):
        return _in_words(text[least.end() :])
    return _counted(text.removeprefix(lead + " "), alone=1) if lead else _counted(text)


def _times(often: str, unit: str) -> Interval | Refused:
    """So many times in a unit, where that comes out even."""
    first = re.match(r"\d+|\w+", often)
    times = {"once": 1, "twice": 2}.get(first[0]) or _number(first[0]) if first else None
    base = UNITS.get(unit)
    if not times or base is None:
        return Refused("unknown")
    count, name = base
    if times == 1:
        return _made(count, name)
    months = count * (12 if name == "year" else 1)
    if name in {"year", "month"} and months % times == 0:
        return _made(int(months // times), "month")
    return Refused("mixed")


def _counted(text: str, alone: int = 0) -> Interval | Refused:
    """`6 months`, `a year and six months`; with `alone`, a unit without a number counts as so many."""
    if alone and text in UNITS:
        return _made(*UNITS[text])
    if alone and text in NAMED:
        return _made(*NAMED[text])
    parts = re.split(r",? (?:and|och) |, ", text)
    pairs: list[tuple[float, str]] = []
    for part in parts:
        rest = re.sub(r"(\d+):?(?:e|a|st|nd|rd|th)\b", r"\1", part) if alone else part
        found = list(_COUNTED.finditer(rest))
        if not found or re.sub(r"[ ,]", "", _COUNTED.sub("", rest)):
            return Refused("unknown")
        for one in found:
            number, unit = _number(one[1], ordinal=bool(alone)), UNITS.get(one[2])
            if number is None or unit is None:
                return Refused("unknown")
            pairs.append((number * unit[0], unit[1]))
    return _total(pairs)


def _number(word: str, *, ordinal: bool = False) -> float | None:
    if word[0].isdigit():
        return float(word.replace(",", "."))
    if ordinal and word in ORDINALS:
        return ORDINALS[word]
    return NUMBERS.get(word)


def _total(pairs: list[tuple[float, str]]) -> Interval | Refused:
    """One interval of several counts, in the largest unit that all come out even in."""
    pairs = [pair for pair in pairs if pair[0]]
    if not pairs:
        return Refused("zero")
    if len(pairs) == 1 and pairs[0][0] == int(pairs[0][0]):
        return _made(int(pairs[0][0]), pairs[0][1])
    for units, small in (({"year": 12, "month": 1}, "month"), ({"week": 7, "day": 1}, "day")):
        if all(unit in units for _count, unit in pairs):
            total = sum(count * units[unit] for count, unit in pairs)
            return _made(int(total), small) if total == int(total) else Refused("mixed")
    return Refused("mixed")


def _made(count: int, unit: str) -> Interval | Refused:
    if count < 1:
        return Refused("zero")
    return Interval(count, unit) if count <= MOST else Refused("long")


def _day(value: object) -> date | Refused:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, bool) or not isinstance(value, str | int):
        return Refused("empty" if value is None else "unknown")
    text = _plain(value)
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


def _plain(value: object) -> str:
    """One line in small letters, without quotation marks around it or signs that nobody sees."""
    seen = _UNSEEN.sub("", normalize("NFKC", str(value)))
    return " ".join(seen.translate(_DASHES).strip().strip("\"'").split()).lower()


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
