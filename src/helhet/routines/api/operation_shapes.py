"""Operational tasks, their times and notes between shifts as programs give and get them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from helhet.kit.api import Strict
from helhet.kit.api_examples import example
from helhet.routines.day_list import Spent
from helhet.routines.models import Handover, Occurrence, OperationalTask
from helhet.routines.operation_words import faults
from helhet.routines.operations import Next, next_of, nexts_of

COST = Field(None, ge=0, le=9_999_999_999)


class OperationChange(Strict):
    """What an operational task is to say instead."""

    model_config = example(rule="FREQ=WEEKLY;BYDAY=TU", closed_day="next")

    title: str | None = None
    item: str | None = None
    text: str | None = None
    group: str | None = None
    person: int | None = None
    routine: str | None = None
    rule: str | None = None
    first_on: dt.date | None = None
    at: dt.time | None = None
    after_days: int | None = None
    closed_day: str | None = None
    lead_days: int | None = None
    minutes: int | None = None
    cost: Decimal | None = COST


class OperationIn(OperationChange):
    """An operational task that is to be. `closed_day`: keep, next, before, skip."""

    model_config = example(
        title="Gå igenom nattens säkerhetskopior", item="SRV-12", rule="FREQ=WEEKLY;BYDAY=TU", first_on="2026-12-01"
    )

    title: str
    item: str
    first_on: dt.date


class OperationOut(Schema):
    """An operational task. `next_on` is its next day, null when it comes no more. `faults`: what it is on, or the
    routine that it follows, is no longer used.
    """

    model_config = example(
        id=3, title="Gå igenom nattens säkerhetskopior", text="", item="SRV-12", group="GRP-3", person=None,
        routine="RUT-3", rule="FREQ=WEEKLY;BYDAY=TU", first_on="2026-12-01", at=None, after_days=None,
        closed_day="next", lead_days=0, minutes=20, cost=None, next_on="2026-12-01", ended_on=None, faults=[],
        version=1,
    )  # fmt: skip

    id: int
    title: str
    text: str
    item: str
    group: str | None
    person: int | None
    routine: str | None
    rule: str
    first_on: dt.date
    at: dt.time | None
    after_days: int | None
    closed_day: str
    lead_days: int
    minutes: int | None
    cost: Decimal | None
    next_on: dt.date | None
    ended_on: dt.date | None
    faults: list[str]
    version: int


class ComingOut(Schema):
    """A day to come: that of the rule, and the one after what is done about closed days."""

    model_config = example(rule_on="2026-12-25", due_on="2026-12-28")

    rule_on: dt.date
    due_on: dt.date


class ComingsOut(Schema):
    """The days to come, the nearest first."""

    model_config = example(days=[{"rule_on": "2026-12-25", "due_on": "2026-12-28"}])

    days: list[ComingOut]


class OccurrenceOut(Schema):
    """One time of an operational task. `state`: open, done, skipped."""

    model_config = example(
        id=41, task=3, title="Gå igenom nattens säkerhetskopior", item="SRV-12", due_on="2026-12-01",
        rule_on="2026-12-01", state="done", person=4, reason="", run=None, minutes=15, cost=None,
        closed_at="2026-12-01T08:10:00Z", closed_by="Siv Ek", version=2,
    )  # fmt: skip

    id: int
    task: int
    title: str
    item: str
    due_on: dt.date
    rule_on: dt.date
    state: str
    person: int | None
    reason: str
    run: int | None
    minutes: int | None
    cost: Decimal | None
    closed_at: dt.datetime | None
    closed_by: str
    version: int


class DoneIn(Strict):
    """What it took: minutes, and cost in kronor."""

    model_config = example(minutes=15)

    minutes: int | None = None
    cost: Decimal | None = COST


class UpkeepReasonIn(Strict):
    """Why."""

    model_config = example(reason="Servern är avstängd för flytt")

    reason: str


class RunKeyIn(Strict):
    """A word of the sender's own making, by which a repeated call is known."""

    model_config = example(key="day-41-9f2c11")

    key: str


class RunBegunOut(Schema):
    """The run that was begun, or that is under way."""

    model_config = example(run=12, key="day-41-9f2c11")

    run: int
    key: str


class HandoverIn(Strict):
    """A note for the group's next shift."""

    model_config = example(group="GRP-3", text="Diskbytet i hall B är inte klart.")

    group: str
    text: str


class HandoverOut(Schema):
    """A note between shifts."""

    model_config = example(
        id=2, group="GRP-3", text="Diskbytet i hall B är inte klart.", by="Siv Ek", at="2026-12-01T15:02:00Z",
        taken_by="", taken_at=None, version=1,
    )  # fmt: skip

    id: int
    group: str
    text: str
    by: str
    at: dt.datetime
    taken_by: str
    taken_at: dt.datetime | None
    version: int


class SpentOut(Schema):
    """A group's month. `said` is for how many of those that were done it was said how long they took."""

    model_config = example(
        key="2026-11 GRP-3", month="2026-11-01", group="GRP-3", done=12, skipped=1, late=0, said=11,
        planned_minutes=240, minutes=255, planned_cost="0.00", cost="0.00",
    )  # fmt: skip

    key: str
    month: dt.date
    group: str | None
    done: int
    skipped: int
    late: int
    said: int
    planned_minutes: int
    minutes: int
    planned_cost: Decimal
    cost: Decimal


def operation_data(task: OperationalTask) -> dict[str, Any]:
    """An operational task as the API gives it."""
    return _operation(task, next_of(task))


def operations_data(tasks: Sequence[OperationalTask]) -> list[dict[str, Any]]:
    """The same of many, with as many questions as for two."""
    nexts = nexts_of(tasks)
    return [_operation(task, nexts[task.pk]) for task in tasks]


def _operation(task: OperationalTask, coming: Next | None) -> dict[str, Any]:
    names = ("id", "title", "text", "rule", "first_on", "at", "after_days", "closed_day", "lead_days", "minutes",
             "cost", "ended_on", "version")  # fmt: skip
    return {name: getattr(task, name) for name in names} | {
        "item": task.item.reference, "group": task.group.reference if task.group else None, "person": task.person_id,
        "routine": task.routine.document.item.reference if task.routine else None,
        "next_on": coming.coming.due_on if coming else None, "faults": faults(task),
    }  # fmt: skip


def occurrence_data(one: Occurrence) -> dict[str, Any]:
    """A time as the API gives it."""
    names = ("id", "due_on", "rule_on", "state", "reason", "minutes", "cost", "closed_at", "closed_by", "version")
    return {name: getattr(one, name) for name in names} | {
        "task": one.task_id, "title": one.task.title, "item": one.task.item.reference, "person": one.person_id,
        "run": one.run_id,
    }  # fmt: skip


def handover_data(note: Handover) -> dict[str, Any]:
    """A note as the API gives it."""
    names = ("id", "text", "by", "at", "taken_by", "taken_at", "version")
    return {name: getattr(note, name) for name in names} | {"group": note.group.reference}


def spent_data(row: Spent) -> dict[str, Any]:
    """A group's month as the API gives it."""
    names = ("month", "done", "skipped", "late", "said", "planned_minutes", "minutes", "planned_cost", "cost")
    group = row.group.reference if row.group else None
    return {name: getattr(row, name) for name in names} | {"group": group, "key": f"{row.month:%Y-%m} {group or ''}"}
