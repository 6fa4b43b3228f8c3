"""In which order things are brought back: nothing before what it needs.

Things that need one another in a circle come back together, as one unit; someone who knows them must say how.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from helhet.rules.reach import Tie, circles

Unit = tuple[int, ...]


def recovery_order(things: Sequence[int], needs: Iterable[tuple[int, int]]) -> list[list[Unit]]:
    """The stages of a recovery: what stands in one needs only what stands in earlier ones.

    `needs` are pairs (thing, what it needs); those with an end that is not among `things` are left out. A unit is one
    thing or a circle. Each comes as early as it can. Within a stage, and a circle, the order of `things` is kept: give
    the most critical first. Time is linear in things and needs.
    """
    places = {thing: place for place, thing in enumerate(things)}
    pairs = {(one, other) for one, other in needs if one != other and one in places and other in places}
    units: dict[int, Unit] = {thing: (thing,) for thing in things}
    for circle in circles([Tie(one, other) for one, other in sorted(pairs)]):
        unit = tuple(sorted(circle, key=places.__getitem__))
        units.update(dict.fromkeys(circle, unit))
    stage_of = _staged({units[thing]: None for thing in things}, {(units[a], units[b]) for a, b in pairs})
    stages: list[list[Unit]] = [[] for _ in range(1 + max(stage_of.values(), default=-1))]
    for unit, stage in stage_of.items():
        stages[stage].append(unit)
    return [sorted(stage, key=lambda unit: places[unit[0]]) for stage in stages]


def _staged(units: Iterable[Unit], needs: Iterable[tuple[Unit, Unit]]) -> dict[Unit, int]:
    """The stage of each unit, from 0; there are no circles between units."""
    waits: dict[Unit, int] = dict.fromkeys(units, 0)
    needed_by: dict[Unit, list[Unit]] = defaultdict(list)
    for one, other in needs:
        if one != other:
            waits[one] += 1
            needed_by[other].append(one)
    stage = dict.fromkeys(waits, 0)
    ready = [unit for unit, count in waits.items() if count == 0]
    for unit in ready:
        for waiting in needed_by[unit]:
            stage[waiting] = max(stage[waiting], stage[unit] + 1)
            waits[waiting] -= 1
            if waits[waiting] == 0:
                ready.append(waiting)
    return stage
