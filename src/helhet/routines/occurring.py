"""Making occurrences of operational tasks: what has come into the day list becomes rows, and missed days stay late."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from helhet.kit.jobs import JobContext, job
from helhet.routines.models import Occurrence, OperationalTask
from helhet.routines.operations import last_done, upkeep, zone
from helhet.rules.upkeep_days import Coming


def make_due(task: OperationalTask, today: dt.date, *, since: dt.date | None = None) -> int:
    """Make the occurrences that stand in the day list by today, also those of days that were missed. Returns how many.

    Must run inside a transaction that holds the task's row. Done twice it makes nothing more. `since` is the day on
    which the task got its days: what closed days would have moved before that is to be done on it, and is not late.
    """
    if task.ended_on is not None:
        return 0
    horizon = today + dt.timedelta(days=task.lead_days)
    if task.after_days is not None:
        wanted = _after(task)
    else:
        made = task.made_up_to or task.first_on - dt.timedelta(days=1)
        # What a closed day moves back is due before its own day.
        days = upkeep(task).until(horizon + dt.timedelta(days=10), zone())
        wanted = [one for one in days if one.rule_on > made and one.due_on <= horizon]
    there = set(task.occurrences.filter(rule_on__in=[one.rule_on for one in wanted]).values_list("rule_on", flat=True))
    new = [
        Occurrence(
            task=task,
            rule_on=one.rule_on,
            due_on=max(one.due_on, since or one.due_on),
            at=task.at,
            person_id=task.person_id,
        )
        for one in wanted
        if one.rule_on not in there
    ]
    Occurrence.objects.bulk_create(new, batch_size=500)
    if task.after_days is None and wanted:
        task.made_up_to = max(one.rule_on for one in wanted)
        OperationalTask.objects.filter(pk=task.pk).update(made_up_to=task.made_up_to)
    return len(new)


def _after(task: OperationalTask) -> list[Coming]:
    """The one that comes after it was last done, unless it waits already. Its key is the day of the rule, or the next
    free one where it was done so early that its own day comes again.
    """
    if task.occurrences.filter(state="open").exists():
        return []
    last = last_done(task)
    coming = upkeep(task).after(last) if last is not None else next(upkeep(task).until(task.first_on, zone()))
    taken = set(task.occurrences.filter(rule_on__gte=coming.rule_on).values_list("rule_on", flat=True))
    key = coming.rule_on
    while key in taken:
        key += dt.timedelta(days=1)
    return [Coming(key, coming.due_on)]


def make_all(today: dt.date | None = None) -> int:
    """Make what has come into the day list, task by task, so that a stop in between loses nothing. Returns how many."""
    day = today or timezone.localdate()
    count = 0
    for number in OperationalTask.objects.filter(ended_on=None).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            task = OperationalTask.objects.select_for_update().filter(pk=number, ended_on=None).first()
            count += make_due(task, day) if task is not None else 0
    return count


@job(name="routines.make_occurrences", max_tries=3)
def make_occurrences(context: JobContext) -> dict[str, int]:
    """The timetable's round over operational tasks."""
    context.check()
    return {"made": make_all()}
