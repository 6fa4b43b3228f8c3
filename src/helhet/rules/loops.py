"""Where part-of goes in circles, and which of the new links to refuse so that it does not.

A parent map gives each item's one parent; an item without a parent is absent or maps to None. Keys are
numbers or texts. Time is linear in the links that are walked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True)
class RefusedLink(Generic[K]):
    """A new link that would close a circle; `loop` is the circle, child before parent, from the child."""

    child: K
    parent: K
    loop: tuple[K, ...]


def would_loop(parents: Mapping[K, K | None], child: K, parent: K | None) -> bool:
    """Whether making `child` part of `parent` closes a circle; also an item that is part of itself does."""
    seen: set[K] = set()
    at = parent
    while at is not None and at not in seen:
        if at == child:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def loops(parents: Mapping[K, K | None]) -> list[tuple[K, ...]]:
    """Every circle in the map, each from its smallest member and child before parent, in order."""
    return sorted(_loops_from(parents, parents))


def _loops_from(parents: Mapping[K, K | None], starts: Iterable[K]) -> list[tuple[K, ...]]:
    """The circles that can be reached from some starts, each once."""
    done: set[K] = set()
    found: list[tuple[K, ...]] = []
    for start in starts:
        path: dict[K, int] = {}
        at: K | None = start
        while at is not None and at not in done and at not in path:
            path[at] = len(path)
            at = parents.get(at)
        if at is not None and at in path:
            circle = list(path)[path[at] :]
            found.append(_turned(tuple(circle), min(circle)))
        done.update(path)
    return found


def break_loops(parents: Mapping[K, K | None], changes: Mapping[K, K | None]) -> list[RefusedLink[K]]:
    """Which of a batch of new parents to refuse, so that the rest can be applied without a circle.

    `parents` is the map before, itself without circles; `changes` gives new parents (None: no longer
    part of anything) in the order of the batch and is judged as a whole, as if all were made at once.
    In each circle the link that stands last in the batch is refused, and its child keeps the parent it
    had; where that closes another circle, the same is done again. The refused are in the batch's order.

    Raises:
        ValueError: when `parents` itself has a circle that the batch leaves.
    """
    order = {child: place for place, child in enumerate(changes)}
    after = {**parents, **changes}
    refused: dict[K, RefusedLink[K]] = {}
    starts: Iterable[K] = changes
    while circles := _loops_from(after, starts):
        reverted: list[K] = []
        for circle in circles:
            link = _refuse_last(circle, after, order, refused)
            refused[link.child] = link
            reverted.append(link.child)
        for child in reverted:
            after[child] = parents.get(child)
        starts = reverted
    return sorted(refused.values(), key=lambda link: order[link.child])


def _refuse_last(
    circle: tuple[K, ...], after: Mapping[K, K | None], order: Mapping[K, int], refused: Mapping[K, RefusedLink[K]]
) -> RefusedLink[K]:
    candidates = [item for item in circle if item in order and item not in refused]
    if not candidates:
        raise ValueError(f"The items were in a circle before: {circle}")
    child = max(candidates, key=order.__getitem__)
    parent = after[child]
    if parent is None:
        raise ValueError(f"{child} is in a circle without a parent")
    return RefusedLink(child, parent, _turned(circle, child))


def _turned(circle: tuple[K, ...], first: K) -> tuple[K, ...]:
    """The same circle, told from another member."""
    place = circle.index(first)
    return circle[place:] + circle[:place]
