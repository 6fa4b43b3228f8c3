"""What has changed since the arrays were built: the items that were touched, each as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import IN_SET, STRENGTH, Arrays, Marks8, Places, Sets, make_sets, places_of


@dataclass(frozen=True, slots=True)
class SetFact:
    """A redundancy of an item, with the numbers of its members, present or not."""

    least: int
    is_share: bool
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """An item as it is now: what it depends on, with the strength of each link, what it is part of, its redundancies,
    who answers for it and its kind (0: none).
    """

    item: int
    is_gone: bool = False
    ties: tuple[tuple[int, int], ...] = ()
    whole: int = 0
    sets: tuple[SetFact, ...] = ()
    owner: int = 0
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """Links of touched items, by dependant and by provider; all ends are places, those from `len(base.ids)` on being
    the items of `extra`. `touched` and `gone` say it of every place; `owner` and `kind` belong to `place`.
    """

    extra: NDArray[np.int64]
    place: Places
    touched: Marks8
    gone: Marks8
    up: tuple[Places, Places, Marks8]
    down: tuple[Places, Places, Marks8]
    part_up: tuple[Places, Places, Marks8]
    part_down: tuple[Places, Places, Marks8]
    sets: Sets
    owner: NDArray[np.int64]
    kind: NDArray[np.int64]


def lay_over(base: Arrays, facts: Sequence[Fact]) -> Overlay:
    """The overlay of these facts. Links to numbers that are neither in the arrays nor told of are left out."""
    numbers = np.array(sorted(fact.item for fact in facts), np.int64)
    _places, is_known = places_of(base.ids, numbers)
    extra = numbers[~is_known]
    count = len(base.ids) + len(extra)
    gone = np.concatenate([base.gone, np.zeros(len(extra), np.uint8)])
    touched = np.zeros(count, np.uint8)
    wanted = {fact.item for fact in facts} | {fact.whole for fact in facts}
    wanted |= {provider for fact in facts for provider, _strength in fact.ties}
    wanted |= {member for fact in facts for one in fact.sets for member in one.members}
    at = _index(base, extra, wanted)
    place = np.array([at[fact.item] for fact in facts], np.int32)
    touched[place] = 1
    gone[place] = [fact.is_gone for fact in facts]
    links, parts, sets = [], [], []
    for fact in facts:
        mine = {at[member] for one in fact.sets for member in one.members if member in at}
        links += _links(at[fact.item], fact, at, mine)
        if fact.whole in at:
            whole = at[fact.whole]
            parts.append((at[fact.item], whole, 2 | (IN_SET if whole in mine else 0)))
        sets += [
            (at[fact.item], one.least, one.is_share, sorted({at[member] for member in one.members if member in at}))
            for one in fact.sets
        ]
    return Overlay(
        extra, place, touched, gone, _by(links, 0), _by(links, 1), _by(parts, 0), _by(parts, 1), make_sets(sets),
        np.array([fact.owner for fact in facts], np.int64), np.array([fact.kind for fact in facts], np.int64),
    )  # fmt: skip


def _links(item: int, fact: Fact, at: dict[int, int], mine: set[int]) -> list[tuple[int, int, int]]:
    strongest: dict[int, int] = {}
    for provider, strength in fact.ties:
        if provider in at and provider != fact.item:
            strongest[at[provider]] = max(strength & STRENGTH, strongest.get(at[provider], 0))
    return [(item, place, strength | (IN_SET if place in mine else 0)) for place, strength in strongest.items()]


def _index(base: Arrays, extra: NDArray[np.int64], wanted: set[int]) -> dict[int, int]:
    numbers = np.array(sorted(wanted), np.int64)
    places, is_known = places_of(base.ids, numbers)
    found = dict(zip(numbers[is_known].tolist(), places[is_known].tolist(), strict=True))
    return found | {number: len(base.ids) + order for order, number in enumerate(extra.tolist())}


def _by(links: list[tuple[int, int, int]], column: int) -> tuple[Places, Places, Marks8]:
    """The links with the ends of one column first, in their order, then the other ends and the strengths."""
    ordered = np.array(sorted(links, key=lambda link: link[column]), np.int32).reshape(-1, 3)
    return ordered[:, column].copy(), ordered[:, 1 - column].copy(), ordered[:, 2].astype(np.uint8)
