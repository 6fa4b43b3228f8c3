"""Finding one routine or run by what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from helhet.documents.models import Document, Sort
from helhet.items.filters import reference_parts
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import NotFound
from helhet.routines.models import Routine, Run
from helhet.routines.permissions import RoutinePermission

if TYPE_CHECKING:
    from helhet.kit.rights import Caller


def find_routine(text: str, caller: Caller, *, for_change: bool = False) -> Routine:
    """The routine with this reference (`RUT-3`) or `source:key`. Raises NotFound, also for one that is not his to read.

    A document of the sort routine that nobody has described as one yet is one too; it is saved when `for_change`,
    which takes its item's row for the transaction.
    """
    caller.require(RoutinePermission.VIEW)
    document = _document(text, caller, for_change=for_change)
    found: Routine | None = getattr(document, "routine", None)
    if document is not None and found is None and document.sort == Sort.ROUTINE:
        found = Routine(document=document)
    if document is None or found is None:
        raise NotFound(
            _("There is no routine %(text)s.") % {"text": text[:100]},
            todo=_("Write a reference such as RUT-3, or search for it."), where=text[:100], field="routine",
        )  # fmt: skip
    found.document = document
    return adopted(found) if for_change else found


def _document(text: str, caller: Caller, *, for_change: bool) -> Document | None:
    """The document of a routine. To read it a reference is one question; its item is looked for apart where that is not
    enough: to change it, or since the item has another name, was merged, or is not there.
    """
    caller.require(ItemPermission.VIEW)
    rows = Document.objects.visible_to(caller).filter(part="").select_related("published", "routine")
    if not for_change and (parts := reference_parts(text)):
        named = rows.filter(item__prefix=parts[0], item__number=parts[1]).select_related("item__kind")
        if (found := named.first()) is not None:
            return found
    item = find_item(text, caller, for_change=for_change)
    found = rows.filter(item=item).first()
    if found is not None:
        found.item = item
    return found


def adopted(routine: Routine) -> Routine:
    """The routine with a row of its own, whoever was first to describe or run it. Must run inside a transaction."""
    if not routine._state.adding:
        return routine
    Routine.objects.bulk_create([Routine(document=routine.document)], ignore_conflicts=True)
    found = Routine.objects.get(pk=routine.document.pk)
    found.document = routine.document
    return found


def find_run(run_id: int, caller: Caller, *, for_change: bool = False) -> Run:
    """The run with this number. Raises NotFound. `for_change` takes its row for the transaction."""
    caller.require(RoutinePermission.VIEW)
    rows = Run.objects.visible_to(caller).filter(pk=run_id)
    if for_change:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("routine__document__item__kind", "of_version", "item__kind", "group__item").first()
    if found is None:
        raise NotFound(
            _("There is no run %(number)s.") % {"number": run_id}, todo=_("See the list of runs."), where=str(run_id)
        )
    return found
