"""The persons of Vinterhamn and where they sit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from helhet.home.demo import words as w


@dataclass(frozen=True, slots=True)
class Member:
    """A person of Vinterhamn, with groups as (name, role, from, to) in days ago; `to` None for no end."""

    name: str
    email: str
    unit: str
    title: str
    groups: tuple[tuple[str, str, int, int | None], ...]


def people(chance: random.Random) -> Iterator[Member]:
    """Seventy persons: chairs, deputies and members, some in several groups, some in none."""
    first, last = list(w.FIRST_NAMES), [*w.LAST_NAMES, *w.LAST_NAMES]
    chance.shuffle(first)
    chance.shuffle(last)
    names = [f"{given} {family}" for given, family in zip([*first, *first], last, strict=False)][:70]
    seats = _seats(chance)
    for place, name in enumerate(names):
        plain = name.lower().translate(str.maketrans("åäöéü", "aaoeu")).replace(" ", ".")
        yield Member(
            name, f"{plain}@{w.DOMAIN}", chance.choice(w.UNITS), chance.choice(w.TITLES), tuple(seats.get(place, ()))
        )


def _seats(chance: random.Random) -> dict[int, list[tuple[str, str, int, int | None]]]:
    """Who sits where: place among the persons to groups."""
    seats: dict[int, list[tuple[str, str, int, int | None]]] = {}
    place = 0
    for group, _basis, formed, size, _mandate in w.GROUPS:
        for seat in range(size - 1):
            role = ("chair", "deputy")[seat] if seat < 2 else "member"
            ends = None
            if seat == size - 2 and formed > 500:
                ends = chance.randrange(20, 200)
            if group == w.MAPS and role == "chair":
                ends = 41
            seats.setdefault(place, []).append((group, role, formed - chance.randrange(5), ends))
            if role == "chair":
                seats[place].append((w.TEAM, "chair" if group == w.SERVERS else "member", formed, ends))
            place += 1
        elsewhere = chance.randrange(place)
        if all(one[0] != group for one in seats[elsewhere]):
            seats[elsewhere].append((group, "member", formed - 60, None))
    return seats
