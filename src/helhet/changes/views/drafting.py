"""Drafting a change and altering what it says."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from helhet.changes import actions
from helhet.changes.finding import find_change
from helhet.changes.forms_changes import ChangeForm, of_change
from helhet.changes.models import ChangeType
from helhet.changes.permissions import ChangePermission
from helhet.changes.views.asking import GET_POST, one_form
from helhet.kit.web import Request, page


@page(ChangePermission.DRAFT, methods=GET_POST)
def change_new(request: Request) -> HttpResponse:
    """Something that is to be altered; `item` in the address names what."""
    caller = request.caller
    start = {name: request.GET.get(name, "")[:300] for name in ("title", "group", "item")}
    start |= {"items": start.pop("item"), "type": ChangeType.NORMAL}
    form = ChangeForm(request.POST or None, initial=start, caller=caller)
    return one_form(
        request, form,
        lambda: actions.draft_change(by=caller, **{**(data := form.values(list(form.fields))),
                                                   "owner": data["owner"] or None}),
        title=_("Draft a change"), submit=_("Draft it"), said=_("The change is drafted. Nobody has been asked yet."),
        says=_("When it is drafted you see whom it touches. You ask them when you are ready."),
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=GET_POST)
def change_edit(request: Request, reference: str) -> HttpResponse:
    """Alter what a change says."""
    caller = request.caller
    found = find_change(reference, caller)
    caller.require(ChangePermission.CHANGE, found)
    form = ChangeForm(request.POST or None, initial=of_change(found), caller=caller, change=found)
    return one_form(
        request, form,
        lambda: actions.change_change(
            reference, by=caller, version=form.cleaned_data["version"], **form.values(list(form.wanted()))
        ),
        title=found.name, said=_("Saved."), change=found, with_undo=True,
        current=lambda: of_change(find_change(reference, caller)),
        says="" if found.state == "draft" else _(
            "Type, group, items and time are what the groups were asked about. Take it back to draft to alter them."
        ),
    )  # fmt: skip
