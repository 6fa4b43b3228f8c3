"""What people do with operational tasks: make, change, end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.finding import find_person, group_named
from helhet.groups.models import GroupState
from helhet.items.finding import find_item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.routines.finding import adopted, find_routine
from helhet.routines.models import ClosedDay, OccurrenceState, OperationalTask, Routine
from helhet.routines.occurring import make_due
from helhet.routines.operations import LEAD_LIMIT, find_operation, passed, preview
from helhet.routines.permissions import RoutinePermission
from helhet.routines.refusals import withdrawn
from helhet.routines.rule_words import refused_rule
from helhet.rules.recurrence import BadRule, first_day
from helhet.rules.recurrence_limits import check_rule

PLAIN = ("title", "text", "rule", "first_on", "at", "after_days", "closed_day", "lead_days", "minutes", "cost")
POINTING = ("item", "group", "person", "routine")
AFTER_LIMIT, MINUTES_LIMIT, COST_LIMIT = 3_650, 100_000, Decimal(9999999999)
TIMING = frozenset({"rule", "first_on", "at", "after_days", "closed_day", "lead_days"})


@transaction.atomic
def create_operation(*, by: Caller, **fields: Any) -> OperationalTask:
    """A new operational task: `title` and `item` (reference); `group`, `person`, `routine`; `rule` from `first_on`, or
    `after_days`; `at`, `closed_day`, `lead_days`, `minutes`, `cost`, `text`. Days before today are not made up for.
    """
    task = drafted_operation(by=by, **fields)
    today = timezone.localdate()
    if task.after_days is None:
        task.made_up_to = passed(task, today)
    _write(task)
    make_due(task, today, since=today)
    record("routines.operational_task.created", "operational_task", task.pk, by=by, after=_told(task))
    return task


@transaction.atomic
def change_operation(number: int, *, by: Caller, version: int | None, **fields: Any) -> OperationalTask:
    """Alter what `create_operation` takes. When its days change, those not due yet come anew; late ones stay."""
    old = find_operation(number, by, for_change=True)
    by.require(RoutinePermission.TASK_MANAGE, old)
    check_version(old, version, old.title)
    if old.ended_on is not None:
        raise Clash(_("The operational task has ended."), todo=_("Make a new one."))
    new = drafted_operation(by=by, of=old, **fields)
    before, after = _told(old), _told(new)
    names = [name for name in after if before[name] != after[name]]
    if not names:
        return old
    today = timezone.localdate()
    if TIMING & set(names):
        new.occurrences.filter(state=OccurrenceState.OPEN, due_on__gt=today).delete()
        new.made_up_to = passed(new, today) if new.after_days is None else None
    if "person" in names:
        new.occurrences.filter(state=OccurrenceState.OPEN).update(person=new.person)
    new.version += 1
    _write(new)
    make_due(new, today, since=today if TIMING & set(names) else None)
    record(
        "routines.operational_task.changed", "operational_task", new.pk, by=by,
        before={name: before[name] for name in names}, after={name: after[name] for name in names},
    )  # fmt: skip
    return new


@transaction.atomic
def end_operation(number: int, *, by: Caller, version: int | None, reason: str) -> OperationalTask:
    """It comes no more. What is not due yet goes; what is due or late is skipped with the reason."""
    task = find_operation(number, by, for_change=True)
    by.require(RoutinePermission.TASK_MANAGE, task)
    check_version(task, version, task.title)
    if task.ended_on is not None:
        raise Clash(_("The operational task has ended already."))
    return ended(task, by=by, reason=checked_reason(reason))


def ended(task: OperationalTask, *, by: Caller, reason: str) -> OperationalTask:
    """End a task whose row is held, for a reason."""
    today = timezone.localdate()
    waiting = task.occurrences.filter(state=OccurrenceState.OPEN)
    waiting.filter(due_on__gt=today).delete()
    waiting.update(
        state=OccurrenceState.SKIPPED, reason=reason, closed_at=timezone.now(), closed_by=by.name[:200]
    )  # fmt: skip
    task.ended_on = today
    task.version += 1
    task.save(update_fields=["ended_on", "version"])
    record(
        "routines.operational_task.ended", "operational_task", task.pk, by=by, reason=reason,
        after={"title": task.title},
    )  # fmt: skip
    return task


def _write(task: OperationalTask) -> None:
    """Write it, and its routine where nobody has described that yet."""
    if task.routine is not None:
        task.routine = adopted(task.routine)
    task.save()


def checked_reason(reason: str) -> str:
    """A reason on one line. Raises Invalid without one."""
    reason = " ".join(reason.replace("\x00", "").split())
    if not 0 < len(reason) <= 500:
        raise Invalid(_("Say why, in 1 to 500 characters."), field="reason")
    return reason


def drafted_operation(*, by: Caller, of: OperationalTask | None = None, **fields: Any) -> OperationalTask:
    """The task as it would be made or altered, checked but not written: for the preview too. Raises Invalid."""
    if unknown := sorted(set(fields) - {*PLAIN, *POINTING}):
        raise Invalid(_("An operational task has no field %(name)s.") % {"name": unknown[0]}, field=unknown[0])
    task = OperationalTask(first_on=timezone.localdate())
    if of is not None:
        for one in of._meta.concrete_fields:
            setattr(task, one.attname, getattr(of, one.attname))
        task._state.adding = False
    for name in PLAIN:
        if name in fields:
            setattr(task, name, fields[name])
    if fields.get("first_on", task.first_on) is None:
        raise Invalid(_("Say on which day it begins."), field="first_on")
    _point(task, fields, by)
    by.require(RoutinePermission.TASK_MANAGE, task)
    task.title = " ".join((task.title or "").replace("\x00", "").split())
    if not 0 < len(task.title) <= 300:
        raise Invalid(_("Say in 1 to 300 characters what is to be done."), field="title")
    task.text = (task.text or "").replace("\x00", "").replace("\r\n", "\n").strip()[:20_000]
    _check_numbers(task)
    _check_days(task, of)
    if of is None or any(getattr(of, name) != getattr(task, name) for name in TIMING):
        _check_comes(task)
    return task


def _point(task: OperationalTask, fields: dict[str, Any], by: Caller) -> None:
    if fields.get("item") or task.item_id is None:
        if not (fields.get("item") or "").strip():
            raise Invalid(
                _("Say which item it is done on."), todo=_("Write a reference, such as SRV-12."), field="item"
            )
        task.item = find_item(fields["item"], by)
    if "group" in fields:
        group = group_named(fields["group"].strip(), by) if (fields["group"] or "").strip() else None
        if group is not None and group.state == GroupState.CLOSED:
            raise Invalid(_("%(group)s is closed.") % {"group": group.name}, field="group")
        task.group = group
    if "person" in fields:
        person = find_person(fields["person"], by) if fields["person"] is not None else None
        if person is not None and person.ended_on is not None:
            raise Invalid(_("%(person)s has ended.") % {"person": person.name}, field="person")
        task.person = person
    if "routine" in fields:
        before, task.routine = task.routine_id, None
        if (fields["routine"] or "").strip():
            find_routine(fields["routine"].strip(), by)
            task.routine = _usable(fields["routine"].strip(), before, by)


def _usable(text: str, before: int | None, by: Caller) -> Routine:
    """The routine so named, unless it is withdrawn; the one that the task has already may stay."""
    found = find_routine(text, by)
    if found.is_withdrawn and found.pk != before:
        raise withdrawn(found.document.item.name)
    return found


def _check_numbers(task: OperationalTask) -> None:
    task.lead_days = task.lead_days or 0
    limits: dict[str, tuple[Any, Any]] = {
        "after_days": (1, AFTER_LIMIT), "lead_days": (0, LEAD_LIMIT), "minutes": (0, MINUTES_LIMIT),
        "cost": (0, COST_LIMIT),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        value = getattr(task, name)
        if value is not None and not least <= value <= most:
            raise Invalid(_("It is between %(least)s and %(most)s.") % {"least": least, "most": most}, field=name)
    if task.cost is not None:
        task.cost = Decimal(task.cost).quantize(Decimal("0.01"))
    if getattr(task.at, "tzinfo", None) is not None:
        raise Invalid(_("It comes by the clock of this installation."), todo=_("Write the time without a zone."),
                      field="at")  # fmt: skip


def _check_days(task: OperationalTask, before: OperationalTask | None) -> None:
    task.rule = (task.rule or "").strip().upper().removeprefix("RRULE:")[:500]
    task.closed_day = task.closed_day or ClosedDay.KEEP
    if task.closed_day not in ClosedDay.values:
        raise Invalid(_("This is nothing that can be done about closed days."), field="closed_day",
                      todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(ClosedDay.values)})  # fmt: skip
    if not 1900 <= task.first_on.year <= 2200:
        raise Invalid(_("Say on which day it begins."), field="first_on")
    if task.after_days is not None:
        if task.rule:
            raise Invalid(_("It comes by a rule, or so many days after it was last done."), field="after_days",
                          todo=_("Choose one."))  # fmt: skip
        if task.closed_day == ClosedDay.SKIP:
            raise Invalid(_("One that counts from when it was last done cannot be left out."), field="closed_day",
                          todo=_("Choose the next open day."))  # fmt: skip
    elif task.rule:
        try:
            # One that was kept before it was known what may not be written comes as it came.
            if before is None or (before.rule, before.at is None) != (task.rule, task.at is None):
                check_rule(task.rule, has_time=task.at is not None)
            task.first_on = first_day(task.first_on, task.rule)
        except BadRule as error:
            frequency = _("A task comes by the day, week, month or year (FREQ=DAILY, WEEKLY, MONTHLY or YEARLY).")
            never = _("The rule never comes, or not within nine years.")
            raise refused_rule(error, frequency=frequency, first=never) from error


def _check_comes(task: OperationalTask) -> None:
    """Days before today are not made up for, so that one whose days have all passed would stand there for nothing."""
    if task.after_days is None and not preview(task, 1):
        raise Invalid(
            _("None of its days is to come."), field="rule" if task.rule else "first_on",
            todo=_("Let it begin or end later, or choose another thing to do about closed days."),
        )  # fmt: skip


def _told(task: OperationalTask) -> dict[str, Any]:
    told = {name: getattr(task, name) for name in PLAIN}
    told = {
        name: value if value is None or isinstance(value, str | int)
        else value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
        for name, value in told.items()
    }  # fmt: skip
    return told | {
        "item": task.item.reference, "group": task.group.name if task.group else None,
        "person": task.person.name if task.person else None,
        "routine": task.routine.document.address if task.routine else None,
    }  # fmt: skip
