"""What a change is held against: itself in time, the changes that are planned meanwhile, windows, freezes, busy times.

Read with a fixed number of queries, of which each looks only at what overlaps in time.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from helhet.changes import relations
from helhet.changes.models import Change, ChangeItem, ChangePerson, Freeze, ImpactMark, Snapshot, Window
from helhet.changes.times import recurring, zone
from helhet.estate.rows import chunks
from helhet.groups.models import Answer
from helhet.items.listing import ItemList
from helhet.items.models import Family
from helhet.kit.errors import Refused
from helhet.kit.ports import Port
from helhet.kit.rights import the_system
from helhet.rules.clashes import Allowed, Busy, Frozen, Planned
from helhet.rules.intervals import Interval

READER = the_system("clashes")


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A time that a higher room says is taken: a meeting, an operational task. `key` names it for good, `people` are
    ids of persons whose time it is; empty: nobody may make the change then.
    """

    key: str
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    people: frozenset[int] = frozenset()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a room that fills `busy` is asked: between these instants, for these persons (ids), altered items (ids)
    and the groups (ids) that answer for them or are touched.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    people: frozenset[int]
    items: frozenset[int]
    groups: frozenset[int]


Periods = QuerySet[Any]
busy: Port[Callable[[Asked], Iterable[BusyTime]]] = Port("changes.busy")


@dataclass
class Mine:
    """The change as the rules see it, and what stands around its items. `touched` gives to each group that the last
    computed impact touches the things of it that are hit.
    """

    change: Change
    items: frozenset[int]
    services: frozenset[int]
    people: frozenset[int]
    touched: dict[int, frozenset[int]] = field(default_factory=dict)
    unhit: frozenset[int] = frozenset()

    def during(self, time: Interval) -> Planned:
        """The change as if it were made then."""
        return Planned(self.change.pk, time, self.items, self.services, self.people)

    @cached_property
    def group_of(self) -> dict[int, int]:
        """The group that answers for each of its items."""
        found: dict[int, int] = {}
        for chunk in chunks(sorted(self.items)):
            rows = Answer.objects.open().filter(item_id__in=chunk, group__isnull=False)
            found |= {item: group or 0 for item, group in rows.values_list("item_id", "group_id")}
        return found

    @cached_property
    def steps(self) -> dict[int, dict[int, int]]:
        """How far each thing lies below each of its items."""
        return {item: relations.below(item) for item in self.items}


def window_of(change: Change) -> Interval | None:
    """The change's planned time."""
    return Interval(change.starts_at, change.ends_at) if change.starts_at and change.ends_at else None


def mine_of(change: Change) -> Mine:
    """Read the change. Which services it hits is what its last snapshot says, with those that it alters itself."""
    altered = list(ChangeItem.objects.filter(change=change).values_list("item_id", "item__kind__family"))
    people = set(ChangePerson.objects.filter(change=change).values_list("person_id", flat=True))
    snapshot = Snapshot.objects.filter(change=change).order_by("-pk").only("services", "groups").first()
    groups: list[dict[str, Any]] = snapshot.groups if snapshot else []
    return Mine(
        change,
        frozenset(item for item, _family in altered),
        frozenset([*(snapshot.services if snapshot else ()), *_services(altered)]),
        frozenset(people | ({change.owner_id} if change.owner_id else set())),
        {one["group"]: frozenset(one["services"] or one["path"][-1:]) for one in groups if one["group"]},
        frozenset(ImpactMark.objects.filter(change=change, is_hit=False).values_list("item_id", flat=True)),
    )  # fmt: skip


def _services(altered: Iterable[tuple[int, str]]) -> list[int]:
    return [item for item, family in altered if family == Family.SERVICE]


def others_in(mine: Mine, times: Sequence[Interval]) -> list[Planned]:
    """The changes that are planned in any of these times, the change itself left out."""
    rows: dict[int, tuple[dt.datetime, dt.datetime, int | None]] = {}
    for time in times:
        found = Change.objects.planned().filter(starts_at__lt=time.ends_at, ends_at__gt=time.starts_at).order_by()
        for pk, starts_at, ends_at, owner in found.values_list("pk", "starts_at", "ends_at", "owner_id"):
            if starts_at and ends_at:
                rows[pk] = (starts_at, ends_at, owner)
    rows.pop(mine.change.pk, None)
    return _planned(rows, with_services=bool(mine.services))


def planned_of(changes: Sequence[Change]) -> list[Planned]:
    """These changes as the rules see them; all must have a window."""
    rows = {
        one.pk: (one.starts_at, one.ends_at, one.owner_id) for one in changes if one.starts_at and one.ends_at
    }  # fmt: skip
    return _planned(rows, with_services=True)


def _planned(rows: dict[int, tuple[dt.datetime, dt.datetime, int | None]], *, with_services: bool) -> list[Planned]:
    items: dict[int, set[int]] = defaultdict(set)
    services: dict[int, set[int]] = defaultdict(set)
    people: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(sorted(rows)):
        _read_things(chunk, items, services, people, with_snapshots=with_services)
    return [
        Planned(
            pk, Interval(starts_at, ends_at), frozenset(items[pk]), frozenset(services[pk]),
            frozenset(people[pk] | ({owner} if owner else set())),
        )
        for pk, (starts_at, ends_at, owner) in rows.items()
    ]  # fmt: skip


