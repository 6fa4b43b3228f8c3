"""The times of operational tasks as a subscribed calendar holds them: titles and days, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from helhet.kit.rights import Caller
from helhet.routines.models import Occurrence, OperationalTask
from helhet.routines.operations import occurrences_for, of_groups, tasks_for, upkeep, zone

ONE = dt.timedelta(days=1)
NEAR = dt.timedelta(days=28)
"""How far to follow the rules first: those of a large group make thousands of days in a year."""
MOVED = dt.timedelta(days=10)
"""Farther than a closed day moves a time back."""


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


@dataclass(frozen=True, slots=True)
class Held:
    """The times that a calendar holds, soonest first. `up_to` is the last day of which it holds all times to come; None
    when it holds all that there are.
    """

    times: list[Time]
    up_to: dt.date | None = None


def times_of(
    caller: Caller, *, group_id: int | None, person_id: int | None, back: dt.timedelta, ahead: dt.timedelta, most: int
) -> Held:  # fmt: skip
    """The times of a group, or of a person: those that have come, and those that the rules say will come. Of more than
    `most` the nearest in time to today are held.
    """
    times, tasks = occurrences_for(caller), tasks_for(caller).filter(ended_on=None, after_days=None)
    if group_id is not None:
        times, tasks = times.filter(of_groups([group_id], "task__")), tasks.filter(of_groups([group_id]))
    elif person_id is not None:
        times, tasks = times.filter(person_id=person_id), tasks.filter(person_id=person_id)
    else:
        return Held([])
    today, listed = timezone.localdate(), list(tasks)
    come = _come(times, today, back, ahead, most)
    # One that was skipped beforehand stands although the task's days were altered since.
    made = {one.key for one in come}
    for reach in (NEAR, max(back, ahead)):
        ruled = (one for task in listed for one in _to_come(task, today + min(reach, ahead)) if one.key not in made)
        found = [one for one in (*come, *ruled) if abs(one.on - today) <= reach]
        if len(found) > most:
            break
    found.sort(key=lambda one: (abs(one.on - today), one.on, one.key))
    held, left_out = sorted(found[:most], key=lambda one: (one.on, one.key)), found[most:]
    if not left_out:
        return Held(held)
    to_come = [one.on for one in left_out if one.on >= today]
    beyond = min(to_come) if to_come else today + reach + ONE if reach < ahead else None
    return Held(held, beyond and beyond - ONE)


def _come(
    times: QuerySet[Occurrence], today: dt.date, back: dt.timedelta, ahead: dt.timedelta, most: int
) -> list[Time]:  # fmt: skip
    """The times that have been made: of those to come, and of those that have been, one more of the nearest than a
    calendar holds.
    """
    to_come = times.filter(due_on__gte=today, due_on__lte=today + ahead).order_by("due_on", "pk")[: most + 1]
    past = times.filter(due_on__lt=today, due_on__gte=today - back).order_by("-due_on", "pk")[: most + 1]
    return [
        Time(
            f"operation-{one.task_id}-{one.rule_on:%Y%m%d}", one.task.title, one.due_on, one.at,
            one.task.minutes or 30, one.state == "skipped", one.task.version + one.version,
        )
        for one in (*to_come, *past)
    ]  # fmt: skip


def _to_come(task: OperationalTask, last: dt.date) -> Iterator[Time]:
    made = task.made_up_to or task.first_on - ONE
    for one in upkeep(task).until(last + MOVED, zone()):
        if one.rule_on > made and one.due_on <= last:
            key = f"operation-{task.pk}-{one.rule_on:%Y%m%d}"
            yield Time(key, task.title, one.due_on, task.at, task.minutes or 30, version=task.version)
