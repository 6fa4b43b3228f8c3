"""Operational tasks as they are asked for: which there are, whose, when each comes next and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.models import Answer, Group
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller
from helhet.routines.models import Occurrence, OccurrenceState, OperationalTask
from helhet.routines.permissions import RoutinePermission
from helhet.rules.upkeep_days import Closed, Coming, Upkeep

AHEAD = dt.timedelta(days=366 * 9)
ONE = dt.timedelta(days=1)
LEAD_LIMIT = 60


def zone() -> ZoneInfo:
    """The installation's time zone, by whose clock tasks come."""
    return ZoneInfo(settings.TIME_ZONE)


def upkeep(task: OperationalTask) -> Upkeep:
    """How it comes back, as the rules take it."""
    return Upkeep(task.first_on, task.rule, task.after_days, Closed(task.closed_day), task.at or dt.time())


def tasks_for(caller: Caller) -> QuerySet[OperationalTask]:
    """The operational tasks that the caller may see."""
    if not caller.may(RoutinePermission.VIEW):
        return OperationalTask.objects.none()
    return OperationalTask.objects.select_related("item__kind", "group__item", "person", "routine__document__item")


def occurrences_for(caller: Caller) -> QuerySet[Occurrence]:
    """The occurrences that the caller may see."""
    if not caller.may(RoutinePermission.VIEW):
        return Occurrence.objects.none()
    return Occurrence.objects.select_related(
        "task__item__kind", "task__group__item", "task__person", "task__routine__document__item", "person", "run"
    )


def find_operation(number: int, caller: Caller, *, for_change: bool = False) -> OperationalTask:
    """The operational task with this number. Raises NotFound. `for_change` takes its row for the transaction."""
    rows = tasks_for(caller)
    found = (rows.select_for_update(of=("self",)) if for_change else rows).filter(pk=number).first()
    if found is None:
        raise NotFound(
            _("There is no operational task %(number)s.") % {"number": number},
            todo=_("See the list of operational tasks."), where=str(number),
        )  # fmt: skip
    return found


def find_occurrence(number: int, caller: Caller, *, for_change: bool = False) -> Occurrence:
    """One time of an operational task. Raises NotFound. `for_change` takes its task's row, then its own."""
    rows = occurrences_for(caller)
    if for_change and (task := rows.filter(pk=number).values_list("task_id", flat=True).first()) is not None:
        find_operation(task, caller, for_change=True)
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound(
            _("There is nothing with the number %(number)s in the day list.") % {"number": number},
            todo=_("See the day list."), where=str(number),
        )  # fmt: skip
    return found


def of_groups(groups: Collection[int], prefix: str = "") -> Q:
    """The tasks (or, with `task__`, occurrences) that these groups do: their own, and those of what they answer for."""
    items = Answer.objects.open().filter(group_id__in=groups).values("item_id")
    return Q(**{f"{prefix}group_id__in": groups}) | Q(
        **{f"{prefix}group__isnull": True, f"{prefix}item_id__in": items}
    )  # fmt: skip


def groups_of(tasks: Iterable[OperationalTask]) -> dict[int, Group]:
    """By the number of the task the group that does it."""
    listed = list(tasks)
    answers = Answer.objects.open().filter(item_id__in={one.item_id for one in listed if one.group_id is None})
    by_item = {one.item_id: one.group for one in answers.select_related("group__item") if one.group is not None}
    found = {one.pk: one.group or by_item.get(one.item_id) for one in listed}
    return {number: group for number, group in found.items() if group is not None}


@dataclass(frozen=True, slots=True)
class Next:
    """When a task comes next. `after` is the day on which it was last done, for one that counts from that."""

    coming: Coming
    after: dt.date | None = None


def next_of(task: OperationalTask, today: dt.date | None = None) -> Next | None:
    """The next time: the first that is open, else the first to come; None when there is none."""
    waiting = task.occurrences.filter(state=OccurrenceState.OPEN).order_by("due_on", "pk").first()
    last = last_done(task) if task.after_days is not None else None
    return _next(task, waiting, last, today or timezone.localdate())


def nexts_of(tasks: Iterable[OperationalTask]) -> dict[int, Next | None]:
    """By the number of the task what `next_of` gives, with two questions for all of them."""
    listed, today = list(tasks), timezone.localdate()
    times = Occurrence.objects.filter(task__in=[one.pk for one in listed])
    waiting: dict[int, Occurrence] = {}
    for one in times.filter(state=OccurrenceState.OPEN).order_by("due_on", "pk"):
        waiting.setdefault(one.task_id, one)
    closed = times.exclude(state=OccurrenceState.OPEN).exclude(closed_at=None).filter(task__after_days__isnull=False)
    latest = dict(closed.order_by().values_list("task_id").annotate(at=Max("closed_at")))
    last = {number: timezone.localdate(at) for number, at in latest.items() if at is not None}
    return {one.pk: _next(one, waiting.get(one.pk), last.get(one.pk), today) for one in listed}


def _next(task: OperationalTask, waiting: Occurrence | None, last: dt.date | None, day: dt.date) -> Next | None:
    if waiting is not None:
        return Next(Coming(waiting.rule_on, waiting.due_on), last)
    if task.ended_on is not None:
        return None
    if task.after_days is not None:
        return Next(upkeep(task).after(last), last) if last else Next(next(upkeep(task).until(task.first_on, zone())))
    made = task.made_up_to or task.first_on - ONE
    coming = (one for one in upkeep(task).until(day + AHEAD, zone()) if one.rule_on > made)
    first = next(coming, None)
    return Next(first) if first is not None else None


def last_done(task: OperationalTask) -> dt.date | None:
    """The local day on which it was last done or skipped."""
    closed = task.occurrences.exclude(state=OccurrenceState.OPEN).exclude(closed_at=None)
    at = closed.order_by("-closed_at").values_list("closed_at", flat=True).first()
    return timezone.localdate(at) if at is not None else None


def preview(task: OperationalTask, count: int = 10) -> list[Coming]:
    """The next days by rule, for a form. One that counts from when it was last done shows days as if done on them."""
    today = timezone.localdate()
    how = upkeep(task)
    if how.after_days is not None:
        coming = next(how.until(max(task.first_on, today), zone()))
        found = [coming]
        while len(found) < count:
            coming = how.after(coming.due_on)
            found.append(coming)
        return found
    made = passed(task, today) or task.first_on - ONE
    coming_days = (one for one in how.until(max(today, task.first_on) + AHEAD, zone()) if one.rule_on > made)
    return [Coming(one.rule_on, max(one.due_on, today)) for one in islice(coming_days, count)]


def passed(task: OperationalTask, today: dt.date) -> dt.date | None:
    """The last day of its rule that is not made up for by one that is made, or gets other days, today: that day and the
    one on which it was to be done are over. None when there is none.
    """
    over = [one.rule_on for one in upkeep(task).until(today - ONE, zone()) if one.due_on < today]
    return over[-1] if over else None
