"""Tasks and saved views as programs give and get them, and the fields that tasks are filtered by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateField, Q, Value
from django.db.models.functions import Coalesce
from ninja import Schema

from helhet.groups.api.lists import Filtered, choice, containing, folded
from helhet.groups.api.shapes_groups import group_field
from helhet.groups.models import Person, SavedView, Task, TaskState
from helhet.items.filters import reference_condition
from helhet.items.models import Item
from helhet.kit.api import Strict
from helhet.kit.api_examples import example
from helhet.kit.filters import Context, Field, Fields, Meaning, compare, day_of_value, only_matching
from helhet.kit.paging import Listing
from helhet.rules.filters import Op, Term

FAR = dt.date(9999, 12, 31)
"""Where things without a day stand in an order of days."""


class TaskIn(Strict):
    """A task that is to be: of a group (reference or name), a person (number), or a person for a group."""

    model_config = example(title="Se över servrarna i hall B", group="GRP-3", item="SRV-12", due_on="2026-06-01")

    title: str
    group: str = ""
    person: int | None = None
    item: str = ""
    due_on: dt.date | None = None
    text: str = ""


class TaskChange(Strict):
    """What a task is to say instead."""

    model_config = example(due_on="2026-09-01")

    title: str | None = None
    item: str | None = None
    due_on: dt.date | None = None
    text: str | None = None


class HandOverIn(Strict):
    """To whom."""

    model_config = example(group="GRP-5", reason="De har rummet")

    group: str = ""
    person: int | None = None
    reason: str = ""


class OutcomeIn(Strict):
    """What came of it."""

    model_config = example(outcome="Fyra skrotade")

    outcome: str = ""


class TaskOut(Schema):
    """A task. `state`: open, done, dropped."""

    model_config = example(
        id=8,
        title="Se över servrarna i hall B",
        text="",
        item="SRV-12",
        group="GRP-3",
        person=None,
        due_on="2026-06-01",
        state="open",
        outcome="",
        origin="api",
        created_at="2026-05-04T08:30:00Z",
        created_by="Siv Ek",
        closed_at=None,
        version=1,
    )

    id: int
    title: str
    text: str
    item: str | None
    group: str | None
    person: int | None
    due_on: dt.date | None
    state: str
    outcome: str
    origin: str
    created_at: dt.datetime
    created_by: str
    closed_at: dt.datetime | None
    version: int


def task_data(task: Task) -> dict[str, Any]:
    """A task as the API gives it."""
    names = ("id", "title", "text", "due_on", "state", "outcome", "origin", "created_at", "created_by", "closed_at",
             "version")  # fmt: skip
    return {name: getattr(task, name) for name in names} | {
        "item": task.item.reference if task.item else None,
        "group": task.group.reference if task.group else None,
        "person": task.person_id,
    }


def _due(term: Term, context: Context) -> Meaning:
    if any(value.asks_for_none for value in term.values):
        only_matching(term)
        return Meaning(Q(due_on__isnull=True))
    days = [day_of_value(value, context) for value in term.values]
    if term.op in {Op.MATCH, Op.EXACT}:
        return Meaning(Q(due_on__in=days))
    return Meaning(compare("due_on", term.op, days))


def _about(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    condition = Q(pk__in=())
    for value in term.values:
        named = reference_condition(value.text)
        if value.asks_for_none:
            condition |= Q(item__isnull=True)
        elif named is not None:
            condition |= Q(item__in=Item.objects.filter(named))
    return Meaning(condition)


def task_fields() -> Fields:
    """What lists of tasks are filtered by."""
    return Fields(
        [
            choice("state", "state", TaskState.values),
            group_field("group", "group"),
            folded("person", Person.objects.all, "name", to="person"),
            folded("origin", Task.objects.all, "origin"),
            Field("due", "due", _due),
            Field("item", "item", _about),
        ],
        containing(Task.objects.all, "title", "text"),
    )


DUE = Coalesce("due_on", Value(FAR), output_field=DateField())
TASKS = Filtered(TaskOut, {"due": "by_day", "title": "title", "state": "state"}, task_data, task_fields)


class ViewIn(Strict):
    """A list that is to be kept under a name."""

    model_config = example(
        name="Servrar utan grupp",
        filter="kind:server group:none",
        columns=["name", "state"],
        sort="-updated",
        is_shared=True,
    )

    name: str
    filter: str = ""
    columns: list[str] = []
    sort: str = ""
    is_shared: bool = False


class ViewChange(Strict):
    """What is to be altered of a view."""

    model_config = example(sort="name")

    name: str | None = None
    filter: str | None = None
    columns: list[str] | None = None
    sort: str | None = None
    is_shared: bool | None = None


class ViewOut(Schema):
    """A saved view, known by its slug."""

    model_config = example(
        slug="servrar-utan-grupp",
        name="Servrar utan grupp",
        listing="items",
        filter="kind:server group:none",
        columns=["name", "state"],
        sort="-updated",
        is_shared=True,
        by="Siv Ek",
        version=1,
    )

    slug: str
    name: str
    listing: str
    filter: str
    columns: list[str]
    sort: str
    is_shared: bool
    by: str
    version: int


def view_data(view: SavedView) -> dict[str, Any]:
    """A view as the API gives it."""
    names = ("slug", "name", "listing", "filter", "columns", "sort", "is_shared", "version")
    return {name: getattr(view, name) for name in names} | {"by": str(view.user)}


VIEWS = Listing(ViewOut, {"name": "name", "slug": "slug"}, view_data)
