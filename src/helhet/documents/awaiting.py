"""Who has a draft before him: the group while it waits for an answer, then its writer with what was answered.

Tasks are read by everybody: they name the document as the register does, and tell nothing of what is written.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override

from helhet.documents import asking
from helhet.documents.models import Document, Draft
from helhet.groups.actions import create_task, finish_task
from helhet.groups.models import Person, Task, TaskState
from helhet.items.models import Item
from helhet.kit.rights import Caller, the_system

ANSWER, ANSWERED, REPORTED = "draft_answer", "draft_answered", "report"
SYSTEM = the_system("helhet")


def ask_for_answer(document: Document, *, asked_by: int | None) -> None:
    """A draft is submitted: a task of the group that answers, in place of what was asked or told before. `asked_by` is
    the user who submitted it, where he may not answer it himself.
    """
    end_waiting(document)
    group = Item.objects.filter(pk=document.answering_group_id or 0).first()
    if group is None:
        return
    with override(settings.LANGUAGE_CODE):
        create_task(
            by=SYSTEM, title=_("Answer the draft of %(document)s") % _named(document), group=group.reference,
            text=_("It is submitted. Read it, and say yes or what has to be altered."),
            item=document.item.reference, origin=ANSWER, origin_id=document.pk,
            asked_by=asked_by,
        )  # fmt: skip


def tell_writer(document: Document, draft: Draft, by: Caller, *, is_yes: bool) -> None:
    """A draft is approved or sent back: a task of its first writer who is still here, else of the group."""
    end_waiting(document)
    writers = [one for one in draft.writer_ids if one != by.user_id]
    persons = {one.user_id: one for one in Person.objects.filter(user_id__in=writers, ended_on__isnull=True)}
    person = next((persons[one] for one in writers if one in persons), None)
    group = Item.objects.filter(pk=document.answering_group_id or 0).first()
    if person is None and (group is None or (is_yes and not writers)):
        return
    with override(settings.LANGUAGE_CODE):
        create_task(
            by=SYSTEM, person=person.pk if person else None, group="" if person or group is None else group.reference,
            title=(_("Publish the draft of %(document)s: it is approved") if is_yes
                   else _("Mend the draft of %(document)s: it was sent back")) % _named(document),
            text="" if is_yes else _("What has to be altered stands with the draft."),
            item=document.item.reference, origin=ANSWERED, origin_id=document.pk,
        )  # fmt: skip


def end_waiting(document: Document) -> None:
    """The draft is altered, answered, published or gone: nobody has it before him as it was."""
    waiting = Task.objects.filter(origin__in=(ANSWER, ANSWERED), origin_id=document.pk, state=TaskState.OPEN)
    for task in waiting:
        with override(settings.LANGUAGE_CODE):
            finish_task(task.pk, by=SYSTEM, version=task.version, outcome=_("The draft has gone on."))


def place_of_task(task: Task, caller: Caller) -> str:
    """Fills `groups.task_places`: the document that a task is of, or the group's documents that need a check."""
    if task.origin == asking.ORIGIN and task.group is not None:
        asked = urlencode({"filter": f"group:{task.group.reference}", "state": "check"})
        return f"{reverse('documents:documents')}?{asked}"
    if task.origin not in {ANSWER, ANSWERED, REPORTED}:
        return ""
    found = Document.objects.visible_to(caller).filter(pk=task.origin_id or 0).select_related("item").first()
    return reverse("documents:document", args=[found.address]) if found is not None else ""


def _named(document: Document) -> dict[str, str]:
    return {"document": f"{document.item.name[:150]} ({document.address})"}
