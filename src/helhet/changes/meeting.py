"""What a change is held against: itself in time, the changes that are planned meanwhile, windows, freezes, busy times.

Read with a fixed number of queries, of which each looks only at what overlaps in time.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from helhet.changes import relations
from helhet.changes.models import Change, ChangeItem, ChangePerson, Freeze, ImpactMark, Snapshot, Window
from helhet.changes.times import recurring, zone
from helhet.estate.rows import chunks
from helhet.estate.walking import Walks
from helhet.groups.models import Answer
from helhet.items.listing import ItemList
from helhet.items.models import Family
from helhet.kit.engines.drawing import among
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
    computed impact touches the things of it that are hit. `instead` gives changes that are to be moved their new times.
    """

    change: Change
    items: frozenset[int]
    services: frozenset[int]
    people: frozenset[int]
    touched: dict[int, frozenset[int]] = field(default_factory=dict)
    unhit: frozenset[int] = frozenset()
    walks: Walks = field(default_factory=Walks)
    instead: Mapping[int, Interval] = field(default_factory=dict)

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

    def steps(self, item: int, to: Collection[int]) -> dict[int, int]:
        """How far each of these things lies below one of its items, which itself is at 0."""
        return self.walks.steps_down(item, to) | ({item: 0} if item in to else {})


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
    met = Q(pk__in=())
    for time in times:
        met |= Q(starts_at__lt=time.ends_at, ends_at__gt=time.starts_at)
    first, last = min(one.starts_at for one in times), max(one.ends_at for one in times)
    found = Change.objects.planned().filter(met, starts_at__lt=last, ends_at__gt=first).exclude(pk=mine.change.pk)
    rows: dict[int, tuple[dt.datetime, dt.datetime, int | None]] = {
        pk: (starts_at, ends_at, owner)
        for pk, starts_at, ends_at, owner in found.order_by().values_list("pk", "starts_at", "ends_at", "owner_id")
        if starts_at and ends_at
    }
    if mine.instead:
        owners = dict(Change.objects.filter(pk__in=mine.instead).order_by().values_list("pk", "owner_id"))
        rows = {pk: row for pk, row in rows.items() if pk not in mine.instead} | {
            pk: (there.starts_at, there.ends_at, owners.get(pk))
            for pk, there in mine.instead.items()
            if pk != mine.change.pk and any(there.overlaps(time) for time in times)
        }
    return _planned(rows, with_services=bool(mine.services))


def planned_of(changes: Sequence[Change]) -> list[Planned]:
    """These changes as the rules see them; all must have a window."""
    rows = {
        one.pk: (one.starts_at, one.ends_at, one.owner_id) for one in changes if one.starts_at and one.ends_at
    }  # fmt: skip
    return _planned(rows, with_services=True)


def _planned(rows: Mapping[int, tuple[dt.datetime, dt.datetime, int | None]], *, with_services: bool) -> list[Planned]:
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
    altered = ChangeItem.objects.filter(among("change_id", chunk)).values_list(
        "change_id", "item_id", "item__kind__family"
    )
    for change, item, family in altered:
        items[change].add(item)
        if family == Family.SERVICE:
            services[change].add(item)
    for change, person in ChangePerson.objects.filter(among("change_id", chunk)).values_list("change_id", "person_id"):
        people[change].add(person)
    if with_snapshots:
        newest = (
            Snapshot.objects.filter(among("change_id", chunk)).order_by().values("change_id").annotate(last=Max("pk"))
        )
        for change, hit in Snapshot.objects.filter(pk__in=newest.values("last")).values_list("change_id", "services"):
            services[change].update(hit)


def near_of(mine: Mine, others: Iterable[Planned]) -> dict[int, set[int]]:
    """To each altered item the items of others that are related to it."""
    theirs = frozenset(item for other in others for item in other.items)
    return relations.related(mine.items, theirs, walks=mine.walks) if theirs and mine.items else {}


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
        standing = frozenset(item for item in mine.items if mine.steps(item, {freeze.item_id}))
        if freeze.item_id in mine.unhit:
            return standing, False
        return standing | mine.walks.steps_down(freeze.item_id, mine.items).keys(), False
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
    ranked = _ranked(mine, also)
    rows: dict[int | None, Window] = {} if also is None else {also.pk: also}
    over: dict[int | None, bool] = {}
    found: dict[int, list[Window]] = {}
    while ranked:
        nearest = {item: by_rank.pop(min(by_rank)) for item, by_rank in ranked.items()}
        unread = {pk for bound in nearest.values() for pk in bound} - rows.keys()
        rows |= Window.objects.select_related("item", "group__item").in_bulk(unread) if unread else {}
        for item, bound in nearest.items():
            for pk in bound:
                if pk not in over:
                    over[pk] = recurring(rows[pk]).is_over(at, zone())
            if binding := [rows[pk] for pk in bound if not over[pk]]:
                found[item] = binding
        ranked = {item: by_rank for item, by_rank in ranked.items() if by_rank and item not in found}
    return found


GROUP, FILTER, EVERYTHING = 1_000_001, 1_000_002, 1_000_003


def _ranked(mine: Mine, also: Window | None) -> dict[int, dict[int, list[int | None]]]:
    """To each altered item the windows that hold for it, by how near they are; those that hold for none left out."""
    living: list[tuple[int | None, int | None, int | None, str]] = list(
        Window.objects.filter(ended_at__isnull=True).values_list("pk", "item_id", "group_id", "filter")
    )
    if also is not None:
        living = [one for one in living if one[0] != also.pk]
        living.append((also.pk, also.item_id, also.group_id, also.filter))
    of_items = {item for _pk, item, _group, _filter in living if item is not None}
    filtered = {text: found_by(text, mine.items) for _pk, item, group, text in living if text and not (item or group)}
    ranked: dict[int, dict[int, list[int | None]]] = {}
    for altered in mine.items:
        steps = mine.steps(altered, of_items) if of_items else {}
        by_rank: dict[int, list[int | None]] = defaultdict(list)
        for pk, item, group, text in living:
            if item is not None:
                rank = steps.get(item)
            elif group is not None:
                rank = GROUP if mine.group_of.get(altered) == group else None
            elif text:
                rank = FILTER if altered in filtered[text] else None
            else:
                rank = EVERYTHING
            if rank is not None:
                by_rank[rank].append(pk)
        if by_rank:
            ranked[altered] = by_rank
    return ranked


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
