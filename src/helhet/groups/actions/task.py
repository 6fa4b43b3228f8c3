"""What people do with tasks: create, take, hand over, do, drop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.finding import find_person, find_task, group_named
from helhet.groups.models import Group, GroupState, Person, Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import find_item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

TEXT_LIMIT = 20_000


@transaction.atomic
def create_task(
    *,
    by: Caller,
    title: str,
    group: str = "",
    person: int | None = None,
    item: str = "",
    due_on: dt.date | None = None,
    text: str = "",
    origin: str = "hand",
    origin_id: int | None = None,
    asked_by: int | None = None,
) -> Task:
    """A new task, of a group (reference or name) or a person, perhaps about an item (reference). `asked_by` is the user
    who asked for it and may not do it himself.
    """
    by.require(GroupPermission.TASK_CREATE)
    group_of = _group(group, by)
    person_of = _person(person, by)
    if group_of is None and person_of is None:
        raise Invalid(_("A task is somebody's."), todo=_("Name a group or a person."), field="group")
    task = Task.objects.create(
        title=_title(title), text=_text(text), group=group_of, person=person_of,
        item=find_item(item, by) if item.strip() else None, due_on=due_on, origin=origin[:40], origin_id=origin_id,
        asked_by=asked_by, created_by=by.name[:200],
    )  # fmt: skip
    record("groups.task.created", "task", task.pk, by=by, after={"title": task.title} | _whose(task))
    return task


@transaction.atomic
def change_task(task_id: int, *, by: Caller, version: int | None, **fields: Any) -> Task:
    """Set title, text, due_on or item."""
    task = _taken(task_id, by, version)
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "title":
            wanted["title"] = _title(value or "")
        elif name == "text":
            wanted["text"] = _text(value or "")
        elif name == "due_on":
            wanted["due_on"] = value
        elif name == "item":
            wanted["item"] = find_item(value, by) if (value or "").strip() else None
        else:
            raise Invalid(_("A task has no field %(name)s.") % {"name": name}, field=name)
    return _write(task, wanted, "changed", by)


@transaction.atomic
def take_task(task_id: int, *, by: Caller, version: int | None) -> Task:
    """The caller takes an open task of a group of his on himself."""
    task = _open(_taken(task_id, by, version))
    if by.person_id is None:
        raise Clash(
            _("You are no person in the register."), todo=_("Ask an administrator to tie your user to a person.")
        )
    return _write(task, {"person": Person.objects.get(pk=by.person_id)}, "taken", by)


@transaction.atomic
def hand_over_task(
    task_id: int, *, by: Caller, version: int | None, group: str = "", person: int | None = None, reason: str = ""
) -> Task:
    """Give an open task to a group, to a person, or to a person for a group."""
    task = _open(_taken(task_id, by, version))
    group_of, person_of = _group(group, by), _person(person, by)
    if group_of is None and person_of is None:
        raise Invalid(_("A task is somebody's."), todo=_("Name a group or a person."), field="group")
    wanted: dict[str, Any] = {"person": person_of}
    if group_of is not None:
        wanted["group"] = group_of
    return _write(task, wanted, "handed_over", by, reason)


@transaction.atomic
def finish_task(task_id: int, *, by: Caller, version: int | None, outcome: str = "") -> Task:
    """It is done."""
    task = _open(_taken(task_id, by, version))
    return _write(task, _closed(TaskState.DONE, outcome), "done", by)


@transaction.atomic
def drop_task(task_id: int, *, by: Caller, version: int | None, reason: str) -> Task:
    """It will not be done, for a reason."""
    task = _open(_taken(task_id, by, version))
    if not reason.strip():
        raise Invalid(_("Say why it will not be done."), field="reason")
    return _write(task, _closed(TaskState.DROPPED, reason), "dropped", by, reason)


@transaction.atomic
def reopen_task(task_id: int, *, by: Caller, version: int | None) -> Task:
    """It is to be done after all."""
    task = _taken(task_id, by, version)
    if task.state == TaskState.OPEN:
        raise Clash(_("The task is open."))
    return _write(task, {"state": TaskState.OPEN, "outcome": "", "closed_at": None}, "reopened", by)


def _taken(task_id: int, by: Caller, version: int | None) -> Task:
    task = find_task(task_id, by, for_change=True)
    by.require(GroupPermission.TASK_CHANGE, task)
    check_version(task, version, _("The task"))
    return task


def _open(task: Task) -> Task:
    if task.state != TaskState.OPEN:
        raise Clash(_("The task is closed."), todo=_("Reopen it first."))
    return task


def _closed(state: TaskState, outcome: str) -> dict[str, Any]:
    return {"state": state, "outcome": " ".join(outcome.split())[:500], "closed_at": timezone.now()}


def _write(task: Task, wanted: dict[str, Any], verb: str, by: Caller, reason: str = "") -> Task:
    before = {name: getattr(task, name) for name in wanted}
    new = {name: value for name, value in wanted.items() if before[name] != value}
    if not new:
        return task
    for name, value in new.items():
        setattr(task, name, value)
    task.version += 1
    task.save(update_fields=[*new, "version"])
    told = [name for name in new if name != "closed_at"]
    record(
        f"groups.task.{verb}", "task", task.pk, by=by, reason=reason,
        before={name: _plain(before[name]) for name in told}, after={name: _plain(new[name]) for name in told},
    )  # fmt: skip
    return task


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _whose(task: Task) -> dict[str, str]:
    told = {"group": task.group and task.group.name, "person": task.person and task.person.name}
    return {name: value for name, value in told.items() if value}


def _group(text: str, by: Caller) -> Group | None:
    if not text.strip():
        return None
    group = group_named(text.strip(), by)
    if group.state == GroupState.CLOSED:
        raise Invalid(_("%(group)s is closed.") % {"group": group.name}, field="group")
    return group


def _person(person_id: int | None, by: Caller) -> Person | None:
    if person_id is None:
        return None
    person = find_person(person_id, by)
    if person.ended_on is not None:
        raise Invalid(_("%(person)s has ended.") % {"person": person.name}, field="person")
    return person


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > 300:
        raise Invalid(_("A task says in 1 to 300 characters what is to be done."), field="title")
    return title


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[:TEXT_LIMIT]
