"""The names and values of what pages say of their review, whether in front of the text or in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple
from unicodedata import normalize

from helhet.rules.page_names import BY, COUNTED, EITHER, EVERY, REVIEWED, SAYS_LESS, TOLD_EITHER_WAY, WITHIN
from helhet.rules.reviewing import Interval, day_of_seconds, read_day, read_interval

DEPTH: Final = 3
NUMBER: Final = re.compile(r"\d+(?:\.0+)?")
LIKE_REVIEW: Final = re.compile(r"review|gransk|[öo]versyn|aktualitet|ompr[öo]v|uppf[öo]lj")
"""What a name has in it that is as that of a review."""
_SHAREPOINT = re.compile(r"_x(00[0-9a-f]{2})_", re.IGNORECASE)
"""How lists in SharePoint write spaces and letters beyond ASCII in names: `Senast_x0020_granskad`."""


class Unread(NamedTuple):
    """A value that could not be used: the name that it stands under, the value, and why, as in `reviewing.Refused`;
    `owner` for an owner that is no name, `review_either` for a day that may be that of the last review or the next,
    `told_neither_way` for what is neither interval nor day, `interval_alone` for an interval without a review to count
    from, `review_in_text` for what stands in the text, `review_name` for what stands under a name that is not known.
    """

    name: str
    value: str
    reason: str


def plain_name(name: str) -> str:
    """A name however it is written, as those in `page_names` are."""
    plain = _SHAREPOINT.sub(lambda code: chr(int(code[1], 16)), str(name))
    spaced = re.sub(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])", "_", normalize("NFC", plain))
    return re.sub(r"\W+", "_", spaced).strip("_").lower()


@cache
def counted_names() -> tuple[str, ...]:
    """The names of intervals that have their unit within."""
    return tuple(
        one + unit for one in (*EVERY, "review") for inner in COUNTED for unit in (inner, f"_in{inner}", f"_i{inner}")
    )


@cache
def day_names() -> frozenset[str]:
    """The names under which nothing stands but a day."""
    return frozenset((*REVIEWED, *BY, *EITHER))


@cache
def interval_names() -> frozenset[str]:
    """The names under which nothing stands but an interval."""
    return frozenset((*EVERY, *counted_names()))


@cache
def either_names() -> frozenset[str]:
    """The names under which an interval stands, or a day, and seldom anything else."""
    return frozenset(TOLD_EITHER_WAY) - frozenset(SAYS_LESS)


def day_told(value: object) -> date | None:
    """A day as people write it, or as programs count it."""
    return read_day(value) or day_of_seconds(value)


def interval_told(value: Any) -> Interval | None:
    """An interval, also of what means one behind `every` alone."""
    return read_interval(value) or read_interval(
        f"every {value}" if isinstance(value, str) and value.strip() else value
    )


def with_unit(name: str, value: Any) -> Any:
    """The value under one of `counted_names`, with the unit that the name tells."""
    return f"{value} {COUNTED[name[name.rindex('_') :]]}" if name and NUMBER.fullmatch(str(value)) else value


def told_either_way(value: Any) -> bool:
    """Whether a value under one of TOLD_EITHER_WAY says an interval or a day."""
    return interval_told(value) is not None or day_told(value) is not None


def each_of(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """What stands in front of a page, those at the top before those within: the names of what it stands in, its own as
    it is written, and the value.
    """
    level = [("", facts)]
    for _step in range(DEPTH):
        below = []
        for before, values in level:
            for given, value in values.items():
                yield before, given, value
                if is_within(given, value):
                    below.append((f"{plain_name(given)}_", value))
        level = below


def is_within(given: str, value: Any) -> bool:
    """Whether it is an object whose inner names count as if they stood at the top."""
    return isinstance(value, Mapping) and plain_name(given) in WITHIN


def named(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Each value by its plain name, those at the top before those within."""
    found: dict[str, Any] = {}
    for before, given, value in each_of(facts):
        name = plain_name(given)
        for one in (name, f"{before}{name}"):
            if found.get(one) in (None, ""):
                found[one] = value
    return found


def first_of(known: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of the names under which something stands, and that; nothing where none has a value."""
    name = next((name for name in names if known.get(name) not in (None, "", [], {})), "")
    value = known[name] if name else None
    # A link in double brackets that lacks its quotation marks is a list in a list to YAML.
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return name, value


def says_review(known: Mapping[str, Any]) -> bool:
    """Whether what stands in front of a page says anything of its review, be it that there is none."""
    named = (name for name in known if name in day_names() or name in interval_names())
    return any(known[name] not in (None, "", [], {}) for name in named) or any(
        told_either_way(first_of(known, (name,))[1]) for name in TOLD_EITHER_WAY
    )