def _read_things(
    chunk: Sequence[int], items: dict[int, set[int]], services: dict[int, set[int]], people: dict[int, set[int]],
    *, with_snapshots: bool,
) -> None:  # fmt: skip
    altered = ChangeItem.objects.filter(change_id__in=chunk).values_list("change_id", "item_id", "item__kind__family")
    for change, item, family in altered:
        items[change].add(item)
        if family == Family.SERVICE:
            services[change].add(item)
    for change, person in ChangePerson.objects.filter(change_id__in=chunk).values_list("change_id", "person_id"):
        people[change].add(person)
    if with_snapshots:
        newest = Snapshot.objects.filter(change_id__in=chunk).order_by().values("change_id").annotate(last=Max("pk"))
        for change, hit in Snapshot.objects.filter(pk__in=newest.values("last")).values_list("change_id", "services"):
            services[change].update(hit)


def near_of(mine: Mine, others: Iterable[Planned]) -> dict[int, set[int]]:
    """To each altered item the items of others that are related to it."""
    theirs = frozenset(item for other in others for item in other.items)
    return relations.related(mine.items, theirs) if theirs and mine.items else {}


def freezes_in(mine: Mine, time: Interval) -> list[tuple[Freeze, Frozen]]:
    """The freezes of that time that hold for the change, with what they hold for."""
    found = Freeze.objects.filter(ended_at__isnull=True, starts_at__lt=time.ends_at, ends_at__gt=time.starts_at)
    rows = [
        (one, Frozen(one.pk, Interval(one.starts_at, one.ends_at), *held(one, mine)))
        for one in found.select_related("item__kind", "group__item")
    ]
    return [(one, frozen) for one, frozen in rows if frozen.items or frozen.everything]


def held(freeze: Freeze, mine: Mine) -> tuple[frozenset[int], bool]:
    """What of the change a freeze holds for, and whether it holds for everything.

    One of an item: the item, what of the change stands on it, and what of the change it stands on itself, since
    altering that would disturb it. One of a group: what the group answers for, and what the change hits of it. One of a
    filter: what it finds among what the change alters and the services that it hits.
    """
    if freeze.item_id is not None:
        standing = frozenset(item for item in mine.items if freeze.item_id in mine.steps[item])
        if freeze.item_id in mine.unhit:
            return standing, False
        return standing | (mine.items & relations.below(freeze.item_id).keys()), False
    if freeze.group_id is not None:
        own = frozenset(item for item, group in mine.group_of.items() if group == freeze.group_id)
        return own | mine.touched.get(freeze.group_id, frozenset()), False
    if freeze.filter:
        return found_by(freeze.filter, mine.items | mine.services), False
    return mine.items, True


def found_by(text: str, ids: Collection[int]) -> frozenset[int]:
    """Which of the items a filter finds; none when it can no longer be read, which the list of periods says."""
    try:
        listed = ItemList(READER, text).queryset().order_by()
    except Refused:
        return frozenset()
    return frozenset(
        pk for chunk in chunks(sorted(ids)) for pk in listed.filter(pk__in=chunk).values_list("pk", flat=True)
    )


def windows_of(mine: Mine, at: dt.datetime, *, also: Window | None = None) -> dict[int, list[Window]]:
    """The maintenance windows that bind each altered item at that time; as if `also` were stated as it is given.

    The nearest alone bind: the item's own, else those of the nearest thing that it stands on, else those of its group,
    else those whose filter finds it, else those for everything. A window that will not come again binds nothing.
    """
    living = list(Window.objects.filter(ended_at__isnull=True).select_related("item", "group__item"))
    if also is not None:
        living = [one for one in living if one.pk != also.pk] + [also]
    if not living:
        return {}
    found: dict[int, list[Window]] = {}
    filtered: dict[int | None, frozenset[int]] = {
        one.pk: found_by(one.filter, mine.items) for one in living if one.filter
    }
    over: dict[int | None, bool] = {}
    for item in mine.items:
        by_rank: dict[int, list[Window]] = defaultdict(list)
        for one in living:
            rank = _rank(one, item, mine, filtered)
            if rank is not None:
                by_rank[rank].append(one)
        for rank in sorted(by_rank):
            for one in by_rank[rank]:
                if one.pk not in over:
                    over[one.pk] = recurring(one).is_over(at, zone())
            binding = [one for one in by_rank[rank] if not over[one.pk]]
            if binding:
                found[item] = binding
                break
    return found


GROUP, FILTER, EVERYTHING = 1_000_001, 1_000_002, 1_000_003


def _rank(window: Window, item: int, mine: Mine, filtered: dict[int | None, frozenset[int]]) -> int | None:
    """How near the window is to the item, None where it does not hold for it."""
    if window.item_id is not None:
        return mine.steps[item].get(window.item_id)
    if window.group_id is not None:
        return GROUP if mine.group_of.get(item) == window.group_id else None
    if window.filter:
        return FILTER if item in filtered[window.pk] else None
    return EVERYTHING


def allowed_in(windows: dict[int, list[Window]], time: Interval) -> list[Allowed]:
    """The windows that bind, as the rules take them, with their times around this one."""
    times: dict[int | None, list[Interval]] = {}
    for one in {one.pk: one for bound in windows.values() for one in bound}.values():
        times[one.pk] = recurring(one).between(time.starts_at, time.ends_at, zone())
    return [
        Allowed(
            item, "+".join(f"{one.pk}.{one.version}" for one in bound),
            tuple(when for one in bound for when in times[one.pk]),
        )
        for item, bound in windows.items()
    ]  # fmt: skip


def busy_in(mine: Mine, time: Interval) -> list[tuple[BusyTime, Busy]]:
    """The times that higher rooms say are taken."""
    groups = frozenset(mine.group_of.values()) | frozenset(mine.touched)
    asked = Asked(time.starts_at, time.ends_at, mine.people, mine.items, groups)
    return [
        (one, Busy(one.key, Interval(one.starts_at, one.ends_at), one.people))
        for room in busy
        for one in room(asked)
    ]  # fmt: skip


def now() -> dt.datetime:
    """This minute, whole."""
    return timezone.now().replace(second=0, microsecond=0)
