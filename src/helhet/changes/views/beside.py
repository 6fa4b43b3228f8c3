"""What people tell of a change besides: marks on its impact, its order among others, incidents that it caused."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helhet.changes import actions
from helhet.changes.finding import find_change
from helhet.changes.forms_changes import IncidentForm, MarkForm, OrderForm
from helhet.changes.models import Change
from helhet.changes.permissions import ChangePermission
from helhet.changes.views.asking import GET_POST, POST, one_form, undo_url
from helhet.groups.views.pages import version_of
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


def _mine(request: Request, reference: str) -> Change:
    found = find_change(reference, request.caller)
    request.caller.require(ChangePermission.CHANGE, found)
    return found


@page(ChangePermission.VIEW, methods=GET_POST)
def mark_new(request: Request, reference: str) -> HttpResponse:
    """An item is also hit, or is not."""
    found = _mine(request, reference)
    form = MarkForm(request.POST or None, initial={"version": found.version, "item": request.GET.get("item", "")[:300]})
    return one_form(
        request, form,
        lambda: actions.mark_impact(
            reference, form.cleaned_data["item"], by=request.caller, version=form.cleaned_data["version"],
            is_hit=form.cleaned_data["is_hit"] == "yes", reason=form.cleaned_data["reason"],
        ),
        title=_("Mark what is hit"), submit=_("Mark it"), said=_("The mark stands; what is hit is computed anew."),
        says=_("You know better than the dependencies. The mark stays when they change."), change=found,
        current=lambda: {"version": find_change(reference, request.caller).version}, with_undo=True,
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def mark_removal(request: Request, reference: str) -> HttpResponse:
    """What the dependencies say counts again."""
    actions.clear_mark(reference, request.POST.get("item", ""), by=request.caller, version=version_of(request))
    return _back(request, reference, _("The mark is taken away."))


@page(ChangePermission.VIEW, methods=GET_POST)
def order_new(request: Request, reference: str) -> HttpResponse:
    """The change waits for another."""
    found = _mine(request, reference)
    form = OrderForm(request.POST or None)
    return one_form(
        request, form, lambda: actions.put_after(reference, by=request.caller, **form.cleaned_data), change=found,
        title=_("What must be finished first?"), submit=_("Let it wait"), said=_("The order is kept."),
        with_undo=True,
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def order_removal(request: Request, reference: str) -> HttpResponse:
    """The change waits no longer."""
    actions.end_order(reference, request.POST.get("before", ""), by=request.caller)
    return _back(request, reference, _("It waits no longer."))


@page(ChangePermission.VIEW, methods=GET_POST)
def incident_new(request: Request, reference: str) -> HttpResponse:
    """An incident that the change caused."""
    found = _mine(request, reference)
    form = IncidentForm(request.POST or None)
    return one_form(
        request, form, lambda: actions.tell_consequence(reference, by=request.caller, **form.cleaned_data),
        change=found, title=_("Which incident did it cause?"), submit=_("Tie it"),
        said=_("The incident is tied to it."), with_undo=True,
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def incident_removal(request: Request, reference: str) -> HttpResponse:
    """The change did not cause it."""
    actions.end_consequence(reference, request.POST.get("incident", ""), by=request.caller)
    return _back(request, reference, _("The incident is untied."))


def _back(request: Request, reference: str, said: str) -> HttpResponse:
    found = find_change(reference, request.caller)
    toast(request, said, undo_url=undo_url(found))
    return redirect(found.get_absolute_url())


@page(ChangePermission.VIEW, methods=POST)
def undoing(request: Request, reference: str, event_id: int) -> HttpResponse:
    """Take back what was done with it last."""
    actions.undo_event(reference, event_id, by=request.caller)
    toast(request, _("It is taken back."))
    return redirect(find_change(reference, request.caller).get_absolute_url())
