"""The day list: what is late, what is to be done today, and what comes soon, of a person, of groups or of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.finding import find_group
from helhet.groups.models import Answer, Group
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.routines.evidence import next_month
from helhet.routines.listing import runnable
from helhet.routines.models import Handover, Occurrence, OccurrenceState
from helhet.routines.operation_words import faults
from helhet.routines.operations import LEAD_LIMIT, groups_of, occurrences_for, of_groups
from helhet.routines.permissions import RoutinePermission

MINE, GROUPS, ALL = "mine", "groups", "all"
MOST = 500
CLOSED_SHOWN = 30
MONTHS = 12
SUMMED = ("done", "skipped", "late", "said", "planned_minutes", "minutes", "planned_cost", "cost")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the day list. `may_run`: it has a routine that the reader may read, and no run under way. `faults`
    say why what stands there is perhaps no longer to be done.
    """

    occurrence: Occurrence
    group: Group | None
    is_late: bool
    may_run: bool
    faults: list[str]

    @property
    def is_running(self) -> bool:
        """Whether a run of it is under way."""
        return self.occurrence.run is not None and not self.occurrence.run.outcome


@dataclass(frozen=True, slots=True)
class DayList:
    """What stands in the list. `who` is mine, groups, all or a group's reference. The lists hold at most MOST that
    wait and CLOSED_SHOWN that are closed; the counts are of all.
    """

    who: str
    group: Group | None
    today: dt.date
    late: list[Row] = field(default_factory=list)
    now: list[Row] = field(default_factory=list)
    soon: list[Row] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)
    notes: list[Handover] = field(default_factory=list)
    read_notes: list[Handover] = field(default_factory=list)
    late_count: int = 0
    now_count: int = 0
    closed_count: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether more waits than is listed."""
        return (self.late_count, self.now_count) != (len(self.late), len(self.now))


def day_list(caller: Caller, who: str = "") -> DayList:
    """The list as the caller asks for it; without a choice that of his groups, of all when he has none."""
    today = timezone.localdate()
    chosen = who or (GROUPS if caller.member_of else ALL)
    group = find_group(chosen, caller) if chosen not in {MINE, GROUPS, ALL} else None
    rows = _of(caller, chosen, group)
    all_waiting = rows.filter(state=OccurrenceState.OPEN, due_on__lte=today + dt.timedelta(days=LEAD_LIMIT))
    waiting = list(all_waiting.order_by("due_on", F("at").asc(nulls_first=True), "task__title", "pk")[:MOST])
    shown = [one for one in waiting if one.due_on - dt.timedelta(days=one.task.lead_days) <= today]
    begins = timezone.make_aware(dt.datetime.combine(today, dt.time()))
    all_closed = rows.filter(closed_at__gte=begins).order_by("-closed_at")
    closed = list(all_closed[:CLOSED_SHOWN])
    lines = _rows(caller, [*shown, *closed], today)
    notes = _notes(caller, chosen, group)
    found = DayList(
        chosen, group, today, notes=[one for one in notes if one.taken_at is None],
        read_notes=[one for one in notes if one.taken_at is not None],
    )  # fmt: skip
    for row in lines:
        if row.occurrence.state != OccurrenceState.OPEN:
            found.closed.append(row)
        elif row.is_late:
            found.late.append(row)
        else:
            (found.now if row.occurrence.due_on == today else found.soon).append(row)
    is_whole = len(waiting) < MOST
    return replace(
        found,
        late_count=len(found.late) if is_whole else all_waiting.filter(due_on__lt=today).count(),
        now_count=len(found.now) if is_whole else all_waiting.filter(due_on=today).count(),
        closed_count=len(closed) if len(closed) < CLOSED_SHOWN else all_closed.count(),
    )


def _of(caller: Caller, chosen: str, group: Group | None) -> QuerySet[Occurrence]:
    rows = occurrences_for(caller)
    if group is not None:
        return rows.filter(of_groups([group.pk], "task__"))
    if chosen == MINE:
        return rows.filter(person_id=caller.person_id) if caller.person_id else rows.none()
    return rows.filter(of_groups(caller.member_of, "task__")) if chosen == GROUPS else rows


def _rows(caller: Caller, occurrences: list[Occurrence], today: dt.date) -> list[Row]:
    groups = groups_of({one.task_id: one.task for one in occurrences}.values())
    usable = runnable(caller, (one.task.routine_id for one in occurrences if one.task.routine_id))
    return [
        Row(
            one, groups.get(one.task_id), one.due_on < today and one.state == OccurrenceState.OPEN,
            one.task.routine_id in usable and one.state == OccurrenceState.OPEN, faults(one.task),
        )
        for one in occurrences
    ]  # fmt: skip


def _notes(caller: Caller, chosen: str, group: Group | None) -> list[Handover]:
    """Those that nobody has read, and those that were read in the last day."""
    if chosen == ALL:
        return []
    groups = [group.pk] if group is not None else list(caller.member_of)
    lately = Q(taken_at=None) | Q(taken_at__gte=timezone.now() - dt.timedelta(days=1))
    rows = Handover.objects.filter(lately, group__in=groups).select_related("group__item")
    return list(rows) if caller.may(RoutinePermission.VIEW) else []


def late_of(groups: list[int], caller: Caller) -> int:
    """How many times that these groups do are late."""
    rows = occurrences_for(caller).filter(of_groups(groups, "task__"), state=OccurrenceState.OPEN)
    return rows.filter(due_on__lt=timezone.localdate()).count()


@dataclass(slots=True)
class Spent:
    """A group's month: times done, skipped and late; minutes and cost planned and spent. `said` did say how long."""

    group: Group | None
    month: dt.date
    done: int = 0
    skipped: int = 0
    late: int = 0
    said: int = 0
    planned_minutes: int = 0
    minutes: int = 0
    planned_cost: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)


