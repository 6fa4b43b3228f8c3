"""What a failed run or a reader's report makes: a task of those who answer for the routine, and a doubt of its text."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.documents.doubting import raise_doubt
from helhet.documents.models import Document
from helhet.groups.actions import create_task
from helhet.groups.models import Group, GroupState, Person, Task
from helhet.kit.rights import Caller


def answerer(document: Document, *more: int | None) -> Group | None:
    """The group that is to look at it: its own, else the first of `more`, else the management team; none is closed."""
    going_on = Group.objects.exclude(state=GroupState.CLOSED).select_related("item__kind")
    for group_id in (document.answering_group_id, *more):
        if group_id is not None and (found := going_on.filter(pk=group_id).first()) is not None:
            return found
    return going_on.filter(is_management_team=True, state=GroupState.ACTIVE).first()


def ask(
    document: Document, *, by: Caller, title: str, text: str, cause: str, origin: str, origin_id: int,
    group: Group | None, person: Person | None = None,
) -> Task | None:  # fmt: skip
    """The task, when there is a group or a person for it, and the doubt. Must run inside a transaction.

    Tasks are read by everybody: what is said of a routine for few stands with its doubt alone.
    """
    task = None
    is_open = document.audiences.filter(is_open=True).exists()
    if group is None and person is not None and person.ended_on is not None:
        person = None
    if group is not None or person is not None:
        task = create_task(
            by=by, title=title[:300], text=text if is_open else _("What was said stands with the doubts of the text."),
            group=group.reference if group else "", person=person.pk if person and not group else None,
            item=document.item.reference, origin=origin, origin_id=origin_id,
        )  # fmt: skip
    if document.published_id is not None:
        raise_doubt(document, by=by, cause=cause, text=text, task=task)
    return task
