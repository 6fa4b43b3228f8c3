"""What a failed run or a reader's report makes: a task of those who answer for the routine, and a doubt of its text."""

from __future__ import annotations

from helhet.documents.doubting import raise_doubt
from helhet.documents.models import Document
from helhet.groups.models import Group, GroupState, Person, Task
from helhet.journal.actions import record
from helhet.kit.rights import Caller


def answerer(document: Document, *more: int | None) -> int | None:
    """The id of the group that is to look at it: its own, else the first of `more`, else the management team."""
    for group_id in (document.answering_group_id, *more):
        if group_id is not None:
            return group_id
    team = Group.objects.filter(is_management_team=True, state=GroupState.ACTIVE)
    return team.values_list("pk", flat=True).first()


def ask(
    document: Document, *, by: Caller, title: str, text: str, cause: str, origin: str, origin_id: int,
    group_id: int | None, person: Person | None = None,
) -> Task | None:  # fmt: skip
    """The task, when there is a group or a person for it, and the doubt. Must run inside a transaction."""
    task = None
    if group_id is not None or person is not None:
        task = Task.objects.create(
            title=title[:300], text=text, item=document.item, group_id=group_id,
            person=None if group_id is not None else person, origin=origin, origin_id=origin_id,
            created_by=by.name[:200],
        )  # fmt: skip
        record("groups.task.created", "task", task.pk, by=by, after={"title": task.title})
    raise_doubt(document, by=by, cause=cause, text=text, task=task)
    return task
