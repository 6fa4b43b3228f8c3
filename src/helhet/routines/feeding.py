"""The times of operational tasks as a subscribed calendar holds them: titles and days, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from helhet.kit.rights import Caller
from helhet.routines.models import OperationalTask
from helhet.routines.operations import occurrences_for, of_groups, tasks_for, upkeep, zone

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Time:
    """One time. `key` stays while it lives, `version` grows when it or its task is altered; `at` is None for a whole
    day; skipped ones are off.
    """

    key: str
    title: str
    on: dt.date
    at: dt.time | None
    minutes: int
    is_off: bool = False
    version: int = 0


def times_of(
    caller: Caller, *, group_id: int | None, person_id: int | None, back: dt.timedelta, ahead: dt.timedelta
) -> Iterator[Time]:  # fmt: skip
    """The times of a group, or of a person: those that have come, and those that the rules say will come."""
    today = timezone.localdate()
    times, tasks = occurrences_for(caller), tasks_for(caller).filter(ended_on=None, after_days=None)
    if group_id is not None:
        times, tasks = times.filter(of_groups([group_id], "task__")), tasks.filter(of_groups([group_id]))
    elif person_id is not None:
        times, tasks = times.filter(person_id=person_id), tasks.filter(person_id=person_id)
    else:
        return
    made: set[str] = set()
    for one in times.filter(due_on__gte=today - back, due_on__lte=today + ahead).order_by("due_on", "pk")[:MOST]:
        made.add(key := f"operation-{one.task_id}-{one.rule_on:%Y%m%d}")
        yield Time(
            key, one.task.title, one.due_on, one.at, one.task.minutes or 30, one.state == "skipped",
            one.task.version + one.version,
        )  # fmt: skip
    for task in tasks[:MOST]:
        # One that was skipped beforehand stands although the task's days were altered since.
        yield from (one for one in _to_come(task, today + ahead) if one.key not in made)


def _to_come(task: OperationalTask, last: dt.date) -> Iterator[Time]:
    made = task.made_up_to or task.first_on - dt.timedelta(days=1)
    for one in upkeep(task).until(last, zone()):
        if one.rule_on > made:
            key = f"operation-{task.pk}-{one.rule_on:%Y%m%d}"
            yield Time(key, task.title, one.due_on, task.at, task.minutes or 30, version=task.version)
