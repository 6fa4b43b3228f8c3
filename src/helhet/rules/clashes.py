"""When a planned change should not meet another, or a time in which changes may not be made: decision record 0007.

All of it is values: items, services, people and other changes are numbers. What is related to what, and for which items
a freeze or a window holds, is found out by whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helhet.rules.intervals import Interval, merged

NOTHING: frozenset[int] = frozenset()


class Reason(StrEnum):
    """Why two should not meet; the order is that in which they are told."""

    FREEZE = "freeze"
    SAME = "same_item"
    RELATED = "related"
    SERVICE = "service"
    PERSON = "person"
    OUTSIDE = "outside"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Planned:
    """A change in time: what it alters, which services that hits, and who carries it out."""

    id: int
    during: Interval
    items: frozenset[int]
    services: frozenset[int] = NOTHING
    people: frozenset[int] = NOTHING


@dataclass(frozen=True, slots=True)
class Frozen:
    """A freeze, and for which of the things that the change alters or hits it holds. `everything` holds for all."""

    id: int
    during: Interval
    items: frozenset[int] = NOTHING
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """The maintenance windows that bind an altered item: their times, and a text that changes when one is altered."""

    item: int
    windows: str
    times: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Busy:
    """A time that a higher room says is taken: of these people, or of the change as such."""

    key: str
    during: Interval
    people: frozenset[int] = NOTHING


@dataclass(frozen=True, slots=True)
class Found:
    """One clash. `other` is the other side, as `change:12`, `freeze:3`, `windows:…` or what a busy time is called."""

    reason: Reason
    other: str
    mine: Interval
    theirs: Interval | None = None
    items: frozenset[int] = NOTHING
    services: frozenset[int] = NOTHING
    people: frozenset[int] = NOTHING

    @property
    def key(self) -> str:
        """Names the reason, the other side and both windows: another when either is moved. At most 200 characters."""
        theirs = _times(self.theirs) if self.theirs else "-"
        return f"{self.reason.value}|{self.other[:100]}|{_times(self.mine)}|{theirs}"


def _times(one: Interval) -> str:
    return f"{_minutes(one.starts_at):x}-{_minutes(one.ends_at):x}"


def _minutes(at: datetime) -> int:
    return int(at.timestamp())


def clashes(
    mine: Planned,
    others: Iterable[Planned],
    near: Mapping[int, Collection[int]],
    *,
    freezes: Iterable[Frozen] = (),
    allowed: Sequence[Allowed] = (),
    busy: Iterable[Busy] = (),
) -> list[Found]:
    """Every clash of `mine`, by reason. `near` gives to each altered item of it those that are related to it.

    With one other change the same items, related items and shared services are told apart, and what a stronger reason
    has told is not told again: related items only those that are not the same, services only where no item is. A shared
    person is told beside. `others` may hold the change itself, and changes that do not overlap.
    """
    found: list[Found] = []
    around = frozenset(far for item in mine.items for far in near.get(item, ()))
    for other in others:
        if other.id != mine.id and other.during.overlaps(mine.during):
            found += _with(mine, other, around)
    found += [
        Found(Reason.FREEZE, f"freeze:{one.id}", mine.during, one.during, one.items)
        for one in freezes
        if (one.items or one.everything) and one.during.overlaps(mine.during)
    ]
    found += _outside(mine, allowed)
    found += [
        Found(Reason.BUSY, one.key, mine.during, one.during, people=one.people & mine.people)
        for one in busy
        if one.during.overlaps(mine.during) and (not one.people or one.people & mine.people)
    ]
    order = list(Reason)
    return sorted(found, key=lambda one: (order.index(one.reason), one.theirs or one.mine, one.other))


def _with(mine: Planned, other: Planned, around: frozenset[int]) -> list[Found]:
    called = f"change:{other.id}"
    same = mine.items & other.items
    related = (around & other.items) - same
    services = NOTHING if same or related else mine.services & other.services
    people = mine.people & other.people
    found = []
    if same:
        found.append(Found(Reason.SAME, called, mine.during, other.during, same))
    if related:
        found.append(Found(Reason.RELATED, called, mine.during, other.during, related))
    if services:
        found.append(Found(Reason.SERVICE, called, mine.during, other.during, services=services))
    if people:
        found.append(Found(Reason.PERSON, called, mine.during, other.during, people=people))
    return found


def _outside(mine: Planned, allowed: Sequence[Allowed]) -> list[Found]:
    """The items whose windows do not hold the whole change, those with the same windows together."""
    by_windows: dict[str, set[int]] = {}
    for one in allowed:
        if not any(time.holds(mine.during) for time in merged(one.times)):
            by_windows.setdefault(one.windows, set()).add(one.item)
    return [
        Found(Reason.OUTSIDE, f"windows:{windows}", mine.during, items=frozenset(items))
        for windows, items in by_windows.items()
    ]
