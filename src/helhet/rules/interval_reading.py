"""Intervals of review as people write them. What cannot be read for certain is not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from unicodedata import normalize

from helhet.rules.review_words import EVERY, NAMED, NEVER, NUMBERS, ORDINALS, UNITS

MOST: Final = 32_767
"""The highest count that can be kept."""
LONGEST: Final = 200
"""How many letters a day or an interval may take; what is longer is a text."""

_COUNTED = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?|[a-zåäö]+)[ -]?([a-zåäö]+)")
_ISO_LENGTH = re.compile(r"P(?=\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T0[HMS])?")
_ISO_UNITS = ("year", "month", "week", "day")
_TIMES = re.compile(
    r"(once|twice|\d+(?= ?/)|\w+ ?(?:times?|x|g[åa]ng(?:er)?|ggr\.?))"
    r"(?: ?(?:/|\b(?:a|an|per|each|every|om|i|varje)\b) ?| (?=\w+(?:ly|ligen)\Z))(\w+)"
)
_EACH = re.compile(r"(\d+|[a-z]+)[ -](month|year|week)ly")
"""`6-monthly`, as the English say for each sixth month."""
_HALF = re.compile("(\\d*)\\s*½")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""Signs without width, which come along when a day is copied from another program."""
_QUOTES = "\"'“”„‘’«»"
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_ABOUT = re.compile(r"(?:~|ca\.?|cirka|about|approximately|approx\.?|roughly|ungefär)\s*(?=\S)")
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
_OF_REVIEW = re.compile(
    r"(?<=\S)\s+(?:(?:review )?(?:cycle|interval|period)|review|översyn|granskning|revidering|intervall|cykel)\Z"
)
_WITH_ASIDE = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
_FILLING = re.compile(
    r"(?<=[a-zåäö])\((?:s|er|ar)\)|(?<=[a-zåäö])\s*\(\d+\)(?=\s)|(?<=\d )calendar\s|(?<=[a-zåäö])'s?(?=\s|\Z)"
)
"""Words that alter nothing: `six (6) months`, `6 month(s)`, `12 calendar months`, `6 month's`."""
_AND_A_HALF = re.compile(
    r"\b(\w+) (?:och (?:ett halvt|en halv)|and a half) (?=\w)"
    r"|\b(an?|one|ett) (year|month|år) (?:and a half|och ett halvt)\Z"
)


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


def find_interval(value: object) -> Interval | Refused:
    """The interval, or why there is none."""
    if isinstance(value, timedelta):
        return _made(value.days, "day")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Refused("empty" if value is None else "never" if value is False else "unknown")
    text = re.sub(r"\bvart?ann(?=at\b|an\b)", "var ann", plain(value).rstrip("."))
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
    if named := NAMED.get(text) or NAMED.get(text.replace(" ", "-")):
        return _made(*named)
    if (each := _EACH.fullmatch(text)) and (number := _number(each[1])):
        return _total([(number, each[2])])
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
    base = UNITS.get(unit) or NAMED.get(unit)
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


def plain(value: object) -> str:
    """One line in small letters, without quotation marks around it or signs that nobody sees."""
    halves = _HALF.sub(lambda half: f"{half[1] or 0}.5", str(value))
    seen = _UNSEEN.sub("", normalize("NFKC", halves))
    return " ".join(seen.translate(_DASHES).strip().strip(_QUOTES).split()).lower()
