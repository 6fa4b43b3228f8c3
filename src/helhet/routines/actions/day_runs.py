"""Running a routine from the day list."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.groups.models import Person
from helhet.items.models import Item
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller
from helhet.routines.actions.occurrences import write_occurrence
from helhet.routines.actions.runs import begin_run, gone_on_with
from helhet.routines.finding import find_routine
from helhet.routines.models import OccurrenceState, Run, RunOrigin
from helhet.routines.operations import find_occurrence
from helhet.routines.permissions import RoutinePermission


@transaction.atomic
def run_occurrence(number: int, *, by: Caller, key: str) -> Run:
    """Begin a run of its routine; when that ends it is done. Sent again with the same key it is the same run."""
    found = find_occurrence(number, by, for_change=True)
    by.require(RoutinePermission.TASK_DO, found)
    if found.state != OccurrenceState.OPEN:
        raise Clash(_("It is closed already."), todo=_("Reopen it first."))
    if found.task.routine is None:
        raise Clash(_("The operational task has no routine."), todo=_("Say that it is done, or give it a routine."))
    if found.run is not None and not found.run.outcome:
        return gone_on_with(found.run, by)
    routine = find_routine(found.task.routine.document.item.reference, by, for_change=True)
    on = Item.objects.visible_to(by).filter(pk=found.task.item_id).first()
    run = begin_run(routine, by=by, key=key, item=on, origin=RunOrigin.DAY, origin_id=found.pk)
    wanted: dict[str, Any] = {"run": run}
    if found.person_id is None and by.person_id is not None:
        wanted["person"] = Person.objects.get(pk=by.person_id)
    write_occurrence(found, "begun", by, wanted)
    return run
