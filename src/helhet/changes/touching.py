"""What a change touches: computed from its items, its marks and the estate as it is now; and what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from helhet.changes.models import Change, ImpactMark, Snapshot
from helhet.estate.impact import impact
from helhet.groups.models import Group, GroupState
from helhet.items.models import Family, Item
from helhet.kit.rights import Caller
from helhet.rules.reach import Marks

KEPT = 2_000
"""How many of the nearest items a snapshot keeps one by one; groups and services it keeps all."""


@dataclass(slots=True)
class Touched:
    """A group (its id) among those that answer for what is altered or hit: how many of its things, which services, and
    the way from what is altered to the nearest of them, as ids of items.
    """

    group: int
    count: int = 0
    services: list[int] = field(default_factory=list)
    path: list[int] = field(default_factory=list)

    def as_data(self) -> dict[str, object]:
        """As a snapshot and a position keep it."""
        return {"group": self.group, "count": self.count, "services": self.services, "path": self.path}


@dataclass(slots=True)
class Touch:
    """All that a change touches. `items` are [id, distance, via, effect] of the nearest, `reached` counts all."""

    reached: int = 0
    groups: list[Touched] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    items: list[list[int | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class News:
    """What a change touches now and did not when its impact was taken, as ids; and the groups it no longer touches."""

    services: list[int]
    groups: list[int]
    gone: list[int]

    def __bool__(self) -> bool:
        """Whether there is more to know than what was known."""
        return bool(self.services or self.groups)


def marks_of(change: Change) -> Marks:
    """What people know better about this change."""
    marks = list(ImpactMark.objects.filter(change=change).values_list("item_id", "is_hit"))
    return Marks(
        frozenset(item for item, is_hit in marks if is_hit), frozenset(item for item, is_hit in marks if not is_hit)
    )


def touch_of(change: Change, caller: Caller) -> Touch:
    """What the change touches now. What it alters counts as touched, by a way of one step."""
    altered = list(Item.objects.visible_to(caller).filter(changed_by__change=change).select_related("kind"))
    if not altered:
        return Touch()
    found = impact(altered, caller, marks=marks_of(change))
    services = [item.pk for item in altered if item.kind.family == Family.SERVICE]
    services += [one.item for one in found.services]
    own = found.owner_of([item.pk for item in altered])
    parts = [(own.get(item.pk, 0), 1, item.pk) for item in altered] + found.owners()
    groups: dict[int, Touched] = {}
    for group, count, nearest in parts:
        if group not in groups:
            groups[group] = Touched(group, path=found.reach.path(nearest))
        groups[group].count += count
    for service, group in found.owner_of(services).items():
        if group in groups:
            groups[group].services.append(service)
    living = set(Group.objects.filter(pk__in=groups).exclude(state=GroupState.CLOSED).values_list("pk", flat=True))
    touched = sorted(groups.values(), key=lambda one: (-one.count, one.group))
    return Touch(
        found.reached, [one for one in touched if one.group in living], services,
        [[one.item, one.distance, one.via, int(one.effect)] for one in found.ordered(0, KEPT)],
    )  # fmt: skip


def keep(change: Change, touch: Touch, moment: str) -> Snapshot:
    """Keep what is touched as it was at a moment: `drafted`, `asked` or `begun`."""
    return Snapshot.objects.create(
        change=change, moment=moment, reached=touch.reached, groups=[one.as_data() for one in touch.groups],
        services=touch.services, items=touch.items, is_whole=touch.reached <= len(touch.items),
    )  # fmt: skip


def last_of(change: Change, *moments: str) -> Snapshot | None:
    """The newest snapshot, of these moments where some are named."""
    rows = Snapshot.objects.filter(change=change)
    return (rows.filter(moment__in=moments) if moments else rows).first()


def news_since(old: Snapshot | None, now: Touch) -> News:
    """What is new since a snapshot."""
    if old is None:
        return News([], [], [])
    known = {int(one["group"]) for one in old.groups}
    touched = {one.group for one in now.groups}
    services = set(old.services)
    return News([pk for pk in now.services if pk not in services], sorted(touched - known), sorted(known - touched))


def others(change: Change, touch: Touch) -> list[Touched]:
    """The groups that are to be asked: all that are touched, save the change's own."""
    return [one for one in touch.groups if one.group != change.group_id]


def groups_by_id(ids: Iterable[int]) -> dict[int, Group]:
    """Groups with their items."""
    return Group.objects.select_related("item__kind").in_bulk(list(ids))
