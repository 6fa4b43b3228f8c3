"""What must come along when a change is moved: those after it that would begin too early, and those after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter

from helhet.rules.intervals import Interval

Fit = Callable[[int, datetime, Mapping[int, Interval]], Interval | None]


@dataclass(frozen=True, slots=True)
class Follow:
    """`change` begins too early once `because` ends later. `to` is the first time that fits it, None where none does;
    it is only proposed when `stays`.
    """

    change: int
    because: int
    to: Interval | None
    stays: bool = False


def follow(
    moved: int, during: Interval, planned: Mapping[int, Interval], orders: Iterable[tuple[int, int]], fit: Fit,
    *, stays: Collection[int] = (),
) -> list[Follow]:  # fmt: skip
    """What follows when `moved` is planned `during`, each after all that it waits for.

    `orders` are pairs (before, after); `planned` are the times of the others; `fit` gives the first time for a change
    that begins no earlier than an instant, when those in the mapping have the times that stand there. What `stays`
    keeps its time whatever is proposed, and so moves nothing else along; so does what fits nowhere. One that begins too
    early already, and after nothing that moves, is left alone.

    Raises:
        ValueError: when the orders go in a circle.
    """
    waits_for: dict[int, set[int]] = defaultdict(set)
    for before, after in orders:
        waits_for[after].add(before)
    times = {**planned, moved: during}
    altered = {moved: during}
    found = []
    for change in _in_order(waits_for):
        theirs = [one for one in waits_for[change] if one in altered and change in times]
        if change == moved or not any(times[one].ends_at > times[change].starts_at for one in theirs):
            continue
        because = max(theirs, key=lambda one: (times[one].ends_at, one))
        earliest = max(times[one].ends_at for one in waits_for[change] if one in times)
        to = fit(change, earliest, dict(altered))
        found.append(Follow(change, because, to, stays=change in stays))
        if to is not None and change not in stays:
            times[change] = altered[change] = to
    return found


def _in_order(waits_for: Mapping[int, Collection[int]]) -> list[int]:
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for after in sorted(waits_for):
        sorter.add(after, *sorted(waits_for[after]))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise ValueError(f"The order goes in a circle: {error.args[1]}") from error