def spent(caller: Caller, group: Group | None = None) -> list[Spent]:
    """Planned against spent by group and month of the due day, newest month first; a year back, up to today."""
    today = timezone.localdate()
    first = (today.replace(day=1) - dt.timedelta(days=30 * (MONTHS - 1))).replace(day=1)
    rows = occurrences_for(caller).filter(due_on__gte=first, due_on__lte=today)
    if group is not None:
        rows = rows.filter(of_groups([group.pk], "task__"))
    done = Q(state=OccurrenceState.DONE)
    months = rows.order_by().annotate(month=TruncMonth("due_on")).values("month", "task__group_id", "task__item_id")
    sums = months.annotate(
        done=Count("pk", filter=done), skipped=Count("pk", filter=Q(state=OccurrenceState.SKIPPED)),
        late=Count("pk", filter=Q(state=OccurrenceState.OPEN, due_on__lt=today)), said=Count("minutes", filter=done),
        planned_minutes=Sum("task__minutes", filter=done), minutes=Sum("minutes", filter=done),
        planned_cost=Sum("task__cost", filter=done), cost=Sum("cost", filter=done),
    )  # fmt: skip
    answers = dict(
        Answer.objects.open().filter(item__operational_tasks__isnull=False).values_list("item_id", "group_id")
    )
    groups = Group.objects.select_related("item").in_bulk()
    found: dict[tuple[int | None, dt.date], Spent] = {}
    for row in map(dict[str, Any], sums):
        number = row["task__group_id"] or answers.get(row["task__item_id"])
        one = found.setdefault((number, row["month"]), Spent(groups.get(number), row["month"]))
        for name in SUMMED:
            setattr(one, name, getattr(one, name) + (row[name] or 0))
    by_name = sorted(found.values(), key=lambda one: (one.group.name if one.group else "", one.month))
    return sorted(by_name, key=lambda one: one.month, reverse=True)


SHOWS: dict[str, Callable[[dt.date], Q]] = {
    "done": lambda _today: Q(state=OccurrenceState.DONE),
    "skipped": lambda _today: Q(state=OccurrenceState.SKIPPED),
    "late": lambda today: Q(state=OccurrenceState.OPEN, due_on__lt=today),
}
"""What each figure of `spent` counts."""


def counted(caller: Caller, month: dt.date, group: Group | None, show: str) -> QuerySet[Occurrence]:
    """The times that a figure of `spent` counts, of the tasks of this group, or of nobody; the latest day first. Raises
    Invalid.
    """
    if show not in SHOWS:
        raise Invalid(_("There is no such figure."), todo=", ".join(SHOWS), field="show")
    today = timezone.localdate()
    rows = occurrences_for(caller).filter(due_on__gte=month, due_on__lt=next_month(month), due_on__lte=today)
    if group is not None:
        rows = rows.filter(of_groups([group.pk], "task__"))
    else:
        answered = Answer.objects.open().filter(group__isnull=False).values("item_id")
        rows = rows.filter(task__group__isnull=True).exclude(task__item_id__in=answered)
    return rows.filter(SHOWS[show](today)).order_by("-due_on", "-pk")
