"""Where operational tasks join in: on the pages of items and groups, when a group closes, a person leaves or an item
becomes another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Sort
from helhet.groups.models import Group, GroupState
from helhet.groups.ports import Closing, Hanging, Leaving
from helhet.items.merging import Merging
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller
from helhet.routines.day_list import late_of
from helhet.routines.finding import adopted
from helhet.routines.models import Alert, Occurrence, OccurrenceState, OperationalTask, Routine, Run
from helhet.routines.operation_words import how
from helhet.routines.operations import nexts_of, of_groups, tasks_for
from helhet.routines.permissions import RoutinePermission
from helhet.routines.proving import count_proof

SHOWN = 6


def panel_of_item(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`."""
    if not item.kind.is_listed or not caller.may(RoutinePermission.VIEW):
        return []
    may_make = caller.may(RoutinePermission.TASK_MANAGE, item)
    return [_panel(tasks_for(caller).filter(item=item), {"item": item.reference}, may_make=may_make)]


def panel_of_group(group: Group, caller: Caller) -> Sequence[Panel]:
    """Fills `groups.group_panels`."""
    if not caller.may(RoutinePermission.VIEW) or group.state == GroupState.CLOSED:
        return []
    may_make = caller.may(RoutinePermission.TASK_MANAGE, group)
    found = tasks_for(caller).filter(of_groups([group.pk]))
    return [_panel(found, {"group": group.reference}, may_make=may_make, late=late_of([group.pk], caller))]


def _panel(tasks: QuerySet[OperationalTask], asked: dict[str, str], *, may_make: bool, late: int = 0) -> Panel:
    going_on = tasks.filter(ended_on=None)
    shown = list(going_on[:SHOWN])
    nexts = nexts_of(shown)
    query = urlencode(asked)
    context: dict[str, Any] = {
        "rows": [(one, how(one), nexts[one.pk]) for one in shown], "count": going_on.count(), "late": late,
        "list_url": f"{reverse('routines:operations')}?{query}", "today": timezone.localdate(),
        "new_url": f"{reverse('routines:operation_new')}?{query}" if may_make else "",
        "day_url": f"{reverse('routines:day')}?{urlencode({'who': asked.get('group', 'all')})}",
    }  # fmt: skip
    return Panel("routines/_operations_of.html", context, order=70)


def hanging(group: Group) -> list[Hanging]:
    """Fills `groups.hanging`: the tasks that are the group's own; those of what it answers for follow the answers."""
    own = OperationalTask.objects.filter(group=group, ended_on=None).count()
    return [Hanging(_("Operational tasks"), own, f"{reverse('routines:operations')}?group={group.reference}")]


def follow(closing: Closing) -> None:
    """Participant of `groups.closing`: tasks of its own follow to the group that takes over; without one they go back
    to the group of their item.
    """
    for task in OperationalTask.objects.select_for_update().filter(group=closing.group, ended_on=None):
        task.group = closing.to
        task.version += 1
        task.save(update_fields=["group", "version"])
        record(
            "routines.operational_task.changed", "operational_task", task.pk, by=closing.by,
            before={"group": closing.group.name}, after={"group": closing.to.name if closing.to else None},
        )  # fmt: skip


def let_go(leaving: Leaving) -> None:
    """Participant of `groups.person_leaving`: what the person always does, and has taken, is the group's again."""
    for task in OperationalTask.objects.select_for_update().filter(person=leaving.person, ended_on=None):
        task.person = None
        task.version += 1
        task.save(update_fields=["person", "version"])
        record(
            "routines.operational_task.changed", "operational_task", task.pk, by=leaving.by, reason=leaving.reason,
            before={"person": leaving.person.name}, after={"person": None},
        )  # fmt: skip
    Occurrence.objects.filter(person=leaving.person, state=OccurrenceState.OPEN).update(person=None)


MOVED: tuple[tuple[str, Any], ...] = (("operational_tasks", OperationalTask), ("runs", Run), ("alerts", Alert))
"""What follows its item, by the name under which its numbers are kept."""


def on_merged(merging: Merging) -> dict[str, Any]:
    """Fills `items.merged`: tasks, runs and alerts of the item that goes follow to the one that stays; where both are
    routines, also those of the routine that goes: a run that is under way goes on, with the edition that it has.

    Raises Clash where a routine would become a document that is none.
    """
    moved: dict[str, Any] = {}
    for name, model in MOVED:
        moved[name] = list(model.objects.filter(item=merging.gone).values_list("pk", flat=True))
        model.objects.filter(pk__in=moved[name]).update(item=merging.kept)
    gone, kept = (Routine.objects.filter(document__item=one, document__part="") for one in (merging.gone, merging.kept))
    stays = Document.objects.filter(item=merging.kept, part="").first()
    if (goes := gone.first()) is not None and stays is not None and stays.pk != goes.pk:
        if stays.sort != Sort.ROUTINE and not kept.exists():
            raise Clash(
                _("%(gone)s is a routine, %(kept)s is none.") % {"gone": merging.gone, "kept": merging.kept},
                todo=_("Merge it with a routine, or make the other document one by its sort."), field="gone",
            )  # fmt: skip
        adopted(kept.first() or Routine(document=stays))
        for name, model in MOVED:
            moved[f"routine_{name}"] = list(model.objects.filter(routine=goes).values_list("pk", flat=True))
            model.objects.filter(pk__in=moved[f"routine_{name}"]).update(routine_id=stays.pk)
        moved["routine"], moved["routine_kept"] = goes.pk, stays.pk
        _count_both(moved)
    return moved


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """Fills `items.split`. What has been given to another item or routine since stays there."""
    for name, model in MOVED:
        model.objects.filter(pk__in=moved.get(name, ()), item=merging.kept).update(item=merging.gone)
        if "routine" in moved:
            rows = model.objects.filter(pk__in=moved[f"routine_{name}"], routine_id=moved["routine_kept"])
            rows.update(routine_id=moved["routine"])
    if "routine" in moved:
        _count_both(moved)


def _count_both(moved: dict[str, Any]) -> None:
    # In one order, so that two who merge and split at once do not wait for each other.
    for number in sorted((moved["routine"], moved["routine_kept"])):
        count_proof(number)
