"""The calendar of changes over all groups: what is planned or was, with windows, freezes and clashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from helhet.changes import meeting, relations
from helhet.changes.models import (
    PLANNED,
    Change,
    ChangeState,
    ChangeType,
    ClashSignature,
    Freeze,
    Outcome,
    Window,
)
from helhet.changes.times import recurring, zone
from helhet.estate.rows import chunks
from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules import clashes as rules
from helhet.rules.clashes import Planned, Reason
from helhet.rules.intervals import Interval

MOST = 500
"""So many changes are shown at once; with more the reader is asked to narrow."""
FROZEN_MOST = 60
"""So many changes are held against the freezes of their time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are asked for; empty is any. `service` is an item: changes of what it stands on."""

    group: Group | None = None
    service: Item | None = None
    state: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in the calendar. `clashes` are the reasons that nobody has signed for."""

    change: Change
    during: Interval
    clashes: tuple[Reason, ...] = ()

    @property
    def is_planned(self) -> bool:
        """Whether it takes up its time still."""
        return self.change.state in PLANNED


@dataclass(frozen=True, slots=True)
class Calendar:
    """What there is in a stretch of time. `more` says that there are more changes than are shown."""

    whole: Interval
    entries: list[Entry]
    freezes: list[Freeze] = field(default_factory=list)
    windows: list[tuple[Window, Interval]] = field(default_factory=list)
    more: bool = False

    @property
    def clashing(self) -> int:
        """How many of them clash."""
        return sum(bool(one.clashes) for one in self.entries)


def wanted_of(caller: Caller, *, group: Group | None, service: Item | None, state: str, type_: str) -> Wanted:
    """Checked words. Raises Invalid."""
    for name, value, known in (("state", state, ChangeState), ("type", type_, ChangeType)):
        if value and value not in known.values:
            raise Invalid(
                _("There is no %(name)s %(value)s.") % {"name": name, "value": value[:40]}, field=name,
                todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(known.values)},
            )  # fmt: skip
    caller.require("changes:change:view")
    return Wanted(group, service, state, type_)


def calendar(caller: Caller, whole: Interval, wanted: Wanted) -> Calendar:
    """The changes, freezes and windows of that time, as the caller may see them."""
    rows = list(changes_in(caller, whole, wanted).order_by("starts_at", "pk")[: MOST + 1])
    entries = with_clashes(rows[:MOST])
    freezes = Freeze.objects.visible_to(caller).filter(
        ended_at__isnull=True, starts_at__lt=whole.ends_at, ends_at__gt=whole.starts_at
    )
    windows = Window.objects.visible_to(caller).filter(ended_at__isnull=True)
    if wanted.group is not None:
        of = Q(group=wanted.group) | Q(stated_by=wanted.group) | Q(group=None, item=None, filter="")
        freezes, windows = freezes.filter(of), windows.filter(of)
    times = [
        (one, time)
        for one in windows.select_related("item", "group__item")
        for time in recurring(one).between(whole.starts_at, whole.ends_at, zone())
    ]
    return Calendar(
        whole, entries, list(freezes.select_related("item", "group__item")),
        sorted(times, key=lambda pair: (pair[1], pair[0].pk)), len(rows) > MOST,
    )  # fmt: skip


def changes_in(caller: Caller, whole: Interval, wanted: Wanted) -> meeting.Periods:
    """The changes with a window in that time; the cancelled are left out unless closed ones are asked for."""
    found = Change.objects.visible_to(caller).filter(starts_at__lt=whole.ends_at, ends_at__gt=whole.starts_at)
    if wanted.group is not None:
        found = found.filter(group=wanted.group)
    if wanted.service is not None:
        below = list(relations.below(wanted.service.pk))
        met = Q(pk__in=())
        for chunk in chunks(below):
            met |= Q(affected__item_id__in=chunk)
        found = found.filter(met).distinct()
    if wanted.type:
        found = found.filter(type=wanted.type)
    found = found.filter(state=wanted.state) if wanted.state else found.exclude(outcome=Outcome.CANCELLED)
    return found.select_related("item", "group__item", "owner")


def with_clashes(rows: Sequence[Change]) -> list[Entry]:
    """The changes with what they clash with among one another and with freezes, save what is signed for."""
    times = {change.pk: time for change in rows if (time := meeting.window_of(change))}
    active = [change for change in rows if change.pk in times and change.state in (*PLANNED, ChangeState.DRAFT)]
    planned = meeting.planned_of(active)
    items = {item for one in planned for item in one.items}
    found: dict[int, set[Reason]] = defaultdict(set)
    near = relations.related(items, items) if items else {}
    signed = _signed([change.pk for change in active])
    taking = [one for one, change in zip(planned, active, strict=True) if change.state in PLANNED]
    for one in planned:
        for clash in rules.clashes(one, _around(one, taking), near):
            if clash.key not in signed[one.id]:
                found[one.id].add(clash.reason)
    for change, key in _frozen(active, times):
        if key not in signed[change.pk]:
            found[change.pk].add(Reason.FREEZE)
    order = list(Reason)
    return [
        Entry(change, times[change.pk], tuple(sorted(found[change.pk], key=order.index)))
        for change in rows
        if change.pk in times
    ]


def _around(one: Planned, others: Iterable[Planned]) -> list[Planned]:
    return [other for other in others if other.during.overlaps(one.during)]


def _signed(ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(ids):
        for change, key in ClashSignature.objects.filter(change_id__in=chunk).values_list("change_id", "key"):
            found[change].add(key)
    return found


def _frozen(rows: Sequence[Change], times: dict[int, Interval]) -> list[tuple[Change, str]]:
    """The changes in a freeze that holds for them, with the clash's key."""
    if not times:
        return []
    first, last = min(one.starts_at for one in times.values()), max(one.ends_at for one in times.values())
    freezes = list(
        Freeze.objects.filter(ended_at__isnull=True, starts_at__lt=last, ends_at__gt=first).values_list(
            "starts_at", "ends_at"
        )
    )
    inside = [
        change for change in rows
        if any(times[change.pk].overlaps(Interval(starts_at, ends_at)) for starts_at, ends_at in freezes)
    ]  # fmt: skip
    found = []
    for change in inside[:FROZEN_MOST]:
        mine = meeting.mine_of(change)
        time = times[change.pk]
        frozen = [one for _row, one in meeting.freezes_in(mine, time)]
        found += [(change, clash.key) for clash in rules.clashes(mine.during(time), [], {}, freezes=frozen)]
    return found
