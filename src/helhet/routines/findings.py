"""Work that still comes back for what is no longer used: fills `estate.link_findings`.

Operational tasks whose item, or whose routine, is retired or has left the register, and routines that are for such
items. Judged when asked for: an item that was retired yesterday makes today's finding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.documents.figures import standing
from helhet.documents.models import About, Document
from helhet.estate.link_findings import Asked, Found, LinkFinding, items_of
from helhet.items.models import Presence, State
from helhet.kit.rights import Caller
from helhet.routines.models import OperationalTask
from helhet.routines.operation_words import faults
from helhet.routines.operations import of_groups, tasks_for

TASK, ROUTINE = "task_end", "routine_end"
Row = TypeVar("Row", OperationalTask, About)


def link_findings(asked: Asked, caller: Caller) -> Sequence[Found]:
    """Both sorts, of what the caller may read."""
    tasks, routines = tasks_of_retired(caller), routines_for_retired(caller)
    if asked.source:
        tasks, routines = tasks.none(), routines.none()
    if asked.group is not None:
        own = Q(group__isnull=True) & items_of(0, "item_id")
        tasks = tasks.filter(of_groups([asked.group]) if asked.group else own)
        routines = routines.filter(items_of(asked.group, "document__item_id"))
    return [
        Found(TASK, _("Operational tasks for what is retired"), tasks.count(), _lister(tasks, _of_task)),
        Found(ROUTINE, _("Routines for what is retired"), routines.count(), _lister(routines, _of_about)),
    ]


def _gone(column: str) -> Q:
    return Q(**{f"{column}__state": State.RETIRED}) | ~Q(**{f"{column}__presence": Presence.HERE})


def tasks_of_retired(caller: Caller) -> QuerySet[OperationalTask]:
    """The operational tasks that go on although what they are on, or the routine that they follow, is used no more."""
    is_idle = _gone("item") | (Q(routine__isnull=False) & _gone("routine__document__item"))
    return tasks_for(caller).filter(is_idle, ended_on__isnull=True)


def routines_for_retired(caller: Caller) -> QuerySet[About]:
    """What published routines in use are for, where that is used no more."""
    in_use = standing(Document.objects.visible_to(caller).filter(published__isnull=False, routine__isnull=False))
    return About.objects.filter(_gone("item"), document__in=in_use).select_related(
        "item__kind", "document__item__kind", "document__published"
    )


def _lister(rows: QuerySet[Row], told: Callable[[Row], LinkFinding]) -> Callable[[int, int], list[LinkFinding]]:
    return lambda first, last: [told(one) for one in rows.order_by("pk")[first:last]]


def _of_task(task: OperationalTask) -> LinkFinding:
    is_here = task.item.presence == Presence.HERE
    return LinkFinding(
        f"{TASK}-{task.pk}", TASK, _("Operational task for what is retired"),
        _("%(title)s still comes back. %(why)s") % {"title": task.title, "why": " ".join(faults(task))},
        _("End it, or tie it to what took over"), reverse("routines:operation", args=[task.pk]),
        from_item=task.item if is_here else None, from_text="" if is_here else task.title,
        to_text=task.title if is_here else task.item.reference,
    )  # fmt: skip


def _of_about(one: About) -> LinkFinding:
    document, is_here = one.document, one.item.presence == Presence.HERE
    words = _("%(title)s is for %(item)s, which is retired.")
    if not is_here:
        words = _("%(title)s is for %(item)s, which has left the register.")
    assert document.published is not None
    return LinkFinding(
        f"{ROUTINE}-{one.pk}", ROUTINE, _("Routine for what is retired"),
        words % {"title": document.published.title, "item": one.item.name},
        _("Say what it is for now, or withdraw it"), reverse("documents:facts", args=[document.address]),
        from_item=document.item, to_item=one.item if is_here else None, to_text="" if is_here else one.item.reference,
    )  # fmt: skip
